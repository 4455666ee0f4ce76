// What is new, fixed and unchanged between two reports.

#include <nlohmann/json.hpp>
#include <string>

#include "muslcheck/report/report.hpp"
#include "support/catch.hpp"
#include "unit/report/sample_reports.hpp"

using namespace muslcheck;
using report::compare_reports;
using report::DifferenceFormat;
using report::write_difference;

namespace {

/// Two findings of blocked_report() are gone and one is new.
model::Report later_report() {
  model::Report report = test::blocked_report();
  report.findings.erase(report.findings.begin(), report.findings.begin() + 2);
  report.findings.push_back(test::finding("MC108", "new-thing", model::Severity::error,
                                          "app/<b>|new`.so", "x", "It is *new*."));
  return report;
}

}  // namespace

TEST_CASE("findings are new, fixed or unchanged by their fingerprints") {
  const model::Report before = test::blocked_report();
  const model::Report after = later_report();
  const auto difference = compare_reports(before, after);
  REQUIRE(difference.added.size() == 1);
  CHECK(difference.added[0]->rule_id == "MC108");
  REQUIRE(difference.removed.size() == 2);
  CHECK(difference.removed[0] == &before.findings[0]);
  CHECK(difference.unchanged.size() == after.findings.size() - 1);
}

TEST_CASE("another layer, version or message is the same finding") {
  const model::Report before = test::blocked_report();
  model::Report after = before;
  for (model::Finding& finding : after.findings) {
    finding.layer = 0;
    finding.message += " Again.";
    finding.package += ".1";
  }
  const auto difference = compare_reports(before, after);
  CHECK(difference.added.empty());
  CHECK(difference.removed.empty());
}

TEST_CASE("the table of a difference has counts, what is new and what is fixed") {
  const model::Report before = test::blocked_report();
  const model::Report after = later_report();
  const std::string text =
      write_difference(compare_reports(before, after), DifferenceFormat::table, {});
  CHECK(text.starts_with("1 new, 2 fixed, 4 unchanged."));
  CHECK(text.find("error MC108 new-thing: It is *new*.") != std::string::npos);
  CHECK(text.find("Unchanged") == std::string::npos);
}

TEST_CASE("the JSON of a difference lists all three") {
  const model::Report before = test::blocked_report();
  const model::Report after = later_report();
  const auto json = nlohmann::json::parse(
      write_difference(compare_reports(before, after), DifferenceFormat::json, {}));
  CHECK(json["new"].size() == 1);
  CHECK(json["fixed"].size() == 2);
  CHECK(json["unchanged"].size() == 4);
  CHECK(json["new"][0]["ruleId"] == "MC108");
}

TEST_CASE("names cannot be markup in the Markdown of a difference") {
  const model::Report before = test::blocked_report();
  const model::Report after = later_report();
  const std::string text =
      write_difference(compare_reports(before, after), DifferenceFormat::markdown, {});
  CHECK(text.find("app/\\<b\\>\\|new\\`.so") != std::string::npos);
  CHECK(text.find("<b>") == std::string::npos);
}

TEST_CASE("fingerprints are sorted and there once") {
  model::Report report = test::blocked_report();
  const std::size_t count = report.findings.size();
  report.findings.push_back(report.findings.front());
  const auto fingerprints = report::fingerprints_of(report);
  CHECK(fingerprints.size() == count);
  CHECK(std::is_sorted(fingerprints.begin(), fingerprints.end()));
}
