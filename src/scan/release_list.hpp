#pragma once
/// --target with several releases: "all", or a list as "3.20,3.22".

#include <string>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::scan {

/// The releases that are asked for ("3.20"), oldest first and each once; empty if `target` names
/// one release or none. Errors: usage "unknown-target", also for an empty name in a list.
[[nodiscard]] core::Result<std::vector<std::string>> read_release_list(const std::string& target,
                                                                       const rules::RuleSet& rules);

/// What is left of a list on one architecture.
struct ReleaseList {
  std::vector<std::string> releases;  ///< oldest first
  std::string how;  ///< "the newest of --target all; 3.12 to 3.19 are left out: no riscv64"
};

/// If no release has the architecture, the newest stays: it is an error whoever asks for it.
[[nodiscard]] ReleaseList releases_with_arch(const std::vector<std::string>& releases,
                                             const std::string& target, const std::string& arch,
                                             const rules::RuleSet& rules);

}  // namespace muslcheck::scan
