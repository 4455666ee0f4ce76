// Indexes, manifests and the descriptors in them (OCI image-spec, descriptor.md, image-index.md,
// manifest.md; Docker image manifest version 2, schema 2).
//
// An index may be empty or `null` (moby#47210). A document that could be read as both an index and
// a manifest is refused, as image-spec 1.1 wants it (CVE-2021-41190): two programs would see two
// different images in it.

#include "oci_documents.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "json_values.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/search.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;
using nlohmann::json;

struct Algorithm {
  std::string_view name;
  std::size_t digits;
};
constexpr std::array kAlgorithms{Algorithm{"sha256", 64}, Algorithm{"sha512", 128}};
constexpr std::string_view kBlobFolder = "blobs/";

bool is_lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_digest(std::string_view algorithm, std::string_view digits) {
  const Algorithm* known = core::find_where(
      kAlgorithms, [&](const Algorithm& candidate) { return candidate.name == algorithm; });
  return known != nullptr && digits.size() == known->digits && is_lower_hex(digits);
}

/// containerd writes the whole name, and as OCI's ref.name the tag alone; others have only that.
std::vector<std::string> names_of(const json& annotations) {
  std::vector<std::string> names;
  for (const char* key : {"io.containerd.image.name", "org.opencontainers.image.ref.name"}) {
    std::string name = text_of(member(annotations, key));
    if (!name.empty() && !core::contains(names, name)) names.push_back(std::move(name));
  }
  return names;
}

Descriptor descriptor_of(const json& value) {
  const json& annotations = member(value, "annotations");
  const json& size = member(value, "size");
  Descriptor descriptor;
  descriptor.media_type = text_of(member(value, "mediaType"));
  descriptor.digest = text_of(member(value, "digest"));
  if (size.is_number_unsigned()) descriptor.size = size.get<std::uint64_t>();
  descriptor.platform = platform_of(member(value, "platform"));
  descriptor.names = names_of(annotations);
  descriptor.is_attestation =
      descriptor.platform == "unknown/unknown" ||
      text_of(member(annotations, "vnd.docker.reference.type")) == "attestation-manifest";
  return descriptor;
}

core::Result<std::vector<Descriptor>> descriptors_of(const json& list, std::size_t limit,
                                                     const char* reason, const char* what) {
  std::vector<Descriptor> descriptors;
  if (list.is_null()) return descriptors;
  if (!list.is_array())
    return core::fail(ErrorCode::malformed, "index-invalid", std::string(what) + " is not a list");
  if (list.size() > limit)
    return core::fail(ErrorCode::limit_exceeded, reason,
                      "has " + std::to_string(list.size()) + " " + what + "; at most " +
                          std::to_string(limit) + " are read");
  for (const json& item : list) descriptors.push_back(descriptor_of(item));
  return descriptors;
}

core::Result<OciDocument> parse_index(const json& value) {
  auto manifests = descriptors_of(member(value, "manifests"), core::limits::kMaxIndexEntries,
                                  "too-many-manifests", "manifests");
  if (!manifests) return tl::make_unexpected(manifests.error());
  return OciIndex{std::move(*manifests)};
}

core::Result<OciDocument> parse_manifest(const json& value) {
  auto layers = descriptors_of(member(value, "layers"), core::limits::kMaxLayers, "too-many-layers",
                               "layers");
  if (!layers) return tl::make_unexpected(layers.error());
  return OciManifest{descriptor_of(member(value, "config")), std::move(*layers)};
}

}  // namespace

core::Result<OciDocument> parse_oci_document(std::string_view text) {
  const auto value = parse_json(text, "index-invalid");
  if (!value) return tl::make_unexpected(value.error());
  if (!value->is_object())
    return core::fail(ErrorCode::malformed, "index-invalid", "neither an index nor a manifest");
  const bool is_index = value->contains("manifests");
  const bool is_manifest = value->contains("layers") || value->contains("config");
  if (is_index == is_manifest)
    return core::fail(ErrorCode::malformed, "index-invalid",
                      is_index ? "both an index and a manifest: which one is not to be known"
                               : "neither an index nor a manifest");
  return is_index ? parse_index(*value) : parse_manifest(*value);
}

DocumentKind document_kind(std::string_view media_type) {
  if (media_type.empty()) return DocumentKind::unsaid;
  if (media_type == "application/vnd.oci.image.index.v1+json" ||
      media_type == "application/vnd.docker.distribution.manifest.list.v2+json")
    return DocumentKind::index;
  if (media_type == "application/vnd.oci.image.manifest.v1+json" ||
      media_type == "application/vnd.docker.distribution.manifest.v2+json")
    return DocumentKind::manifest;
  return DocumentKind::other;
}

bool is_image_config(std::string_view media_type) {
  return media_type.empty() || media_type == "application/vnd.oci.image.config.v1+json" ||
         media_type == "application/vnd.docker.container.image.v1+json";
}

bool is_foreign_layer(std::string_view media_type) {
  return media_type.starts_with("application/vnd.oci.image.layer.nondistributable.") ||
         media_type.starts_with("application/vnd.docker.image.rootfs.foreign.");
}

std::optional<std::string> blob_path(std::string_view digest) {
  const std::size_t colon = digest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string algorithm(digest.substr(0, colon));
  const std::string digits(digest.substr(colon + 1));
  if (!is_digest(algorithm, digits)) return std::nullopt;
  return std::string(kBlobFolder) + algorithm + "/" + digits;
}

std::string digest_of_path(std::string_view path) {
  if (!path.starts_with(kBlobFolder)) return {};
  path.remove_prefix(kBlobFolder.size());
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string algorithm(path.substr(0, slash));
  const std::string digits(path.substr(slash + 1));
  return is_digest(algorithm, digits) ? algorithm + ":" + digits : std::string();
}

}  // namespace muslcheck::source
