#pragma once

#include "muslcheck/model/report.hpp"
#include "report/layout.hpp"

namespace muslcheck::report {

/// What the new base replaces and how that was decided. Nothing if it replaces nothing. `verbose`:
/// also the packages by name.
void write_replaced(Page& page, const model::Report& report, bool verbose);

}  // namespace muslcheck::report
