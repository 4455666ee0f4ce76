// Packages carry builds for many machines side by side (prebuilds/linux-arm64, linux-x64-gnu): such
// a file says what its package can serve, not where the application runs. So the files in neutral
// places vote first.

#include "scan/guess_arch.hpp"

#include <algorithm>
#include <map>

#include "muslcheck/model/module.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::scan {
namespace {

bool is_for_another_system(const model::ElfFacts& facts) {
  const model::Libc libc = model::classify_libc(facts).libc;
  return libc == model::Libc::android || libc == model::Libc::bsd;
}

/// Of equally frequent ones the first by name.
std::string most_frequent(const std::map<std::string, int>& counts) {
  return std::max_element(
             counts.begin(), counts.end(),
             [](const auto& left, const auto& right) { return left.second < right.second; })
      ->first;
}

}  // namespace

std::string guess_arch(const filesystem::FileTree& tree, const rules::RuleSet& rules) {
  std::map<std::string, int> neutral;
  std::map<std::string, int> all;
  for (const auto& [path, node] : tree.nodes()) {
    if (node.elf == nullptr || is_for_another_system(*node.elf)) continue;
    const auto arch = target::alpine_arch(*node.elf);
    if (!arch) continue;
    ++all[*arch];
    if (!rules.names_an_architecture(path)) ++neutral[*arch];
  }
  if (!neutral.empty()) return most_frequent(neutral);
  return all.empty() || all.contains(kDefaultArch) ? kDefaultArch : most_frequent(all);
}

core::Result<std::string> arch_of_platform(const std::string& platform) {
  if (const auto arch = target::alpine_arch_of_platform(platform)) return *arch;
  return core::fail(
      core::ErrorCode::usage, "unknown-platform",
      "Alpine has no platform '" + platform + "'; write it as linux/amd64 or linux/arm64");
}

}  // namespace muslcheck::scan
