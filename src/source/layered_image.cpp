// docker-archive, oci-archive and oci-dir, once it is known which files make the image: a
// configuration and layers, each a tar.
//
// A layer may be absent. Foreign layers (OCI image-spec, layer.md) are those that only their owner
// may distribute, and archives leave them out; others were lost. Then the layer has nothing to
// read, which read_layer says, and the rest is scanned.

#include "layered_image.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "docker_manifest.hpp"
#include "layer_entries.hpp"
#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/limits.hpp"
#include "oci_documents.hpp"
#include "sources.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;

/// What messages call a layer.
const std::string& name_of(const BlobRef& layer) {
  return layer.digest.empty() ? layer.path : layer.digest;
}

core::Error absent_layer(const BlobRef& layer) {
  if (is_foreign_layer(layer.media_type))
    return {.code = ErrorCode::not_found,
            .reason = "layer-foreign",
            .message = "the foreign layer " + name_of(layer) +
                       " is not there: only its owner may distribute it",
            .path = name_of(layer),
            .offset = {}};
  return {.code = ErrorCode::not_found,
          .reason = "layer-missing",
          .message = "the manifest names the layer " + name_of(layer) + ", which is not there",
          .path = name_of(layer),
          .offset = {}};
}

core::Result<Blob> find_layer(const BlobStore& store, const BlobRef& layer) {
  if (layer.path.empty())
    return core::fail(ErrorCode::malformed, "digest-invalid",
                      "a layer is named by \"" + layer.digest + "\", which is no digest",
                      layer.digest);
  auto blob = store.find(layer.path);
  if (!blob && blob.error().code == ErrorCode::not_found)
    return tl::make_unexpected(absent_layer(layer));
  if (!blob) {
    core::Error error = blob.error();
    error.path = name_of(layer);
    return tl::make_unexpected(std::move(error));
  }
  return blob;
}

LayerLimits limits_of(const Blob& layer, double share, std::size_t layers) {
  const auto stored = static_cast<std::uint64_t>(static_cast<double>(layer.bytes.size()) * share);
  const std::uint64_t wanted =
      std::max(core::limits::kFreeExpansion / layers, stored * core::limits::kMaxExpansionRatio);
  return {.max_unpacked = std::min(core::limits::kMaxLayerSize, wanted),
          .max_entries = core::limits::kMaxEntriesPerLayer};
}

/// How much of what the layers are is really on the disk. It is less than all when the archive is
/// compressed as a whole, or when one file is a layer many times; what the layers may expand to
/// must not grow by either.
class StoredBytes {
 public:
  void add(const Blob& layer) {
    layers_ += static_cast<double>(layer.bytes.size());
    const auto size = static_cast<double>(layer.file->bytes().size());
    if (files_.insert(layer.host_path).second) on_disk_ += size;
  }
  [[nodiscard]] double share() const { return layers_ > on_disk_ ? on_disk_ / layers_ : 1; }

 private:
  double layers_ = 0;
  double on_disk_ = 0;
  std::set<std::string> files_;
};

class LayeredImage final : public Source {
 public:
  LayeredImage(std::unique_ptr<BlobStore> store, LoadedImage image, const OpenOptions& options)
      : store_(std::move(store)),
        image_(std::move(image)),
        verify_(options.verify),
        progress_(options.progress),
        deadline_(options.deadline) {}

  [[nodiscard]] const model::SourceInfo& info() const override { return image_.info; }

  [[nodiscard]] const std::vector<model::Problem>& problems() const override {
    return image_.problems;
  }

  core::Result<LayerReading> read_layer(std::size_t index, const EntryVisitor& visit,
                                        std::vector<model::Problem>& problems,
                                        core::Tasks& tasks) override {
    if (index >= image_.layers.size()) return no_such_layer(index);
    const BlobRef& layer = image_.layers[index];
    const auto blob = find_layer(*store_, layer);
    if (!blob) {
      const core::PartProgress given_up(progress_, image_.info.layers[index].size);
      return tl::make_unexpected(blob.error());
    }
    const std::size_t before = problems.size();
    auto result = read_layer_entries(
        {.content = {.bytes = blob->bytes,
                     .owner = blob->file,
                     .mapped = blob->mapped,
                     .check_unchanged = [blob = *blob] { return blob.check_unchanged(); }},
         .name = name_of(layer),
         .blob_digest = layer.digest,
         .diff_id = image_.info.layers[index].digest,
         .verify = verify_,
         .progress = progress_,
         .deadline = deadline_},
        limits_of(*blob, image_.stored_share, image_.layers.size()), visit, problems, tasks);
    if (result && blob->truncated && problems.size() == before)
      problems.push_back({.path = name_of(layer),
                          .stage = "layer",
                          .code = "layer-truncated",
                          .message = "the archive ends before the layer does"});
    // Nobody can vouch for bytes that changed while they were read.
    const auto unchanged = blob->check_unchanged();
    if (result && !unchanged)
      model::add_problem(problems, model::problem_from(unchanged.error(), "layer"));
    return result;
  }

  [[nodiscard]] bool has_layer(std::size_t index) const override {
    if (index >= image_.layers.size()) return false;
    const BlobRef& layer = image_.layers[index];
    const auto blob = find_layer(*store_, layer);
    return blob && !blob->truncated && !blob->bytes.empty() &&
           layer.size.value_or(blob->bytes.size()) == blob->bytes.size();
  }

  [[nodiscard]] std::string local_identity(std::size_t index) const override {
    if (index >= image_.layers.size()) return {};
    const auto blob = find_layer(*store_, image_.layers[index]);
    if (!blob || blob->truncated) return {};
    const std::string file = blob->file->identity();
    if (file.empty()) return {};
    return file + " " + std::to_string(blob->offset) + " " + std::to_string(blob->bytes.size());
  }

 private:
  std::unique_ptr<BlobStore> store_;
  LoadedImage image_;
  bool verify_;
  core::Progress* progress_;
  core::Deadline deadline_;
};

}  // namespace

core::Result<LoadedImage> load_image(ImageFiles& files, const ListedImage& image) {
  const auto config = files.read(image.config, "config-missing");
  if (!config) return tl::make_unexpected(config.error());
  LoadedImage loaded;
  auto info = parse_image_config(*config, image.layers.size(), loaded.problems);
  if (!info) {
    core::Error error = info.error();
    error.path = image.config.path;
    return tl::make_unexpected(std::move(error));
  }
  for (model::Problem& problem : loaded.problems) problem.path = image.config.path;
  info->digest = "sha256:" + core::sha256_hex(core::as_bytes(*config));
  if (info->platform.empty()) info->platform = image.platform;
  StoredBytes stored;
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const BlobRef& layer = image.layers[i];
    const auto blob = find_layer(files.store(), layer);
    info->layers[i].size = blob ? blob->bytes.size() : layer.size.value_or(0);
    if (blob) stored.add(*blob);
    info->layers[i].blob_digest = layer.digest;
    info->layers[i].media_type = layer.media_type;
  }
  loaded.info = std::move(*info);
  loaded.layers = image.layers;
  loaded.stored_share = stored.share();
  return loaded;
}

std::unique_ptr<Source> make_layered_image(std::unique_ptr<BlobStore> store, LoadedImage image,
                                           const OpenOptions& options) {
  return std::make_unique<LayeredImage>(std::move(store), std::move(image), options);
}

}  // namespace muslcheck::source
