#pragma once
/// One reader per package database; packages.cpp puts their findings together.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/packages/packages.hpp"

namespace muslcheck::packages {

/// A package with what it owns.
struct Found {
  model::Package package;
  std::vector<std::string> files;  ///< in-image real paths
  bool owns_directory = false;     ///< all below `directory` is the package's
  std::string directory;           ///< in-image path; "" is the root
  /// The file that tells of the package. If another database lists it, that one is right: Debian's
  /// python3-numpy brings the metadata of numpy too. Empty: not asked.
  std::string evidence;
  NpmDelivery delivery;  ///< of npm packages
  NugetDelivery nuget;   ///< of NuGet packages
};

[[nodiscard]] std::vector<Found> find_npm_packages(const filesystem::FileTree& tree,
                                                   std::vector<model::Problem>& problems);
[[nodiscard]] std::vector<Found> find_dpkg_packages(const filesystem::FileTree& tree,
                                                    const model::KnownVendors& vendors,
                                                    std::vector<model::Problem>& problems);
/// The package that is scanned itself, if that is one of the kinds that say so at their root.
[[nodiscard]] std::vector<Found> find_package_file(const filesystem::FileTree& tree,
                                                   std::vector<model::Problem>& problems);
[[nodiscard]] std::vector<Found> find_python_packages(const filesystem::FileTree& tree,
                                                      std::vector<model::Problem>& problems);
[[nodiscard]] std::vector<Found> find_conda_packages(const filesystem::FileTree& tree,
                                                     std::vector<model::Problem>& problems);
/// Packages of Maven in archives; those in archives of a distribution or of another package, too.
[[nodiscard]] std::vector<Found> find_maven_packages(const filesystem::FileTree& tree,
                                                     std::vector<model::Problem>& problems);
[[nodiscard]] std::vector<Found> find_rpm_packages(const filesystem::FileTree& tree,
                                                   const model::KnownVendors& vendors,
                                                   std::vector<model::Problem>& problems);
[[nodiscard]] std::vector<Found> find_apk_packages(const filesystem::FileTree& tree,
                                                   std::vector<model::Problem>& problems);

[[nodiscard]] std::vector<Found> find_gem_packages(const filesystem::FileTree& tree,
                                                   std::vector<model::Problem>& problems);
[[nodiscard]] std::vector<Found> find_composer_packages(const filesystem::FileTree& tree,
                                                        std::vector<model::Problem>& problems);
[[nodiscard]] std::vector<Found> find_nuget_packages(const filesystem::FileTree& tree,
                                                     std::vector<model::Problem>& problems);

/// What the image has at a path, links followed; null if there is no such file or if collect did
/// not keep it.
[[nodiscard]] const std::string* metadata_at(const filesystem::FileTree& tree,
                                             std::string_view path);

/// Go and Rust programs by what their build tools wrote into them.
[[nodiscard]] std::vector<Found> find_programs(const filesystem::FileTree& tree);

}  // namespace muslcheck::packages
