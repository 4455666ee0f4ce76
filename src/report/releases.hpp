#pragma once
/// What is said about several releases (--target all).

#include <vector>

#include "muslcheck/model/report.hpp"
#include "report/layout.hpp"

namespace muslcheck::report {

/// The modules of the matrix that fail everywhere, or on some releases and not on others; the
/// latter first, because there the release matters.
[[nodiscard]] std::vector<const model::ModuleReleases*> matrix_in_order(
    const model::Report& report);

/// Nothing for a single target. `verbose`: all modules of the matrix, not only the first.
void write_releases(Page& page, const model::Report& report, bool verbose);

}  // namespace muslcheck::report
