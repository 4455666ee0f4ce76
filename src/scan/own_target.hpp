#pragma once
/// A target that the user brings: a profile (--target FILE.json) or a system (--target-image).

#include <memory>
#include <optional>
#include <string>

#include "muslcheck/core/deadline.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/elf/reader.hpp"
#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/rules/rules.hpp"
#include "muslcheck/rules/target_profile.hpp"
#include "muslcheck/scan/scan.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::scan {

struct OwnTarget {
  target::Target target;
  std::string how;  ///< "read from alpine.json"
  /// The system's files, for --target-image.
  std::unique_ptr<const filesystem::FileTree> tree = nullptr;
};

/// True for "profile:FILE" and "FILE.json".
[[nodiscard]] bool names_profile(const std::string& target);

/// The profile that --target names; nothing if it names none.
[[nodiscard]] core::Result<std::optional<OwnTarget>> read_own_profile(const ScanOptions& options,
                                                                      const rules::RuleSet& rules);

/// A musl system's files and its profile.
struct MeasuredSystem {
  std::unique_ptr<const filesystem::FileTree> tree;
  rules::TargetProfile profile;
};

struct SystemRequest {
  std::string reference;  ///< SOURCE
  std::string platform;
  std::string image;
  std::string arch;  ///< that its loader must be for; empty: any
  int jobs = 1;
  core::Deadline deadline = {};
};

/// The system of --target-image; nothing if the request names none.
[[nodiscard]] core::Result<std::optional<OwnTarget>> read_target_image(const SystemRequest& request,
                                                                       elf::Reader& reader,
                                                                       const rules::RuleSet& rules);

/// An error if the target is for another architecture than the image.
[[nodiscard]] core::Result<void> require_arch(const OwnTarget& target, const std::string& arch);

[[nodiscard]] core::Result<MeasuredSystem> measure_system(const SystemRequest& request,
                                                          elf::Reader& reader,
                                                          const rules::RuleSet& rules);

}  // namespace muslcheck::scan
