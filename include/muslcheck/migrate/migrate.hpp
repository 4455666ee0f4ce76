#pragma once
/// Moves the image in its head: decides what is payload, lays it over the target and runs the
/// loader model for each module in its host.

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/model/module.hpp"
#include "muslcheck/model/package.hpp"
#include "muslcheck/model/problem.hpp"
#include "muslcheck/model/script.hpp"
#include "muslcheck/packages/packages.hpp"
#include "muslcheck/rules/rules.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::migrate {

/// The image with all that earlier steps found out. References outlive the call.
struct ImageFacts {
  const model::SourceInfo& source;
  const filesystem::FileTree& tree;
  const packages::PackageIndex& packages;
  /// The files of the target, over which the payload is laid; null: only what Target knows of it.
  const filesystem::FileTree* target_files = nullptr;
  /// What a Dockerfile's last stage runs; null: no Dockerfile is given.
  const std::vector<model::BuildCommand>* build = nullptr;
  /// Whether the modules that fail are judged with gcompat as well, which takes two more runs.
  bool ask_gcompat = true;
};

/// The files of the image that a glob of a check matches, replaced ones too.
struct MatchedFiles {
  std::vector<std::string>
      paths;  ///< the first kMaxMatchedFiles, sorted; links as "PATH -> TARGET"
  std::uint64_t count = 0;
  int layer = 0;  ///< of the first
  bool operator==(const MatchedFiles&) const = default;
};

struct Migration {
  model::SourceInfo source;
  model::TargetInfo target;
  std::vector<model::Package> packages;
  std::vector<model::Module> modules;  ///< sorted by path
  std::vector<model::Problem> problems;
  /// By glob, for all globs of checks that match anything.
  std::map<std::string, MatchedFiles, std::less<>> files = {};
  /// "NAME=value" of what the .NET applications of the image set for their runtime.
  std::vector<std::string> settings = {};
  bool musl_system = false;  ///< the image's own distribution has musl as its libc
  std::vector<model::Script> scripts = {};       ///< whose interpreter does not move; by path
  std::vector<model::CommandUse> commands = {};  ///< of commands that do not move; by phase
  /// Packages that the Dockerfile installs, by the names that it has for them.
  std::set<std::string, std::less<>> build_packages = {};
};

/// A pure function over its arguments.
[[nodiscard]] Migration migrate(const ImageFacts& image, const target::Target& target,
                                const rules::RuleSet& rules);

}  // namespace muslcheck::migrate
