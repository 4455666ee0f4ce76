echo '{"profileVersion": 1, "provenance": "by hand", "name": "x", "arch": "x86_64", "musl": "1.2.5",
  "symbols": [{"name": "open", "type": "function", "binding": "strong"}], "libraries": []}' > mine.json
mkdir app
