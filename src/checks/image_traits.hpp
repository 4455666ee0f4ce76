#pragma once
/// MC4xx: what the image as a whole relies on and the target does differently.

#include <vector>

#include "checks/cause.hpp"
#include "muslcheck/model/finding.hpp"

namespace muslcheck::checks {

/// One finding per check that holds, whatever the number of modules that it is about.
[[nodiscard]] std::vector<model::Finding> find_image_traits(const Context& context);

}  // namespace muslcheck::checks
