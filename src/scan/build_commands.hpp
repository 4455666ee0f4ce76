#pragma once
/// What a Dockerfile runs to make the image.

#include <vector>

#include "muslcheck/model/script.hpp"
#include "scan/layer_origins.hpp"

namespace muslcheck::scan {

/// The RUN instructions in shell form of the stages that make the image, in order.
[[nodiscard]] std::vector<model::BuildCommand> find_build_commands(const Build& build);

}  // namespace muslcheck::scan
