// The JSON that images are described with: manifest.json, index.json, manifests, configurations.
// All of it comes from whoever made the image.

#include "json_values.hpp"

#include <nlohmann/json.hpp>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::source {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxDepth = 16;

}  // namespace

core::Result<json> parse_json(std::string_view text, const char* reason) {
  json value;
  try {
    value = json::parse(core::shallow_json(text, kMaxDepth));
  } catch (const json::exception& error) {
    return core::fail(core::ErrorCode::malformed, reason, core::json_complaint(error.what()));
  }
  return value;
}

const json& member(const json& value, const char* key) {
  static const json nothing;
  if (!value.is_object()) return nothing;
  const auto found = value.find(key);
  return found == value.end() ? nothing : *found;
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::vector<std::string> texts_of(const json& value) {
  if (value.is_string()) return {value.get<std::string>()};
  std::vector<std::string> texts;
  if (!value.is_array()) return texts;
  for (const json& item : value)
    if (item.is_string()) texts.push_back(item.get<std::string>());
  return texts;
}

std::map<std::string, std::string> text_map_of(const json& value) {
  std::map<std::string, std::string> texts;
  if (!value.is_object()) return texts;
  for (const auto& [key, item] : value.items())
    if (item.is_string()) texts.emplace(key, item.get<std::string>());
  return texts;
}

std::string platform_of(const json& value) {
  const std::string os = text_of(member(value, "os"));
  const std::string architecture = text_of(member(value, "architecture"));
  const std::string variant = text_of(member(value, "variant"));
  if (os.empty() || architecture.empty()) return {};
  if (os.size() + architecture.size() + variant.size() > core::limits::kMaxPlatform) return {};
  const bool has_variant = !variant.empty() && architecture != "arm64";
  return os + "/" + architecture + (has_variant ? "/" + variant : "");
}

}  // namespace muslcheck::source
