#pragma once
/// What a real musl system has, as the profile of a target.

#include <string>

#include "muslcheck/core/result.hpp"
#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/packages/packages.hpp"
#include "muslcheck/rules/rules.hpp"
#include "muslcheck/rules/target_profile.hpp"

namespace muslcheck::scan {

/// `arch`: which of several loaders counts; empty: the first by name. `provenance`: what the tree
/// is from. Errors: unsupported ("no-musl-system", "other-arch", "musl-unreadable").
[[nodiscard]] core::Result<rules::TargetProfile> measure_target(
    const filesystem::FileTree& tree, const packages::PackageIndex& packages,
    const std::string& arch, const std::string& provenance, const rules::RuleSet& rules);

}  // namespace muslcheck::scan
