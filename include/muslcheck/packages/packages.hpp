#pragma once
/// Which packages the image holds and which of them owns a path.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/model/package.hpp"
#include "muslcheck/model/problem.hpp"

namespace muslcheck::packages {

/// Packages sorted by ecosystem, name, version, path.
struct PackageIndex {
  std::vector<model::Package> packages;
  /// Files that a database lists, by in-image real path: index into `packages`.
  std::map<std::string, std::size_t, std::less<>> files;
  /// Directories that belong to a package as a whole (node_modules/NAME), by in-image path.
  std::map<std::string, std::size_t, std::less<>> directories;
  std::vector<model::Problem> problems;

  /// The package that owns a file: by database first, else the nearest directory above it.
  [[nodiscard]] std::optional<std::size_t> owner(std::string_view path) const;
};

/// Reads every package database of the tree.
[[nodiscard]] PackageIndex identify_packages(const filesystem::FileTree& tree);

}  // namespace muslcheck::packages
