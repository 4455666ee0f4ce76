#pragma once
/// The part of the table about what the user knows already: ignore file and baseline.

#include "muslcheck/model/report.hpp"
#include "report/layout.hpp"

namespace muslcheck::report {

/// Nothing if there is neither.
void write_accepted(Page& page, const model::Report& report, bool verbose);

/// A note about the ignore file is nothing that could not be examined.
[[nodiscard]] bool is_about_ignore_file(const model::Problem& problem);

}  // namespace muslcheck::report
