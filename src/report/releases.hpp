#pragma once
/// The part of the table about several releases (--target all).

#include "muslcheck/model/report.hpp"
#include "report/layout.hpp"

namespace muslcheck::report {

/// Nothing for a single target. `verbose`: all modules of the matrix, not only the first.
void write_releases(Page& page, const model::Report& report, bool verbose);

}  // namespace muslcheck::report
