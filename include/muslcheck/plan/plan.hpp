#pragma once
/// From findings to one list of things to do.

#include <vector>

#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/report.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::plan {

/// apk packages, commands and Dockerfile lines, each once, in a stable order.
[[nodiscard]] model::Plan make_plan(const migrate::Migration& migration,
                                    const std::vector<model::Finding>& findings,
                                    const rules::RuleSet& rules);

/// ready: nothing fails; changes: everything that fails has a known remedy; blocked: something
/// has none.
[[nodiscard]] model::Verdict decide_verdict(const std::vector<model::Finding>& findings);

}  // namespace muslcheck::plan
