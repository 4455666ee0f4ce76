#pragma once
/// Module against release: what the same image does on several releases of Alpine.

#include <map>
#include <string>
#include <vector>

#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/report.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::scan {

/// A module on one release.
struct ModuleResult {
  model::ReleaseOutcome outcome;
  std::string reason;  ///< why it does not load: the first text, and how many more; may be empty
};

/// What is kept of a scan for one release.
struct ReleaseResult {
  model::ReleaseVerdict verdict;
  std::map<std::string, ModuleResult> modules;  ///< payload modules by path
};

[[nodiscard]] ReleaseResult summarise_release(const migrate::Migration& migration,
                                              const std::vector<model::Finding>& findings,
                                              const rules::RuleSet& rules);

/// `results`: oldest release first. A module that moves on some of the releases only counts as
/// loading on the others, where nobody opens it.
[[nodiscard]] std::vector<model::ModuleReleases> make_matrix(
    const std::vector<ReleaseResult>& results);

/// On which releases a module loads: "from 3.20 on", "up to 3.18", "on 3.19", "on all",
/// "up to 3.18 and from 3.24 on", "on none".
[[nodiscard]] std::string describe_releases(const std::vector<model::ReleaseOutcome>& outcomes);

}  // namespace muslcheck::scan
