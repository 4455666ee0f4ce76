cp "$SOURCE_DIR/tests/unit/report/golden/blocked.json" old.json
# Later the sharp package was cured, and another program came.
python3 - <<"END"
import json
report = json.load(open("old.json"))
report["findings"] = [finding for finding in report["findings"] if "sharp" not in finding["path"]]
report["findings"][0]["path"] = "app/bin/other-tool"
report["findings"][0]["fingerprint"] = "0" * 64
json.dump(report, open("new.json", "w"))
END
