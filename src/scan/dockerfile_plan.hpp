#pragma once
/// The Dockerfile of the image, moved to the target.

#include "muslcheck/model/report.hpp"
#include "muslcheck/rules/rules.hpp"
#include "scan/layer_origins.hpp"

namespace muslcheck::scan {

/// Adds the patches and their notes to the plan. `release_given`: the user named the target.
void add_dockerfile_plan(const Build& build, bool release_given, const rules::RuleSet& rules,
                         model::Report& report);

}  // namespace muslcheck::scan
