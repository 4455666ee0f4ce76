#include "muslcheck/plan/plan.hpp"

#include "muslcheck/core/search.hpp"
#include "support/catch.hpp"

namespace muslcheck {
namespace {

using model::Finding;
using model::Severity;
using model::Verdict;

Finding make_finding(Severity severity, std::string remedy_kind, std::string subject = {},
                     std::string command = {}) {
  Finding finding;
  finding.severity = severity;
  finding.subject = std::move(subject);
  finding.remedy = {.kind = std::move(remedy_kind), .text = {}, .command = std::move(command)};
  return finding;
}

}  // namespace

TEST_CASE("the verdict follows from severities and remedies") {
  struct Row {
    const char* name;
    std::vector<Finding> findings;
    Verdict verdict;
  };
  const std::vector<Row> rows{
      {"nothing found", {}, Verdict::ready},
      {"notes only", {make_finding(Severity::note, "stay")}, Verdict::ready},
      {"something could not be examined",
       {make_finding(Severity::warning, "inspect")},
       Verdict::ready},
      {"an apk package to add", {make_finding(Severity::warning, "apk")}, Verdict::changes},
      {"a failing module with a remedy",
       {make_finding(Severity::error, "reinstall")},
       Verdict::changes},
      {"a failing module without one", {make_finding(Severity::error, "stay")}, Verdict::blocked},
      {"a warning without remedy does not block",
       {make_finding(Severity::warning, "stay")},
       Verdict::changes},
      {"one blocker among others",
       {make_finding(Severity::error, "rebuild"), make_finding(Severity::error, "stay")},
       Verdict::blocked},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(plan::decide_verdict(row.findings) == row.verdict);
  }
}

TEST_CASE("packages are those of the command, whatever the finding is about") {
  const model::Plan plan = plan::make_plan({
      make_finding(Severity::error, "apk", "curl of a script", "apk add --no-cache curl"),
      make_finding(Severity::warning, "apk", "certificates",
                   "apk add --no-cache ca-certificates && update-ca-certificates"),
      make_finding(Severity::warning, "apk", "libgcc"),
  });
  CHECK(plan.apk == std::vector<std::string>{"ca-certificates", "curl", "libgcc"});
}

TEST_CASE("the plan names each apk package and command once") {
  const model::Plan plan = plan::make_plan({
      make_finding(Severity::warning, "apk", "libgcc libstdc++", "apk add libgcc libstdc++"),
      make_finding(Severity::warning, "apk", "libstdc++", "apk add libstdc++"),
      make_finding(Severity::error, "reinstall", "x", "npm install sharp"),
      make_finding(Severity::error, "reinstall", "y", "npm install sharp"),
      make_finding(Severity::error, "stay", "z", ""),
  });
  CHECK(plan.apk == std::vector<std::string>{"libgcc", "libstdc++"});
  CHECK(plan.commands == std::vector<std::string>{"npm install sharp"});
}

TEST_CASE("an empty image needs no plan") {
  const model::Plan plan = plan::make_plan({});
  CHECK(plan.apk.empty());
  CHECK(plan.commands.empty());
  CHECK(plan.dockerfile.empty());
}

TEST_CASE("steps are in the order in which to do them") {
  std::vector<Finding> findings{
      make_finding(Severity::error, "stay", "x"),
      make_finding(Severity::error, "rebuild", "a"),
      make_finding(Severity::error, "rebuild", "b"),
      make_finding(Severity::error, "reinstall", "c", "npm install sharp"),
      make_finding(Severity::warning, "reinstall", "d", "npm install sharp"),
      make_finding(Severity::warning, "apk", "libstdc++", "apk add libstdc++"),
      make_finding(Severity::note, "inspect", "e"),
      make_finding(Severity::warning, "replace", "f"),
  };
  for (Finding& finding : findings) {
    finding.rule_id = "MC10" + std::to_string(finding.subject.size());
    finding.path = finding.subject;
  }
  findings[3].package = "pkg:npm/%40img/sharp-linux-x64@0.33.5?arch=x64";
  findings[3].rule_id = "MC199";
  const auto steps = plan::make_plan(findings, "node:20-alpine").steps;
  std::vector<std::string> kinds;
  for (const model::PlanStep& step : steps) kinds.push_back(step.kind);
  CHECK(kinds == std::vector<std::string>{"base", "apk", "install", "rebuild", "change", "check",
                                          "blocked"});
  CHECK(steps[0].command == "FROM node:20-alpine");
  CHECK(steps[1].command == "apk add --no-cache libstdc++");
  CHECK(steps[1].rules == std::vector<std::string>{"MC109"});
  CHECK(steps[2].command == "npm install sharp");
  CHECK(steps[2].text == "install for musl: @img/sharp-linux-x64, d");
  CHECK(steps[2].rules == std::vector<std::string>{"MC101", "MC199"});
  CHECK(steps[2].packages == std::vector<std::string>{findings[3].package});
  CHECK(steps[3].text == "build for musl: a, b");
  CHECK(steps[6].text == "nothing is known to help: x");
}

TEST_CASE("what a note or a hint advises to install is a step of its own") {
  std::vector<Finding> findings{
      make_finding(Severity::note, "apk", "tzdata", "apk add --no-cache tzdata"),
      make_finding(Severity::warning, "apk", "icu-libs", "apk add --no-cache icu-libs"),
      make_finding(Severity::note, "apk", "icu-libs", "apk add --no-cache icu-libs"),
      make_finding(Severity::error, "apk", "bash", "apk add --no-cache bash"),
  };
  findings[0].rule_id = "MC412";
  findings[1].confidence = model::Confidence::hint;
  const model::Plan plan = plan::make_plan(findings);
  CHECK(plan.apk == std::vector<std::string>{"bash"});
  REQUIRE(plan.steps.size() == 2);
  CHECK(plan.steps[0].command == "apk add --no-cache bash");
  CHECK(plan.steps[1].kind == "check");
  CHECK(plan.steps[1].text == "add if the application needs it");
  CHECK(plan.steps[1].command == "apk add --no-cache icu-libs tzdata");
  CHECK(core::contains(plan.steps[1].rules, "MC412"));
}

TEST_CASE("a step names a few and says that there are more") {
  std::vector<Finding> findings;
  for (char name = 'a'; name < 'k'; ++name)
    findings.push_back(make_finding(Severity::error, "rebuild", std::string(1, name)));
  const auto steps = plan::make_plan(findings).steps;
  REQUIRE(steps.size() == 1);
  CHECK(steps[0].text == "build for musl: a, b, c, d, e, f and more");
}

}  // namespace muslcheck
