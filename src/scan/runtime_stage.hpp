#pragma once
/// What the final stage of an image's build says about the image: what it was built on, and what
/// it starts.

#include <string>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/model/problem.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::scan {

/// The image with the base that the user named ("docker-archive:node.tar"; empty: none). Only the
/// configuration of the base is read. Errors: those of opening it, usage ("base-is-no-image",
/// "base-of-other-platform", "base-not-shared", naming both).
[[nodiscard]] core::Result<model::SourceInfo> with_given_base(model::SourceInfo image,
                                                              const std::string& base_reference);

/// Adds the base, if none was given, and the programs that a container starts. Returns what is
/// wrong with the latter.
[[nodiscard]] std::vector<model::Problem> add_runtime_stage(model::SourceInfo& image,
                                                            const filesystem::FileTree& tree,
                                                            const rules::RuleSet& rules);

}  // namespace muslcheck::scan
