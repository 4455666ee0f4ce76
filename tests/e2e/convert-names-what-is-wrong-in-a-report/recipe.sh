sed "s/\"verdict\": \"blocked\"/\"verdict\": \"maybe\"/" "$SOURCE_DIR/tests/unit/report/golden/blocked.json" > report.json
