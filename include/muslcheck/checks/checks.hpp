#pragma once
/// Pure functions from a Migration to findings. They never open files.

#include <string>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/finding.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::checks {

/// The kinds of check that the code implements, sorted.
[[nodiscard]] const std::vector<std::string>& known_kinds();

/// Refuses rules of a kind that the code does not implement: they would silently do nothing.
/// Errors: bad_data ("unknown-check-kind").
[[nodiscard]] core::Result<void> require_known_kinds(const rules::RuleSet& rules);

/// All findings, sorted by path, rule, subject: one per module and cause.
[[nodiscard]] std::vector<model::Finding> run_checks(const migrate::Migration& migration,
                                                     const rules::RuleSet& rules);

}  // namespace muslcheck::checks
