cp "$SOURCE_DIR/tests/unit/report/golden/blocked.json" old.json
# Later the sharp package was cured, and another function is called.
python3 - <<"END"
import json
report = json.load(open("old.json"))
report["findings"] = [finding for finding in report["findings"] if "sharp" not in finding["path"]]
report["findings"][0]["subject"] = "changed"
report["findings"][0]["fingerprint"] = "0" * 64
json.dump(report, open("new.json", "w"))
END
