#pragma once
/// Values of the JSON files of an image, taken without trusting their types: what has the wrong
/// type counts as absent.

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"

namespace muslcheck::source {

/// Parses a file of an image. What lies deeper than anything these files have is dropped before
/// parsing, so that hostile nesting costs nothing. Error: malformed with this reason.
[[nodiscard]] core::Result<nlohmann::json> parse_json(std::string_view text, const char* reason);

/// The member of an object; null if there is none.
[[nodiscard]] const nlohmann::json& member(const nlohmann::json& value, const char* key);

[[nodiscard]] std::string text_of(const nlohmann::json& value);

/// The strings of an array. One string alone counts as an array of it, as in Docker's own parser.
[[nodiscard]] std::vector<std::string> texts_of(const nlohmann::json& value);

[[nodiscard]] std::map<std::string, std::string> text_map_of(const nlohmann::json& value);

/// "linux/amd64", "linux/arm/v7" from the members os, architecture and variant; empty if unknown
/// or longer than any platform is.
/// arm64 has one variant only, which nobody writes.
[[nodiscard]] std::string platform_of(const nlohmann::json& value);

}  // namespace muslcheck::source
