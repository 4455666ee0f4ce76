#pragma once
/// What .NET's deps.json and runtimeconfig.json say.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "muslcheck/core/result.hpp"

namespace muslcheck::packages {

/// One library of a deps.json, as its runtime target has it.
struct DepsLibrary {
  std::string name;
  std::string version;
  std::string type;                       ///< "package", "project", "runtimepack"; lower case
  std::vector<std::string> dependencies;  ///< names
  /// Native files for whatever runs it, where the host looks: relative to the application's folder.
  std::vector<std::string> native;
  /// Native files for one RID each: RID and path relative to the application's folder.
  std::vector<std::pair<std::string, std::string>> native_for_rid;
  bool operator==(const DepsLibrary&) const = default;
};

struct DepsFile {
  std::string rid;  ///< that the application was published for; empty: a portable one
  std::vector<DepsLibrary> libraries;
};

/// The libraries of the target that deps.json names as its runtimeTarget. Fails with the reason for
/// what is no such file.
[[nodiscard]] core::Result<DepsFile> parse_deps_json(std::string_view text);

/// What is used of NAME.runtimeconfig.json.
struct RuntimeConfig {
  int major = 0;                ///< of Microsoft.NETCore.App; 0: not said
  bool self_contained = false;  ///< the runtime is in the application's folder
  bool rid_graph = false;       ///< System.Runtime.Loader.UseRidGraph
  bool invariant = false;       ///< System.Globalization.Invariant
  bool operator==(const RuntimeConfig&) const = default;
};

[[nodiscard]] core::Result<RuntimeConfig> parse_runtime_config(std::string_view text);

}  // namespace muslcheck::packages
