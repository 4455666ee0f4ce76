#pragma once
/// Which commands and interpreters the image calls that do not move with it.

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/script.hpp"

namespace muslcheck::migrate {

struct CalledCommands {
  std::vector<model::Script> scripts;       ///< sorted by path
  std::vector<model::CommandUse> commands;  ///< by phase, in the order in which they are found
  std::set<std::string, std::less<>> installed;  ///< by the build, with its names for them
};

/// Nothing for an image that is made of musl already.
[[nodiscard]] CalledCommands find_called_commands(const ImageFacts& image,
                                                  const model::TargetInfo& target,
                                                  const rules::RuleSet& rules);

}  // namespace muslcheck::migrate
