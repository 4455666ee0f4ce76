#pragma once
/// The ordered list of things to do.

#include <string>
#include <vector>

#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/report.hpp"

namespace muslcheck::plan {

/// Base, apk, install, rebuild, change, check, blocked: in this order, and each thing once. `image`
/// is the new base and may be empty.
[[nodiscard]] std::vector<model::PlanStep> make_steps(const std::vector<model::Finding>& findings,
                                                      const std::vector<std::string>& apk,
                                                      const std::string& image);

}  // namespace muslcheck::plan
