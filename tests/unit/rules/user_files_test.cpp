// Files that users write: what to ignore, and options that are always given.

#include <string>

#include "muslcheck/rules/ignore_file.hpp"
#include "muslcheck/rules/settings_file.hpp"
#include "support/catch.hpp"

using namespace muslcheck;

namespace {

std::string ignore_complaint(const std::string& text) {
  const auto parsed = rules::parse_ignore_file("i.json", text);
  return parsed ? "valid" : core::describe(parsed.error());
}

std::string settings_complaint(const std::string& text) {
  const auto parsed = rules::parse_settings("c.json", text);
  return parsed ? "valid" : core::describe(parsed.error());
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an ignore file is a list of entries") {
  const auto parsed = rules::parse_ignore_file(
      "i.json", R"({"ignore": [{"rule": "MC104", "path": "/app/**", "purl": "pkg:npm/x*",
                    "reason": "seen", "expires": "2026-12-31"},
                   {"path": "opt/*", "reason": "unused"}]})");
  REQUIRE(parsed);
  CHECK(*parsed == std::vector<model::Suppression>{
                       {"MC104", "app/**", "pkg:npm/x*", "seen", "2026-12-31"},
                       {"", "opt/*", "", "unused", ""}});
  CHECK(rules::parse_ignore_file("i.json", R"({"ignore": []})")->empty());
}

TEST_CASE("an entry needs a reason and a pattern") {
  CHECK(has(ignore_complaint(R"({"ignore": [{"rule": "MC104"}]})"),
            "i.json: /ignore/0/reason: is missing"));
  CHECK(has(ignore_complaint(R"({"ignore": [{"rule": "MC104", "reason": ""}]})"),
            "/ignore/0/reason: must be a text that is not empty"));
  CHECK(has(ignore_complaint(R"({"ignore": [{"reason": "because"}]})"),
            "needs a rule, a path or a purl"));
  CHECK(has(ignore_complaint(R"({"ignore": [{"path": "", "reason": "x"}]})"), "/ignore/0/path"));
}

TEST_CASE("what is misspelt in an ignore file is named by file and pointer") {
  CHECK(has(ignore_complaint(R"({"ignore": [{"rule": "a", "reason": "x"},
                                            {"rule": "a", "reason": "x", "expire": "2026"}]})"),
            "i.json: /ignore/1/expire: unknown field"));
  CHECK(has(ignore_complaint(R"({"ignored": []})"), "i.json: /ignored: unknown field"));
  for (const char* date : {"2026", "2026-13-01", "2026-00-01", "2026-01-32", "2026-1-1",
                           "2026/01/01", "2026-01-01T00", "soon"})
    CHECK(has(ignore_complaint(std::string(R"({"ignore": [{"rule": "a", "reason": "x",
                               "expires": ")") + date + "\"}]}"),
              "/ignore/0/expires: must be a date"));
}

TEST_CASE("what is no ignore file is refused") {
  for (const std::string& text : {std::string(), std::string("[]"), std::string("{"),
                                  std::string("{}"), std::string(R"({"ignore": {}})"),
                                  std::string(R"({"ignore": [7]})"), std::string(100'000, '['),
                                  std::string("\xff")})
    CHECK(ignore_complaint(text).starts_with("i.json: "));
}

TEST_CASE("an ignore file has a limited number of entries") {
  std::string text = R"({"ignore": [)";
  for (int i = 0; i < 10'001; ++i)
    text += std::string(i == 0 ? "" : ",") + R"({"rule": "a", "reason": "x"})";
  CHECK(has(ignore_complaint(text + "]}"), "more than 10000 entries"));
}

TEST_CASE("settings are options by name") {
  const auto parsed = rules::parse_settings(
      "c.json", R"({"target": "alpine:3.22", "jobs": 4, "strict": true, "quiet": false,
                    "output": ["json=r.json", "r.txt"]})");
  REQUIRE(parsed);
  CHECK(*parsed == std::vector<rules::Setting>{{"jobs", {"4"}},
                                               {"output", {"json=r.json", "r.txt"}},
                                               {"quiet", {}},
                                               {"strict", {"true"}},
                                               {"target", {"alpine:3.22"}}});
}

TEST_CASE("settings that are wrong are named by file and line or pointer") {
  CHECK(has(settings_complaint("{\n\"a\": 1,\n}"), "c.json: line 3: not JSON"));
  CHECK(has(settings_complaint(R"({"a": null})"), "c.json: /a: must be a text"));
  CHECK(has(settings_complaint(R"({"a": -1})"), "/a: "));
  CHECK(has(settings_complaint(R"({"a": [{}]})"), "/a: "));
  CHECK(has(settings_complaint("[]"), "must be an object"));
}
