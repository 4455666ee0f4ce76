// manifest.json and the image configuration (Docker image specification 1.2; OCI image-spec,
// config.md). manifest.json is what `docker load` goes by, also in archives of Docker 25 and newer,
// where the same paths lead to blobs/sha256/.
//
// Values of the wrong type are treated as absent, except where the image cannot be read without
// them.

#include "docker_manifest.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "json_values.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;
using nlohmann::json;

/// What manifest.json says about the kinds of its layers: Docker 25 describes all, earlier ones the
/// foreign ones.
std::map<std::string, std::string> media_types_of(const json& sources) {
  std::map<std::string, std::string> types;
  if (!sources.is_object()) return types;
  for (const json& descriptor : sources)
    types[text_of(member(descriptor, "digest"))] = text_of(member(descriptor, "mediaType"));
  return types;
}

tl::unexpected<core::Error> too_many(const char* reason, std::size_t count, const char* what,
                                     std::size_t limit) {
  return core::fail(ErrorCode::limit_exceeded, reason,
                    "has " + std::to_string(count) + " " + what + "; at most " +
                        std::to_string(limit) + " are read");
}

core::Result<DockerImage> parse_docker_image(const json& image) {
  DockerImage result;
  result.tags = texts_of(member(image, "RepoTags"));
  result.config = core::normalize_path(text_of(member(image, "Config")));
  if (result.config.empty())
    return core::fail(ErrorCode::malformed, "manifest-invalid", "the image has no Config");
  const json& layers = member(image, "Layers");
  if (!layers.is_null() && !layers.is_array())
    return core::fail(ErrorCode::malformed, "manifest-invalid", "Layers is not a list of paths");
  if (layers.size() > core::limits::kMaxLayers)
    return too_many("too-many-layers", layers.size(), "layers", core::limits::kMaxLayers);
  for (const std::string& layer : texts_of(layers))
    result.layers.push_back(core::normalize_path(layer));
  if (result.layers.size() != layers.size())
    return core::fail(ErrorCode::malformed, "manifest-invalid", "Layers is not a list of paths");
  result.media_types = media_types_of(member(image, "LayerSources"));
  return result;
}

model::ImageConfig image_config_of(const json& config) {
  return {.entrypoint = texts_of(member(config, "Entrypoint")),
          .cmd = texts_of(member(config, "Cmd")),
          .healthcheck = texts_of(member(member(config, "Healthcheck"), "Test")),
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
std::vector<std::string> layer_steps_of(const json& history) {
  std::vector<std::string> steps;
  if (!history.is_array()) return steps;
  for (const json& step : history) {
    const json& empty = member(step, "empty_layer");
    if (empty.is_boolean() && empty.get<bool>()) continue;
    steps.push_back(text_of(member(step, "created_by")));
  }
  return steps;
}

/// Ascribes the layers to the steps of the history. Of a history that tells of more or fewer
/// layers than there are nobody knows which step made which: then none is ascribed.
void add_history(const json& history, model::SourceInfo& info,
                 std::vector<model::Problem>& problems) {
  const auto steps = layer_steps_of(history);
  if (steps.empty()) return;
  if (steps.size() != info.layers.size()) {
    problems.push_back({.path = {},
                        .stage = "source",
                        .code = "history-mismatch",
                        .message = "the history tells of " + std::to_string(steps.size()) +
                                   " layers and the image has " +
                                   std::to_string(info.layers.size()) +
                                   ": no layer is ascribed to a step"});
    return;
  }
  for (std::size_t i = 0; i < steps.size(); ++i) info.layers[i].created_by = steps[i];
}

}  // namespace

core::Result<std::vector<DockerImage>> parse_docker_manifest(std::string_view text) {
  const auto manifest = parse_json(text, "manifest-invalid");
  if (!manifest) return tl::make_unexpected(manifest.error());
  std::vector<DockerImage> images;
  if (manifest->is_null()) return images;
  if (!manifest->is_array())
    return core::fail(ErrorCode::malformed, "manifest-invalid", "not a list of images");
  if (manifest->size() > core::limits::kMaxIndexEntries)
    return too_many("too-many-manifests", manifest->size(), "images",
                    core::limits::kMaxIndexEntries);
  std::size_t layers = 0;
  for (const json& entry : *manifest) {
    auto image = parse_docker_image(entry);
    if (!image) return tl::make_unexpected(image.error());
    layers += image->layers.size();
    if (layers > core::limits::kMaxListedLayers)
      return too_many("too-many-layers", layers, "layers in all images",
                      core::limits::kMaxListedLayers);
    images.push_back(std::move(*image));
  }
  return images;
}

core::Result<model::SourceInfo> parse_image_config(std::string_view text, std::size_t layer_count,
                                                   std::vector<model::Problem>& problems) {
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
  add_history(member(*config, "history"), info, problems);
  return info;
}

}  // namespace muslcheck::source
