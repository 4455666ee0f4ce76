cp "$SOURCE_DIR/tests/unit/report/golden/blocked.json" report.json
