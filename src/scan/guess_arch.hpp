#pragma once
/// The architecture of a source that does not say it: a folder or a single file.

#include <string>

#include "muslcheck/core/result.hpp"
#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::scan {

/// Where nothing says better.
inline constexpr const char* kDefaultArch = "x86_64";

/// Alpine's name for the architecture of most ELF files in places that name none; if there are no
/// such files kDefaultArch when there are files for it, else that of most files. Files for another
/// system (Android, BSD) do not count.
[[nodiscard]] std::string guess_arch(const filesystem::FileTree& tree, const rules::RuleSet& rules);

/// Alpine's name for the architecture of a platform that the user named ("linux/arm64"). Error:
/// usage "unknown-platform".
[[nodiscard]] core::Result<std::string> arch_of_platform(const std::string& platform);

}  // namespace muslcheck::scan
