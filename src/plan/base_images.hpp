#pragma once
/// Which image a FROM names on Alpine.

#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/plan/dockerfile_patch.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::plan {

/// "docker.io/library/node:20-slim" in parts.
struct ImageReference {
  std::string registry;  ///< as far as it means Docker Hub's library: "docker.io/library/"
  std::string name;      ///< "node"
  std::string tag;
  bool has_digest = false;
};

[[nodiscard]] ImageReference parse_image(std::string_view text,
                                         const rules::DockerfileRules& rules);

/// The tag without the ends that name a distribution.
[[nodiscard]] std::string cut_distribution(std::string_view tag,
                                           const rules::DockerfileRules& rules);

struct ImageChoice {
  bool is_alpine = false;  ///< it is one already
  std::string reference;   ///< what to write; empty if it stays
  /// Where the tag is a variable whose default names a distribution: that variable, and its value.
  std::string variable;
  std::string value;
  const rules::DockerfileImage* image = nullptr;
  bool is_full = false;  ///< the old tag is not a slim one
  std::vector<std::string> notes;
};

/// `written` as in the Dockerfile, `expanded` with its variables replaced, empty if they are not
/// known.
[[nodiscard]] ImageChoice choose_image(const std::string& written, const std::string& expanded,
                                       const rules::RuleSet& rules, const PatchRequest& request);

}  // namespace muslcheck::plan
