#include "muslcheck/plan/plan.hpp"

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

}  // namespace muslcheck
