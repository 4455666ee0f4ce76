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
#include "muslcheck/model/vendors.hpp"

namespace muslcheck::packages {

/// What a package.json says about where the package's native code is.
struct NpmDelivery {
  std::vector<std::string> dependencies;           ///< names, sorted; optional ones are not in it
  std::vector<std::string> optional_dependencies;  ///< names, sorted: platform packages are here
  /// `binary` of node-pre-gyp: "./lib/binding/napi-v{napi_build_version}-{platform}-{libc}-{arch}".
  std::string module_path;
  int napi_rs = 0;  ///< the napi-rs whose generated loader it has: 2 or newer; 0: none
  bool operator==(const NpmDelivery&) const = default;
};

/// A published .NET application, by its NAME.deps.json and NAME.runtimeconfig.json.
struct DotnetApp {
  std::string name;             ///< the NAME of those files: NAME.dll is what runs
  std::string folder;           ///< in-image path
  std::string rid;              ///< that it was published for; empty: a portable application
  int major = 0;                ///< of the .NET that it asks for; 0: not known
  bool self_contained = false;  ///< the runtime is in its folder
  bool rid_graph = false;       ///< the host reads the RID graph, as before .NET 8
  bool invariant = false;       ///< it does without the data of cultures (ICU)
  bool operator==(const DotnetApp&) const = default;
};

/// The native files of a NuGet package in an application, by in-image path.
struct NugetDelivery {
  DotnetApp app;
  bool is_application = false;      ///< the package is the application itself
  bool is_runtime = false;          ///< a runtime pack: .NET itself
  std::vector<std::string> native;  ///< for whatever the application was published for
  /// By RID, as deps.json lists them: they need not be there.
  std::map<std::string, std::vector<std::string>> native_for_rid;
  bool operator==(const NugetDelivery&) const = default;
};

/// Packages sorted by ecosystem, name, version, path; programs that name themselves come last.
struct PackageIndex {
  std::vector<model::Package> packages;
  /// Files that a database lists, by in-image real path: index into `packages`.
  std::map<std::string, std::size_t, std::less<>> files;
  /// Directories that belong to a package as a whole (node_modules/NAME), by in-image path.
  std::map<std::string, std::size_t, std::less<>> directories;
  /// Of the npm packages that say anything about it: index into `packages`.
  std::map<std::size_t, NpmDelivery> npm;
  /// Which of them name a package among their optional dependencies, by its name.
  std::map<std::string, std::vector<std::size_t>, std::less<>> npm_optional_dependents;
  /// Of the NuGet packages that have native files: index into `packages`.
  std::map<std::size_t, NugetDelivery> nuget;
  std::vector<model::Problem> problems;
  /// The layer of a glibc that lies where distributions have it, in an image where no database says
  /// which files are theirs: it was deleted, or never copied along with the libraries.
  std::optional<int> unowned_libc_layer;

  /// The package that owns a file: by database first, else the nearest directory above it.
  [[nodiscard]] std::optional<std::size_t> owner(std::string_view path) const;
};

/// Reads every package database of the tree. Whose packages are the distribution's hangs on
/// `vendors`; without them on the packages alone.
[[nodiscard]] PackageIndex identify_packages(const filesystem::FileTree& tree,
                                             const model::KnownVendors& vendors = {});

}  // namespace muslcheck::packages
