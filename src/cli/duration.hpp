#pragma once
/// Times as people write them in options.

#include <chrono>
#include <string_view>

#include "muslcheck/core/result.hpp"

namespace muslcheck::cli {

/// "90s", "5m", "1h30m", "500ms": numbers with units h, m, s and ms, one after the other, together
/// more than nothing and at most 1000 hours. Anything else is a usage error ("bad-duration").
[[nodiscard]] core::Result<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace muslcheck::cli
