#pragma once
/// Images as manifest.json or index.json list them, before one is chosen, and the choice.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/source/source.hpp"

namespace muslcheck::source {

/// A file of an image: where it is and what it must be.
struct BlobRef {
  std::string path;    ///< in the archive or folder; empty if the digest is none
  std::string digest;  ///< "sha256:..." of the bytes as stored; empty if it is not said
  std::optional<std::uint64_t> size;
  std::string media_type;
  bool operator==(const BlobRef&) const = default;
};

/// One image for one platform.
struct ListedImage {
  std::size_t group = 0;             ///< images of one group are one image for several platforms
  std::vector<std::string> names;    ///< the first stands for it in messages
  std::vector<std::string> digests;  ///< by which it can be named: of index, manifest, config
  std::string platform;              ///< "linux/amd64"; empty if the list does not say
  BlobRef config;
  std::vector<BlobRef> layers;         ///< lowest first
  std::optional<core::Error> failure;  ///< why nothing more is known about it
  bool operator==(const ListedImage&) const = default;
};

/// What a message calls an image: a name, else a digest, else the path of its configuration.
[[nodiscard]] std::string label_of(const ListedImage& image);

/// True if the user may call the image so: one of its names, with or without Docker's default
/// registry and tag, or the start of a digest.
[[nodiscard]] bool is_called(const ListedImage& image, std::string_view wanted);

/// The places in the list of the one image that is wanted, for all its platforms. Errors: usage
/// ("several-images", "image-not-found"), both naming what there is.
[[nodiscard]] core::Result<std::vector<std::size_t>> find_image(
    const std::vector<ListedImage>& list, std::string_view wanted);

/// Which of these platforms is to be read: the one wanted; else the only one; else the host's.
/// Errors: usage ("several-platforms", "platform-not-found"), and the failure of an image that can
/// not be opened.
[[nodiscard]] core::Result<std::size_t> choose_platform(const std::vector<ListedImage>& list,
                                                        const std::vector<std::size_t>& places,
                                                        std::string_view wanted,
                                                        std::string_view host);

/// The platform of the machine that this program was built for.
[[nodiscard]] std::string_view host_platform();

/// What manifest.json and index.json contradict each other in; nothing if they agree or if the
/// index does not say. `image` was chosen from `docker`, the list of manifest.json.
[[nodiscard]] std::optional<std::string> find_disagreement(const ListedImage& image,
                                                           const std::vector<ListedImage>& docker,
                                                           const std::vector<ListedImage>& oci);

}  // namespace muslcheck::source
