// The report's counts, verdict and plan from what the earlier steps found.

#include "scan/assemble.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "muslcheck/plan/plan.hpp"
#include "muslcheck/scan/scan.hpp"

namespace muslcheck::scan {
namespace {

using model::Disposition;
using model::Outcome;
using model::Severity;

/// Every word with its count, zero included: readers need not ask whether a key is there.
model::Summary summarise(const migrate::Migration& migration, const plan::SievedFindings& sieved) {
  model::Summary summary;
  for (const auto disposition :
       {Disposition::payload, Disposition::replaced, Disposition::inert, Disposition::foreign})
    summary.modules[name_of(disposition)] = 0;
  for (const auto outcome : {Outcome::loads, Outcome::loads_lazily, Outcome::fails_to_load,
                             Outcome::fails_to_start, Outcome::unknown})
    summary.outcomes[name_of(outcome)] = 0;
  for (const auto severity : {Severity::error, Severity::warning, Severity::note})
    summary.findings[name_of(severity)] = 0;

  std::set<std::size_t> packages;
  for (const model::Module& module : migration.modules) {
    ++summary.modules[name_of(module.disposition)];
    if (module.disposition != Disposition::payload) continue;
    ++summary.outcomes[name_of(module.outcome)];
    if (module.package) packages.insert(*module.package);
  }
  for (const model::Finding& finding : sieved.findings) {
    ++summary.findings[name_of(finding.severity)];
    if (finding.baseline) ++summary.baseline;
  }
  summary.suppressed = sieved.suppressed.size();
  summary.packages = packages.size();
  return summary;
}

}  // namespace

model::Report assemble_report(migrate::Migration migration, std::vector<model::Finding> findings,
                              std::optional<model::SizeMath> size, const plan::Accepted& accepted) {
  plan::SievedFindings sieved = plan::sieve_findings(std::move(findings), accepted);
  model::Report report;
  report.tool_version = version();
  report.summary = summarise(migration, sieved);
  report.verdict = plan::decide_verdict(sieved.findings);
  // A folder or a file has no base that another could take the place of.
  const bool is_image = migration.source.kind != "dir" && migration.source.kind != "file";
  report.plan = plan::make_plan(sieved.findings, is_image ? migration.target.image : std::string());
  report.plan.size = std::move(size);
  report.source = std::move(migration.source);
  report.target = std::move(migration.target);
  report.packages = std::move(migration.packages);
  report.modules = std::move(migration.modules);
  report.findings = std::move(sieved.findings);
  report.suppressed = std::move(sieved.suppressed);
  report.problems = std::move(migration.problems);
  report.incomplete = !report.problems.empty();
  // An entry of the ignore file that has expired hides nothing.
  report.problems.insert(report.problems.end(), sieved.problems.begin(), sieved.problems.end());
  std::sort(report.problems.begin(), report.problems.end());
  return report;
}

}  // namespace muslcheck::scan
