// Counts, verdict and completeness of a report.

#include "scan/assemble.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "muslcheck/scan/scan.hpp"
#include "support/catch.hpp"
#include "support/migration_builders.hpp"

using namespace muslcheck;
using model::Disposition;
using model::Outcome;
using model::Severity;
using scan::assemble_report;
using testing::make_migration;
using testing::make_module;

namespace {

using Counts = std::map<std::string, std::uint64_t>;

model::Module module_with(Disposition disposition, Outcome outcome = Outcome::unknown) {
  model::Module module = make_module();
  module.disposition = disposition;
  module.outcome = outcome;
  return module;
}

model::Finding finding_with(Severity severity, std::string remedy = "rebuild") {
  model::Finding finding;
  finding.severity = severity;
  finding.remedy.kind = std::move(remedy);
  return finding;
}

}  // namespace

TEST_CASE("an empty migration has every count, each zero") {
  const auto report = assemble_report(make_migration({}), {});
  CHECK(report.summary.modules ==
        Counts{{"payload", 0}, {"replaced", 0}, {"inert", 0}, {"foreign", 0}});
  CHECK(report.summary.outcomes == Counts{{"loads", 0},
                                          {"loads-lazily", 0},
                                          {"fails-to-load", 0},
                                          {"fails-to-start", 0},
                                          {"unknown", 0}});
  CHECK(report.summary.findings == Counts{{"error", 0}, {"warning", 0}, {"note", 0}});
  CHECK(report.verdict == model::Verdict::ready);
  CHECK_FALSE(report.incomplete);
  CHECK(report.tool_version == scan::version());
}

TEST_CASE("outcomes are counted for the modules that move alone") {
  const auto report =
      assemble_report(make_migration({module_with(Disposition::payload, Outcome::loads),
                                      module_with(Disposition::payload, Outcome::fails_to_load),
                                      module_with(Disposition::replaced, Outcome::loads),
                                      module_with(Disposition::foreign)}),
                      {});
  CHECK(report.summary.modules ==
        Counts{{"payload", 2}, {"replaced", 1}, {"inert", 0}, {"foreign", 1}});
  CHECK(report.summary.outcomes.at("loads") == 1);
  CHECK(report.summary.outcomes.at("fails-to-load") == 1);
  CHECK(report.summary.outcomes.at("unknown") == 0);
}

TEST_CASE("a package counts once, and only if a module of it moves") {
  std::vector<model::Module> modules(4, module_with(Disposition::payload));
  modules[0].package = 0;
  modules[1].package = 0;
  modules[2].package = 2;
  modules[3].package = 1;
  modules[3].disposition = Disposition::replaced;
  CHECK(assemble_report(make_migration(modules), {}).summary.packages == 2);
}

TEST_CASE("findings are counted by severity, and their remedies give verdict and plan") {
  auto apk = finding_with(Severity::warning, "apk");
  apk.subject = "libstdc++";
  const auto report =
      assemble_report(make_migration({}), {finding_with(Severity::error, "stay"), apk, apk});
  CHECK(report.summary.findings == Counts{{"error", 1}, {"warning", 2}, {"note", 0}});
  CHECK(report.verdict == model::Verdict::blocked);
  CHECK(report.plan.apk == std::vector<std::string>{"libstdc++"});
}

TEST_CASE("a problem makes the report incomplete; problems are sorted by path") {
  auto migration = make_migration({});
  migration.problems = {{.path = "b", .stage = "elf", .code = "x", .message = "y"},
                        {.path = "a", .stage = "layer", .code = "x", .message = "y"}};
  const auto report = assemble_report(std::move(migration), {});
  CHECK(report.incomplete);
  REQUIRE(report.problems.size() == 2);
  CHECK(report.problems.front().path == "a");
}
