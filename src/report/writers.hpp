#pragma once
/// The formats for services and other programs, one file each. All of them are pure functions of
/// the report as its JSON has it.

#include <string>
#include <vector>

#include "muslcheck/report/report.hpp"

namespace muslcheck::report {

/// SARIF 2.1.0, for GitHub's code scanning and editors.
[[nodiscard]] std::string write_sarif(const model::Report& report,
                                      const std::vector<RuleText>& rules);

/// GitLab's Code Quality report: the subset of Code Climate's format that it reads.
[[nodiscard]] std::string write_gitlab(const model::Report& report);

/// JUnit XML: a suite per package, a test per module that moves.
[[nodiscard]] std::string write_junit(const model::Report& report);

/// Markdown that fits into a comment on GitHub and GitLab.
[[nodiscard]] std::string write_markdown(const model::Report& report);

/// CycloneDX 1.6 JSON: the packages that native code or findings belong to, with what becomes of
/// them.
[[nodiscard]] std::string write_cyclonedx(const model::Report& report);

}  // namespace muslcheck::report
