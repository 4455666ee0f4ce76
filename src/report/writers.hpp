#pragma once
/// The formats for browsers, services and other programs. All of them are pure functions of
/// the report as its JSON has it.

#include <string>
#include <vector>

#include "muslcheck/report/report.hpp"

namespace muslcheck::report {

/// One HTML page that asks for nothing from anywhere, for people who have no terminal: the verdict,
/// what to do, the size as a picture, and each finding with the chain that leads to it, to filter
/// and to search. It also reads without JavaScript, on paper and in the dark. Names from the image
/// are escaped everywhere.
[[nodiscard]] std::string write_html(const model::Report& report,
                                     const std::vector<RuleText>& rules);

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
