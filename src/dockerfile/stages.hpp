#pragma once
/// Stages by name and number.

#include <optional>
#include <string>
#include <string_view>

#include "muslcheck/dockerfile/dockerfile.hpp"

namespace muslcheck::dockerfile {

[[nodiscard]] std::string lower_case(std::string_view text);

/// The number that a text of digits alone is. One too large for any Dockerfile is the largest.
[[nodiscard]] std::optional<std::size_t> stage_number(std::string_view text);

/// The last stage of that name (any case) among the first `count`.
[[nodiscard]] std::optional<std::size_t> find_named_stage(const Dockerfile& dockerfile,
                                                          std::string_view name, std::size_t count);

/// The stage that --from names, by name or number; nothing if it is an image.
[[nodiscard]] std::optional<std::size_t> find_source_stage(const Dockerfile& dockerfile,
                                                           std::string_view from);

}  // namespace muslcheck::dockerfile
