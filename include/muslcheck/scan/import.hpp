#pragma once
/// From a real musl system or an Alpine package index to the profile of a target.

#include <string>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/problem.hpp"
#include "muslcheck/rules/rules.hpp"
#include "muslcheck/rules/target_profile.hpp"

namespace muslcheck::scan {

struct ImportOptions {
  /// As for a scan (an image, dir:ROOT), or the file APKINDEX or APKINDEX.tar.gz.
  std::string source;
  std::string platform;  ///< "linux/arm64"; empty: decided by the source
  std::string image;     ///< which image of an archive; empty: the only one
  int jobs = 0;          ///< threads and ELF workers; 0: one per processor
};

struct ImportedTarget {
  rules::TargetProfile profile;
  std::vector<model::Problem> problems;  ///< what could not be read and is not in the profile
};

/// Errors: those of opening and reading the source; unsupported ("no-musl-system", "other-arch"),
/// malformed ("index-without-release", ...).
[[nodiscard]] core::Result<ImportedTarget> import_target(const ImportOptions& options,
                                                         const rules::RuleSet& rules);

}  // namespace muslcheck::scan
