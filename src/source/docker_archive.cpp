// docker-archive: an image as `docker save`, `podman save` and `skopeo copy docker-archive:` write
// it: a tar with manifest.json, an image configuration, and one tar per layer.
//
// The archive is mapped and never copied, unless all of it is compressed (`docker save | gzip`):
// then it is unpacked into memory first, within kMaxArchiveInMemory. What a layer may expand to is
// measured against what really lies on the disk, so that compression within compression gains
// nothing.

#include <algorithm>
#include <optional>
#include <utility>

#include "archive_index.hpp"
#include "docker_manifest.hpp"
#include "host_file.hpp"
#include "layer_entries.hpp"
#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/limits.hpp"
#include "sources.hpp"
#include "tar_reader.hpp"

namespace muslcheck::source {
namespace {

using core::ByteView;
using core::ErrorCode;

/// The bytes of the outer tar and who keeps them.
class ArchiveBytes {
 public:
  static core::Result<ArchiveBytes> open(const std::string& location) {
    auto file = MappedFile::open(location);
    if (!file) return tl::make_unexpected(file.error());
    const auto compression = find_compression(file->bytes());
    if (!compression) return tl::make_unexpected(compression.error());
    if (*compression == Compression::none) return ArchiveBytes(std::move(*file), {});
    auto unpacked = unpack(*compression, file->bytes(), core::limits::kMaxArchiveInMemory);
    if (!unpacked) return tl::make_unexpected(unpacked.error());
    return ArchiveBytes(std::move(*file), std::move(*unpacked));
  }

  [[nodiscard]] bool is_mapped() const { return !unpacked_; }
  [[nodiscard]] ByteView tar() const { return unpacked_ ? ByteView(*unpacked_) : file_.bytes(); }

  [[nodiscard]] core::Result<void> check_unchanged(const std::string& location) const {
    return file_.check_unchanged(location);
  }

  /// Bytes on the disk that a layer of the archive stands for, at most.
  [[nodiscard]] std::uint64_t stored(ByteView layer) const {
    return std::min(layer.size(), file_.bytes().size());
  }

 private:
  ArchiveBytes(MappedFile file, std::optional<std::vector<std::uint8_t>> unpacked)
      : file_(std::move(file)), unpacked_(std::move(unpacked)) {}

  MappedFile file_;
  std::optional<std::vector<std::uint8_t>> unpacked_;
};

/// What the archive says about its image, and where its layers are.
struct Image {
  model::SourceInfo info;
  std::vector<std::string> names;  ///< of the layers in the archive
  std::vector<MemberBytes> layers;
};

class DockerArchiveSource final : public Source {
 public:
  DockerArchiveSource(std::string location, ArchiveBytes archive, Image image)
      : location_(std::move(location)), archive_(std::move(archive)), image_(std::move(image)) {}

  [[nodiscard]] const model::SourceInfo& info() const override { return image_.info; }

  core::Result<LayerReading> read_layer(std::size_t index, const EntryVisitor& visit,
                                        std::vector<model::Problem>& problems,
                                        core::Tasks& tasks) override {
    if (index >= image_.layers.size()) return no_such_layer(index);
    const MemberBytes& layer = image_.layers[index];
    const std::uint64_t stored = archive_.stored(layer.bytes);
    // A layer of a few blocks may be nothing but padding that compresses better than any limit.
    const LayerLimits limits{.max_unpacked = std::min(core::limits::kMaxLayerSize,
                                                      std::max<std::uint64_t>(stored, 1024) *
                                                          core::limits::kMaxExpansionRatio),
                             .max_entries = core::limits::kMaxEntriesPerLayer};
    const std::size_t before = problems.size();
    auto result = read_layer_entries({.bytes = layer.bytes,
                                      .name = image_.names[index],
                                      .blob_digest = {},
                                      .diff_id = image_.info.layers[index].digest,
                                      .verify = false,
                                      .mapped = archive_.is_mapped()},
                                     limits, visit, problems, tasks);
    if (result && layer.truncated && problems.size() == before)
      problems.push_back({.path = image_.names[index],
                          .stage = "layer",
                          .code = "layer-truncated",
                          .message = "the archive ends before the layer does"});
    return result;
  }

  [[nodiscard]] core::Result<void> check_unchanged() const override {
    return archive_.check_unchanged(location_);
  }

 private:
  std::string location_;
  ArchiveBytes archive_;
  Image image_;
};

/// The same error with the path of the archive, and of the member it is about.
tl::unexpected<core::Error> in_archive(core::Error error, const std::string& location,
                                       const std::string& member = {}) {
  error.path = member.empty() ? location : location + ": " + member;
  return tl::make_unexpected(std::move(error));
}

/// Damage of the outer tar as the archive's: "truncated" becomes "archive-truncated".
core::Error archive_error(core::Error error) {
  if (error.reason == "truncated" || error.reason == "damaged" || error.reason == "not-a-tar")
    error.reason = "archive-" + error.reason;
  return error;
}

/// A small file of the archive as text. What is absent from a damaged archive may have been in
/// the part that is gone, so the damage is what is reported.
core::Result<std::string_view> read_text(const ArchiveIndex& index, const std::string& name,
                                         const std::string& absent_reason) {
  const auto member = index.find(name);
  if ((!member || member->truncated) && index.damage())
    return tl::make_unexpected(archive_error(*index.damage()));
  if (!member)
    return core::fail(ErrorCode::malformed, absent_reason, "the archive has no file " + name);
  if (member->bytes.size() > core::limits::kMaxManifest)
    return core::fail(ErrorCode::limit_exceeded, "manifest-too-large",
                      "larger than " + std::to_string(core::limits::kMaxManifest) + " bytes");
  return core::as_text(member->bytes);
}

core::Result<DockerManifest> read_manifest(const ArchiveIndex& index, const std::string& location) {
  const auto text = read_text(index, "manifest.json", "manifest-missing");
  if (!text && text.error().reason == "manifest-missing" && index.find("oci-layout"))
    return core::fail(ErrorCode::unsupported, "manifest-missing",
                      "an OCI archive without manifest.json; oci-archive: is not supported yet",
                      location);
  if (!text) return in_archive(text.error(), location);
  auto manifest = parse_docker_manifest(*text);
  if (!manifest) return in_archive(manifest.error(), location, "manifest.json");
  return manifest;
}

core::Result<std::vector<MemberBytes>> find_layers(const ArchiveIndex& index,
                                                   const std::vector<std::string>& names,
                                                   const std::string& location) {
  std::vector<MemberBytes> layers;
  for (const std::string& name : names) {
    const auto layer = index.find(name);
    if (!layer && index.damage()) return in_archive(archive_error(*index.damage()), location);
    if (!layer)
      return core::fail(ErrorCode::malformed, "layer-missing",
                        "the manifest names the layer " + name + ", which is not there", location);
    layers.push_back(*layer);
  }
  return layers;
}

core::Result<Image> read_image(ByteView tar, const std::string& location) {
  auto index = ArchiveIndex::build(tar);
  if (!index) return in_archive(index.error(), location);
  const auto manifest = read_manifest(*index, location);
  if (!manifest) return tl::make_unexpected(manifest.error());
  const auto config = read_text(*index, manifest->config, "config-missing");
  if (!config) return in_archive(config.error(), location);
  auto info = parse_image_config(*config, manifest->layers.size());
  if (!info) return in_archive(info.error(), location, manifest->config);
  auto layers = find_layers(*index, manifest->layers, location);
  if (!layers) return tl::make_unexpected(layers.error());

  info->kind = "docker-archive";
  info->name = manifest->first_tag.empty() ? location : manifest->first_tag;
  info->digest = "sha256:" + core::sha256_hex(core::as_bytes(*config));
  for (std::size_t i = 0; i < layers->size(); ++i) info->layers[i].size = (*layers)[i].bytes.size();
  return Image{std::move(*info), manifest->layers, std::move(*layers)};
}

}  // namespace

core::Result<std::unique_ptr<Source>> open_docker_archive(const std::string& location) {
  auto archive = ArchiveBytes::open(location);
  if (!archive) return in_archive(archive_error(archive.error()), location);
  auto image = read_image(archive->tar(), location);
  // What looks like damage may be a file that somebody is writing.
  if (const auto unchanged = archive->check_unchanged(location); !unchanged)
    return tl::make_unexpected(unchanged.error());
  if (!image) return tl::make_unexpected(image.error());
  return std::make_unique<DockerArchiveSource>(location, std::move(*archive), std::move(*image));
}

}  // namespace muslcheck::source
