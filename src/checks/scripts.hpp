#pragma once
/// MC5xx: scripts, commands and the image's configuration.

#include <vector>

#include "checks/cause.hpp"
#include "muslcheck/model/finding.hpp"

namespace muslcheck::checks {

/// One finding per command, or interpreter, and cause.
[[nodiscard]] std::vector<model::Finding> find_script_findings(const Context& context);

}  // namespace muslcheck::checks
