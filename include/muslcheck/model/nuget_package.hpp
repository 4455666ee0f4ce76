#pragma once
/// What is known about NuGet packages with native code (rules/nuget-packages.tsv).

#include <string>
#include <vector>

namespace muslcheck::model {

/// How a package on nuget.org serves musl.
struct NugetPackage {
  std::string name;                ///< in lower case: NuGet takes every spelling
  std::string musl;                ///< "yes", "no", "unknown"
  std::string first_musl_version;  ///< empty: not known
  std::string basis;               ///< how this is known
  std::string replacement;         ///< package that serves musl instead; empty: none known
  /// File names of the package, for any RID, and the file beside it that its own code opens on
  /// Alpine instead: "librdkafka.so alpine-librdkafka.so".
  std::vector<std::string> files;
  std::string own_file;  ///< "alpine-librdkafka.so"; empty: .NET alone chooses
  std::string note;
  bool operator==(const NugetPackage&) const = default;
};

}  // namespace muslcheck::model
