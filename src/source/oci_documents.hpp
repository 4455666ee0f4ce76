#pragma once
/// The JSON files of an OCI image layout, and Docker's files of the same shape.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "muslcheck/core/result.hpp"

namespace muslcheck::source {

/// What a media type says about content that an index names.
enum class DocumentKind {
  index,     ///< an index or Docker's manifest list
  manifest,  ///< an image manifest, OCI's or Docker's (schema 2)
  unsaid,    ///< no media type: the content tells
  other,     ///< nothing that leads to an image
};

/// A reference to content by its digest.
struct Descriptor {
  std::string media_type;
  std::string digest;  ///< as written; see blob_path
  std::optional<std::uint64_t> size;
  std::string platform;            ///< "linux/amd64"; empty if it is not said
  std::vector<std::string> names;  ///< of the image it leads to, the fullest first
  bool is_attestation = false;     ///< says something about an image and is none
  bool operator==(const Descriptor&) const = default;
};

struct OciIndex {
  std::vector<Descriptor> manifests;
  bool operator==(const OciIndex&) const = default;
};

struct OciManifest {
  Descriptor config;
  std::vector<Descriptor> layers;
  bool operator==(const OciManifest&) const = default;
};

/// An index or a manifest, told apart by what it has; a media type can lie. Errors: malformed
/// ("index-invalid"), limit_exceeded ("too-many-layers", "too-many-manifests").
using OciDocument = std::variant<OciIndex, OciManifest>;
[[nodiscard]] core::Result<OciDocument> parse_oci_document(std::string_view json);

[[nodiscard]] DocumentKind document_kind(std::string_view media_type);

/// False for the manifests of other things that are kept like images: signatures, charts.
[[nodiscard]] bool is_image_config(std::string_view media_type);

/// True for layers that may be left out of an archive because nobody else may distribute them.
[[nodiscard]] bool is_foreign_layer(std::string_view media_type);

/// "blobs/sha256/HEX" for "sha256:HEX"; nothing for what is no digest, so that nothing else can
/// become a path.
[[nodiscard]] std::optional<std::string> blob_path(std::string_view digest);

/// "sha256:HEX" for "blobs/sha256/HEX"; empty for other paths.
[[nodiscard]] std::string digest_of_path(std::string_view path);

}  // namespace muslcheck::source
