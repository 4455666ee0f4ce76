#pragma once
/// From what a user writes to a release.

#include <string_view>

#include "muslcheck/core/result.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::target {

/// The release meant by "alpine:3.22", "3.22", "alpine:3.22.1", "alpine" or "alpine:latest".
[[nodiscard]] core::Result<const rules::Release*> find_release(const rules::RuleSet& rules,
                                                               std::string_view name);

}  // namespace muslcheck::target
