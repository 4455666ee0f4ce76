#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "muslcheck/report/report.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "unit/report/sample_reports.hpp"

namespace {

using muslcheck::report::write_json;
using nlohmann::json;
using namespace muslcheck;

json schema() {
  const std::string path = std::string(MUSLCHECK_SOURCE_DIR) + "/rules/schema/report-1.schema.json";
  return json::parse(test::read_text_file(path));
}

/// All words that name_of() has for an enumeration. A value beyond the last enumerator gives the
/// word of one of them, so the set is complete without a list that could be forgotten.
template <typename Enum>
std::set<std::string> words() {
  std::set<std::string> all;
  for (int value = 0; value < 64; ++value) all.insert(name_of(static_cast<Enum>(value)));
  return all;
}

std::set<std::string> keys(const json& object) {
  std::set<std::string> all;
  for (const auto& [key, value] : object.items()) all.insert(key);
  return all;
}

/// True if `check` holds for a value and everything inside it.
bool every_value(const json& root, const std::function<bool(const json&)>& check) {
  std::vector<const json*> open{&root};
  while (!open.empty()) {
    const json* value = open.back();
    open.pop_back();
    if (!check(*value)) return false;
    if (value->is_structured())
      for (const json& child : *value) open.push_back(&child);
  }
  return true;
}

}  // namespace

TEST_CASE("the JSON of each kind of report stays as it was published") {
  test::check_golden("unit/report/golden/blocked.json", write_json(test::blocked_report()));
  test::check_golden("unit/report/golden/changes.json", write_json(test::changes_report()));
  test::check_golden("unit/report/golden/ready.json", write_json(test::ready_report()));
  test::check_golden("unit/report/golden/empty.json", write_json(test::empty_report()));
  test::check_golden("unit/report/golden/hostile.json", write_json(test::hostile_report()));
}

TEST_CASE("the schema's words are exactly those of the enumerations") {
  const json definitions = schema()["$defs"];
  const auto in_schema = [&](const char* name) {
    return definitions[name]["enum"].get<std::set<std::string>>();
  };
  CHECK(in_schema("libc") == words<model::Libc>());
  CHECK(in_schema("role") == words<model::Role>());
  CHECK(in_schema("disposition") == words<model::Disposition>());
  CHECK(in_schema("outcome") == words<model::Outcome>());
  CHECK(in_schema("confidence") == words<model::Confidence>());
  CHECK(in_schema("severity") == words<model::Severity>());
  CHECK(in_schema("loadErrorKind") == words<model::LoadErrorKind>());
  CHECK(in_schema("librarySource") == words<model::LibrarySource>());
  CHECK(definitions["module"]["properties"]["gcompat"]["properties"]["help"]["enum"]
            .get<std::set<std::string>>() == words<model::GcompatHelp>());
  CHECK(schema()["properties"]["verdict"]["enum"].get<std::set<std::string>>() ==
        words<model::Verdict>());
}

TEST_CASE("the summary counts every word of its enumeration, zeros included") {
  const json summary = json::parse(write_json(test::empty_report()))["summary"];
  CHECK(keys(summary["modules"]) == words<model::Disposition>());
  CHECK(keys(summary["outcomes"]) == words<model::Outcome>());
  CHECK(keys(summary["findings"]) == words<model::Severity>());
  CHECK(summary["outcomes"]["fails-to-load"] == 0);
}

TEST_CASE("keys come in the order of the schema") {
  const auto report = nlohmann::ordered_json::parse(write_json(test::blocked_report()));
  const auto order = nlohmann::ordered_json::parse(test::read_text_file(
      std::string(MUSLCHECK_SOURCE_DIR) + "/rules/schema/report-1.schema.json"));
  const auto in_order = [](const nlohmann::ordered_json& object,
                           const nlohmann::ordered_json& properties) {
    auto property = properties.begin();
    for (const auto& [key, value] : object.items()) {
      while (property != properties.end() && property.key() != key) ++property;
      if (property == properties.end()) return false;
    }
    return true;
  };
  const auto& definitions = order["$defs"];
  CHECK(in_order(report, order["properties"]));
  CHECK(in_order(report["source"], definitions["source"]["properties"]));
  CHECK(in_order(report["target"], definitions["target"]["properties"]));
  CHECK(in_order(report["modules"][1], definitions["module"]["properties"]));
  CHECK(in_order(report["modules"][1]["errors"][1], definitions["loadError"]["properties"]));
  CHECK(in_order(report["modules"][1]["libraries"][1], definitions["library"]["properties"]));
  CHECK(in_order(report["findings"][1], definitions["finding"]["properties"]));
  CHECK(in_order(report["releases"][1], definitions["releaseVerdict"]["properties"]));
  const auto& row = definitions["moduleReleases"]["properties"];
  CHECK(in_order(report["matrix"][1], row));
  CHECK(in_order(report["matrix"][1]["outcomes"][1], row["outcomes"]["items"]["properties"]));
  const auto changes = nlohmann::ordered_json::parse(write_json(test::changes_report()));
  const auto& layer = definitions["source"]["properties"]["layers"]["items"]["properties"];
  CHECK(in_order(changes["source"]["layers"][1], layer));
  CHECK(
      in_order(changes["source"]["layers"][1]["instruction"], layer["instruction"]["properties"]));
}

TEST_CASE("nothing in the JSON is null and what is not known is left out") {
  const json report = json::parse(write_json(test::empty_report()));
  CHECK(every_value(report, [](const json& value) { return !value.is_null(); }));
  CHECK_FALSE(report["source"].contains("digest"));
  CHECK_FALSE(report["source"].contains("platform"));
  CHECK(report["source"]["entrypoint"] == json::array());
  CHECK(report["modules"] == json::array());
  CHECK(report["releases"] == json::array());
  CHECK(report["matrix"] == json::array());
  CHECK(report["suppressed"] == json::array());
  CHECK(report["plan"]["apk"] == json::array());
}

TEST_CASE("the order in which things were found does not show in the JSON") {
  model::Report report = test::blocked_report();
  const std::string expected = write_json(report);
  std::reverse(report.modules.begin(), report.modules.end());
  std::reverse(report.findings.begin(), report.findings.end());
  std::reverse(report.problems.begin(), report.problems.end());
  std::reverse(report.plan.apk.begin(), report.plan.apk.end());
  CHECK(write_json(report) == expected);
}

TEST_CASE("a package index beyond the list leaves the package out") {
  model::Report report = test::changes_report();
  report.modules[0].package = 7;
  CHECK_FALSE(json::parse(write_json(report))["modules"][0].contains("package"));
}

TEST_CASE("places tried are listed for missing libraries only") {
  const json libraries = json::parse(write_json(test::changes_report()))["modules"][0]["libraries"];
  CHECK_FALSE(libraries[0].contains("steps"));
  CHECK(libraries[1]["steps"].size() == 3);
}

TEST_CASE("names that are not UTF-8 become replacement characters, never an exception") {
  model::Report report = test::empty_report();
  report.source.name = "caf\xe9 \xff";
  const json parsed = json::parse(write_json(report));
  CHECK(parsed["source"]["name"] == "caf\xef\xbf\xbd \xef\xbf\xbd");
}

TEST_CASE("the JSON ends with one line feed and is indented by two spaces") {
  const std::string text = write_json(test::empty_report());
  CHECK(text.starts_with("{\n  \"schemaVersion\": \"1.0\""));
  CHECK(text.ends_with("\n}\n"));
}
