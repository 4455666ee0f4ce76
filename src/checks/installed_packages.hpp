#pragma once
/// MC516: what somebody installed beside the old base, and what no other finding speaks of.

#include <optional>
#include <vector>

#include "checks/cause.hpp"
#include "muslcheck/model/finding.hpp"

namespace muslcheck::checks {

/// One finding for the image; nothing if no package is left. `others`: all findings that ask for
/// packages, which need not be asked for again.
[[nodiscard]] std::optional<model::Finding> find_installed_packages(
    const Context& context, const std::vector<model::Finding>& others);

}  // namespace muslcheck::checks
