#pragma once
/// What the image would take on the target.

#include "muslcheck/model/report.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::plan {

/// Fills in `after` and `basis` from what was measured: the new base (as it was measured, or
/// between bounds that the basis names), and of the image what moves. The lower bound is a build in
/// several stages, without build tools, caches and development packages; the upper one moves all of
/// them, and counts packages of the old distribution as large as they are now.
void estimate_size(model::SizeMath& size, const model::TargetInfo& target,
                   const rules::RuleSet& rules);

}  // namespace muslcheck::plan
