#pragma once
/// The JSON files of an image saved by `docker save`.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/image.hpp"

namespace muslcheck::source {

/// An image of manifest.json; paths are members of the archive, normalised.
struct DockerImage {
  std::string config;
  std::vector<std::string> tags;  ///< none for an untagged image
  std::vector<std::string> layers;
  std::map<std::string, std::string> media_types;  ///< of layers, by digest, where they are said
  bool operator==(const DockerImage&) const = default;
};

/// The images of manifest.json; none for `null`, which Docker has written, and for an empty list.
/// Errors: malformed ("manifest-invalid"), limit_exceeded ("too-many-manifests",
/// "too-many-layers").
[[nodiscard]] core::Result<std::vector<DockerImage>> parse_docker_manifest(std::string_view json);

/// Fills platform, configuration and layers (digest and history, in the order of the manifest)
/// from an OCI or Docker image configuration. Errors: malformed ("config-invalid",
/// "layer-count-mismatch"); a history that cannot be right is a problem ("history-mismatch").
[[nodiscard]] core::Result<model::SourceInfo> parse_image_config(
    std::string_view json, std::size_t layer_count, std::vector<model::Problem>& problems);

}  // namespace muslcheck::source
