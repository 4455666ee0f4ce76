#pragma once

#include "muslcheck/model/report.hpp"
#include "report/layout.hpp"

namespace muslcheck::report {

/// What to do, as a numbered list, and what the Dockerfile becomes. Nothing if there is nothing to
/// do beyond beginning with the new base.
void write_plan(Page& page, const model::Report& report);

}  // namespace muslcheck::report
