// manifest.json and the image configuration (Docker image specification 1.2; OCI image-spec,
// config.md). manifest.json is what `docker load` goes by, also in archives of Docker 25 and newer,
// where the same paths lead to blobs/sha256/.
//
// Values of the wrong type are treated as absent, except where the image cannot be read without
// them. What lies deeper than anything these files have is dropped while parsing, so that hostile
// nesting costs nothing.

#include "docker_manifest.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;
using nlohmann::json;

constexpr int kMaxDepth = 16;

core::Result<json> parse_json(std::string_view text, const char* reason) {
  const auto keep = [](int depth, json::parse_event_t, json&) { return depth <= kMaxDepth; };
  json value;
  try {
    value = json::parse(text, keep);
  } catch (const json::exception& error) {
    return core::fail(ErrorCode::malformed, reason, core::json_complaint(error.what()));
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

/// The strings of an array. One string alone counts as an array of it, as in Docker's own parser.
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

tl::unexpected<core::Error> several_images(const json& manifest) {
  constexpr std::size_t kNamed = 5;
  std::vector<std::string> names;
  for (const json& image : manifest) {
    if (names.size() == kNamed) {
      names.emplace_back("...");
      break;
    }
    const auto tags = texts_of(member(image, "RepoTags"));
    const std::string name = tags.empty() ? text_of(member(image, "Config")) : tags.front();
    names.push_back(core::printable(core::shortened(name, 100)));
  }
  return core::fail(ErrorCode::usage, "several-images",
                    "holds " + std::to_string(manifest.size()) + " images (" +
                        core::join(names, ", ") + "); save the one to be scanned alone");
}

/// "linux/amd64", "linux/arm/v7". arm64 has one variant only, which nobody writes.
std::string platform_of(const json& config) {
  const std::string os = text_of(member(config, "os"));
  const std::string architecture = text_of(member(config, "architecture"));
  const std::string variant = text_of(member(config, "variant"));
  if (os.empty() || architecture.empty()) return {};
  const bool has_variant = !variant.empty() && architecture != "arm64";
  return os + "/" + architecture + (has_variant ? "/" + variant : "");
}

model::ImageConfig image_config_of(const json& config) {
  return {.entrypoint = texts_of(member(config, "Entrypoint")),
          .cmd = texts_of(member(config, "Cmd")),
          .env = texts_of(member(config, "Env")),
          .user = text_of(member(config, "User")),
          .working_directory = text_of(member(config, "WorkingDir")),
          .labels = text_map_of(member(config, "Labels")),
          .history = {}};
}

/// All steps, or none if there are too many: half a history would name wrong layers.
std::vector<model::HistoryEntry> history_of(const json& history) {
  std::vector<model::HistoryEntry> entries;
  if (!history.is_array() || history.size() > core::limits::kMaxHistory) return entries;
  for (const json& step : history) {
    const json& empty = member(step, "empty_layer");
    entries.push_back({.created_by = text_of(member(step, "created_by")),
                       .empty_layer = empty.is_boolean() && empty.get<bool>()});
  }
  return entries;
}

/// Steps that changed files, in order, each made one layer; the others say empty_layer.
void add_history(const json& history, std::vector<model::LayerInfo>& layers) {
  if (!history.is_array()) return;
  std::size_t index = 0;
  for (const json& step : history) {
    const json& empty = member(step, "empty_layer");
    if (empty.is_boolean() && empty.get<bool>()) continue;
    if (index == layers.size()) return;
    layers[index++].created_by = text_of(member(step, "created_by"));
  }
}

}  // namespace

core::Result<DockerManifest> parse_docker_manifest(std::string_view text) {
  const auto manifest = parse_json(text, "manifest-invalid");
  if (!manifest) return tl::make_unexpected(manifest.error());
  if (!manifest->is_array())
    return core::fail(ErrorCode::malformed, "manifest-invalid", "not a list of images");
  if (manifest->empty())
    return core::fail(ErrorCode::malformed, "manifest-empty", "the list of images is empty");
  if (manifest->size() > 1) return several_images(*manifest);

  const json& image = manifest->front();
  DockerManifest result;
  const auto tags = texts_of(member(image, "RepoTags"));
  if (!tags.empty()) result.first_tag = tags.front();
  result.config = core::normalize_path(text_of(member(image, "Config")));
  if (result.config.empty())
    return core::fail(ErrorCode::malformed, "manifest-invalid", "the image has no Config");
  const json& layers = member(image, "Layers");
  for (const std::string& layer : texts_of(layers))
    result.layers.push_back(core::normalize_path(layer));
  if (!layers.is_null() && (!layers.is_array() || result.layers.size() != layers.size()))
    return core::fail(ErrorCode::malformed, "manifest-invalid", "Layers is not a list of paths");
  if (result.layers.size() > core::limits::kMaxLayers)
    return core::fail(ErrorCode::limit_exceeded, "too-many-layers",
                      "the image has " + std::to_string(result.layers.size()) +
                          " layers; at most " + std::to_string(core::limits::kMaxLayers) +
                          " are read");
  return result;
}

core::Result<model::SourceInfo> parse_image_config(std::string_view text, std::size_t layer_count) {
  const auto config = parse_json(text, "config-invalid");
  if (!config) return tl::make_unexpected(config.error());
  if (!config->is_object())
    return core::fail(ErrorCode::malformed, "config-invalid", "not an image configuration");
  const auto diff_ids = texts_of(member(member(*config, "rootfs"), "diff_ids"));
  if (!diff_ids.empty() && diff_ids.size() != layer_count)
    return core::fail(ErrorCode::malformed, "layer-count-mismatch",
                      "the configuration names " + std::to_string(diff_ids.size()) +
                          " layers, the manifest " + std::to_string(layer_count));
  model::SourceInfo info;
  info.platform = platform_of(*config);
  info.config = image_config_of(member(*config, "config"));
  info.layers.resize(layer_count);
  for (std::size_t i = 0; i < diff_ids.size(); ++i) info.layers[i].digest = diff_ids[i];
  info.config.history = history_of(member(*config, "history"));
  add_history(member(*config, "history"), info.layers);
  return info;
}

}  // namespace muslcheck::source
