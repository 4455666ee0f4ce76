#pragma once
/// Which stages move to Alpine.

#include <vector>

#include "muslcheck/dockerfile/dockerfile.hpp"
#include "muslcheck/plan/dockerfile_patch.hpp"
#include "plan/base_images.hpp"

namespace muslcheck::plan {

struct StageMove {
  std::size_t root = 0;  ///< the stage whose FROM names the image
  bool moves = false;
  ImageChoice choice;  ///< of the root
};

/// One for each stage.
[[nodiscard]] std::vector<StageMove> move_stages(const dockerfile::Dockerfile& file,
                                                 const rules::RuleSet& rules,
                                                 const PatchRequest& request);

}  // namespace muslcheck::plan
