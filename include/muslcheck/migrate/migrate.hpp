#pragma once
/// Moves the image in its head: decides what is payload, lays it over the target and runs the
/// loader model for each module in its host.

#include <string>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/model/module.hpp"
#include "muslcheck/model/package.hpp"
#include "muslcheck/model/problem.hpp"
#include "muslcheck/packages/packages.hpp"
#include "muslcheck/rules/rules.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::migrate {

/// The image with all that earlier steps found out. References outlive the call.
struct ImageFacts {
  const model::SourceInfo& source;
  const filesystem::FileTree& tree;
  const packages::PackageIndex& packages;
};

struct Migration {
  model::SourceInfo source;
  model::TargetInfo target;
  std::vector<model::Package> packages;
  std::vector<model::Module> modules;  ///< sorted by path
  std::vector<model::Problem> problems;
};

/// A pure function over its arguments.
[[nodiscard]] Migration migrate(const ImageFacts& image, const target::Target& target,
                                const rules::RuleSet& rules);

}  // namespace muslcheck::migrate
