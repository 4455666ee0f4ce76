#pragma once
/// What is said about what the user knows already: ignore file and baseline.

#include <string>
#include <vector>

#include "muslcheck/model/report.hpp"
#include "report/layout.hpp"

namespace muslcheck::report {

/// Findings that are set aside for one reason.
struct SuppressedGroup {
  std::string text;  ///< "2 findings ignored: WHY (until 2026-12-31)"
  std::vector<const model::Finding*> findings;
};

/// All that an ignore file sets aside, by reason. The pointers refer to `report`.
[[nodiscard]] std::vector<SuppressedGroup> group_suppressed(const model::Report& report);

/// "2 of 5 findings in the baseline too"; empty if there are none.
[[nodiscard]] std::string describe_baseline(const model::Report& report);

/// "MC101 missing-loader: app/bin/tool".
[[nodiscard]] std::string describe_briefly(const model::Finding& finding);

/// Nothing if there is neither.
void write_accepted(Page& page, const model::Report& report, bool verbose);

/// A note about the ignore file is nothing that could not be examined.
[[nodiscard]] bool is_about_ignore_file(const model::Problem& problem);

}  // namespace muslcheck::report
