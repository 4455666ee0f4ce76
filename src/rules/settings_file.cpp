// The configuration file. It names options as the command line does, which knows what each takes:
// here is only the form.

#include "muslcheck/rules/settings_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "muslcheck/core/text.hpp"

namespace muslcheck::rules {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 4;

tl::unexpected<core::Error> bad_settings(const std::string& file, std::string message) {
  return core::fail(core::ErrorCode::bad_data, "bad-config-file", std::move(message), file);
}

std::size_t line_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

core::Result<json> parse(const std::string& file, std::string_view text) {
  try {
    return json::parse(core::shallow_json(text, kMaxDepth));
  } catch (const json::parse_error& error) {
    return bad_settings(file, "line " + std::to_string(line_of(text, error.byte)) + ": " +
                                  core::json_complaint(error.what()));
  }
}

/// A text, number or true as one word of the command line.
std::optional<std::string> word_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
  return std::nullopt;
}

std::optional<std::vector<std::string>> values_of(const json& value) {
  if (value.is_boolean())
    return value.get<bool>() ? std::vector<std::string>{"true"} : std::vector<std::string>{};
  const json list = value.is_array() ? value : json::array({value});
  std::vector<std::string> values;
  for (const json& item : list) {
    const auto word = word_of(item);
    if (!word) return std::nullopt;
    values.push_back(*word);
  }
  return values;
}

}  // namespace

core::Result<std::vector<Setting>> parse_settings(const std::string& file, std::string_view text) {
  const auto document = parse(file, text);
  if (!document) return tl::make_unexpected(document.error());
  if (!document->is_object()) return bad_settings(file, "/: must be an object");
  std::vector<Setting> settings;
  for (const auto& [name, value] : document->items()) {
    auto values = values_of(value);
    if (!values)
      return bad_settings(file, "/" + core::shortened(name, 64) +
                                    ": must be a text, a number, true, false or a list of texts");
    settings.push_back({.name = name, .values = std::move(*values)});
  }
  return settings;
}

}  // namespace muslcheck::rules
