#pragma once

#include "muslcheck/model/report.hpp"
#include "report/layout.hpp"

namespace muslcheck::report {

/// What the image takes and what it would take. Nothing if that was not measured. `verbose`: also
/// each layer.
void write_size(Page& page, const model::Report& report, bool verbose);

}  // namespace muslcheck::report
