#pragma once
/// Findings in the order in which people act on them: by package, then by file.

#include <string>
#include <vector>

#include "muslcheck/model/report.hpp"

namespace muslcheck::report {

/// The findings about one file, the worst first.
struct FileGroup {
  std::string name;                       ///< path inside the package, or the whole path
  const model::Module* module = nullptr;  ///< null if the finding is not about an ELF file
  std::vector<const model::Finding*> findings;
};

/// The findings about one package.
struct PackageGroup {
  std::string title;      ///< "sharp@0.34.1 (npm)"; empty for files that belong to no package
  std::string directory;  ///< where the package lies, if its files lie below one directory
  std::vector<std::string> owners;
  std::vector<FileGroup> files;
};

/// All findings of the report: first what keeps the container from starting, then those packages
/// that have the worst finding, then by title.
/// Pointers refer to `report`.
[[nodiscard]] std::vector<PackageGroup> group_findings(const model::Report& report);

}  // namespace muslcheck::report
