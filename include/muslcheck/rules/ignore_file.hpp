#pragma once
/// The user's own rules: what to set aside, and why.

#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/finding.hpp"

namespace muslcheck::rules {

/// Entries of an ignore file, {"ignore": [{"rule": "MC104", "path": "app/*", "purl": "pkg:npm/x*",
/// "reason": "...", "expires": "2026-12-31"}]}, in their order. Each needs a reason and at least
/// one pattern. Anything else is bad_data with the JSON pointer; `file` is for the error alone.
[[nodiscard]] core::Result<std::vector<model::Suppression>> parse_ignore_file(
    const std::string& file, std::string_view text);

}  // namespace muslcheck::rules
