#pragma once
/// The JSON files of an image saved by `docker save`.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/image.hpp"

namespace muslcheck::source {

/// manifest.json of an archive with one image; paths are members of the archive, normalised.
struct DockerManifest {
  std::string config;
  std::string first_tag;  ///< empty for an untagged image
  std::vector<std::string> layers;
  bool operator==(const DockerManifest&) const = default;
};

/// Errors: malformed ("manifest-invalid", "manifest-empty"), usage ("several-images", which names
/// them).
[[nodiscard]] core::Result<DockerManifest> parse_docker_manifest(std::string_view json);

/// Fills platform, configuration and layers (digest and history, in the order of the manifest)
/// from an OCI or Docker image configuration. Errors: malformed ("config-invalid",
/// "layer-count-mismatch").
[[nodiscard]] core::Result<model::SourceInfo> parse_image_config(std::string_view json,
                                                                 std::size_t layer_count);

}  // namespace muslcheck::source
