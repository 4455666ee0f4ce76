#pragma once
/// Pure functions from a Migration to findings. They never open files.

#include <string>
#include <vector>

#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/finding.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::checks {

/// The kinds of check that the code implements, sorted.
[[nodiscard]] const std::vector<std::string>& known_kinds();

/// All findings, sorted by path, rule, subject: one per module and cause.
[[nodiscard]] std::vector<model::Finding> run_checks(const migrate::Migration& migration,
                                                     const rules::RuleSet& rules);

}  // namespace muslcheck::checks
