// What the JSON files of an archive list, as ListedImage. Reading is here, parsing is in
// docker_manifest.cpp and oci_documents.cpp, choosing in choose_image.cpp.
//
// An index names its content by digest and size; both are checked before the content is believed.
// index.json and manifest.json are named by nobody.

#include "image_files.hpp"

#include <utility>

#include "docker_manifest.hpp"
#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/search.hpp"
#include "oci_documents.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;
namespace limits = core::limits;

core::Error at(core::Error error, const std::string& path) {
  if (error.path.empty()) error.path = path;
  return error;
}

BlobRef ref_of(const Descriptor& descriptor) {
  return {.path = blob_path(descriptor.digest).value_or(std::string()),
          .digest = descriptor.digest,
          .size = descriptor.size,
          .media_type = descriptor.media_type};
}

/// A name that is a digest by its place ("blobs/sha256/HEX") or by Docker's old custom
/// ("HEX.json") says what the file must be.
BlobRef ref_of_path(const std::string& path) {
  BlobRef ref{.path = path, .digest = digest_of_path(path), .size = {}, .media_type = {}};
  constexpr std::string_view kSuffix = ".json";
  if (!ref.digest.empty() || !path.ends_with(kSuffix)) return ref;
  const std::string digest = "sha256:" + path.substr(0, path.size() - kSuffix.size());
  if (blob_path(digest)) ref.digest = digest;
  return ref;
}

void add_names(const std::vector<std::string>& names, ListedImage& image) {
  for (const std::string& name : names)
    if (name.size() <= limits::kMaxImageName && image.names.size() < limits::kMaxImageNames &&
        !core::contains(image.names, name))
      image.names.push_back(name);
}

/// An index or manifest still to be read, and what is known from those that led to it.
struct Pending {
  Descriptor descriptor;
  ListedImage image;  ///< group, names, digests and platform
  int depth = 0;
};

/// Walks from index.json to all manifests, in the order in which they are named.
class IndexWalk {
 public:
  explicit IndexWalk(ImageFiles& files) : files_(files) {}

  core::Result<std::vector<ListedImage>> run() {
    const BlobRef root{.path = "index.json", .digest = {}, .size = {}, .media_type = {}};
    const auto text = files_.read(root, "index-missing");
    if (!text) return tl::make_unexpected(text.error());
    const auto document = parse_oci_document(*text);
    if (!document) return tl::make_unexpected(at(document.error(), root.path));
    const auto* index = std::get_if<OciIndex>(&*document);
    if (index == nullptr)
      return core::fail(ErrorCode::malformed, "index-invalid", "is a manifest, not an index",
                        root.path);
    push_roots(*index);
    while (!pending_.empty() && named_ <= limits::kMaxIndexEntries) {
      Pending next = std::move(pending_.back());
      pending_.pop_back();
      visit(std::move(next));
    }
    if (named_ <= limits::kMaxIndexEntries) return std::move(images_);
    return core::fail(
        ErrorCode::limit_exceeded, "too-many-manifests",
        "leads to more than " + std::to_string(limits::kMaxIndexEntries) + " manifests", root.path);
  }

 private:
  /// One image may be there under several names: once for each of them in the index.
  void push_roots(const OciIndex& index) {
    std::vector<Pending> roots;
    for (const Descriptor& descriptor : index.manifests) {
      Pending* known = nullptr;
      for (Pending& root : roots)
        if (root.descriptor.digest == descriptor.digest) known = &root;
      if (known != nullptr) {
        add_names(descriptor.names, known->image);
        continue;
      }
      Pending root{.descriptor = descriptor, .image = {}, .depth = 1};
      root.image.group = groups_++;
      add_names(descriptor.names, root.image);
      roots.push_back(std::move(root));
    }
    named_ = index.manifests.size();
    pending_.insert(pending_.end(), std::make_move_iterator(roots.rbegin()),
                    std::make_move_iterator(roots.rend()));
  }

  void push_children(const OciIndex& index, const Pending& parent) {
    named_ += index.manifests.size();
    for (auto child = index.manifests.rbegin(); child != index.manifests.rend(); ++child) {
      Pending next{.descriptor = *child, .image = parent.image, .depth = parent.depth + 1};
      // An index without a name may hold images that have one.
      if (parent.image.names.empty() && !child->names.empty()) next.image.group = groups_++;
      add_names(child->names, next.image);
      pending_.push_back(std::move(next));
    }
  }

  void visit(Pending pending) {
    const Descriptor& descriptor = pending.descriptor;
    if (descriptor.is_attestation || document_kind(descriptor.media_type) == DocumentKind::other)
      return;
    ListedImage& image = pending.image;
    image.digests.push_back(descriptor.digest);
    if (!descriptor.platform.empty()) image.platform = descriptor.platform;
    const BlobRef ref = ref_of(descriptor);
    const auto text = files_.read(ref, "manifest-missing");
    const auto document = text ? parse_oci_document(*text) : tl::make_unexpected(text.error());
    if (!document) {
      image.failure = at(document.error(), ref.path);
      images_.push_back(std::move(image));
    } else if (const auto* index = std::get_if<OciIndex>(&*document)) {
      descend(*index, std::move(pending));
    } else {
      add_manifest(std::get<OciManifest>(*document), std::move(image));
    }
  }

  void descend(const OciIndex& index, Pending pending) {
    if (pending.depth < limits::kMaxIndexDepth) return push_children(index, pending);
    pending.image.failure = core::Error{
        .code = ErrorCode::limit_exceeded,
        .reason = "index-too-deep",
        .message = "indexes nested deeper than " + std::to_string(limits::kMaxIndexDepth),
        .path = ref_of(pending.descriptor).path,
        .offset = {}};
    images_.push_back(std::move(pending.image));
  }

  void add_manifest(const OciManifest& manifest, ListedImage image) {
    if (!is_image_config(manifest.config.media_type)) return;
    image.config = ref_of(manifest.config);
    image.digests.push_back(manifest.config.digest);
    layers_ += manifest.layers.size();
    if (layers_ > limits::kMaxListedLayers)
      image.failure = core::Error{.code = ErrorCode::limit_exceeded,
                                  .reason = "too-many-layers",
                                  .message = "the index leads to more than " +
                                             std::to_string(limits::kMaxListedLayers) + " layers",
                                  .path = {},
                                  .offset = {}};
    if (image.failure) return images_.push_back(std::move(image));
    for (const Descriptor& layer : manifest.layers) image.layers.push_back(ref_of(layer));
    images_.push_back(std::move(image));
  }

  ImageFiles& files_;
  std::vector<Pending> pending_;  ///< the last one is next
  std::vector<ListedImage> images_;
  std::size_t groups_ = 0;
  std::size_t named_ = 0;   ///< manifests and indexes
  std::size_t layers_ = 0;  ///< of all images
};

}  // namespace

core::Result<void> check_digest(core::ByteView bytes, const std::string& digest) {
  std::string actual;
  if (digest.starts_with("sha256:")) actual = "sha256:" + core::sha256_hex(bytes);
  if (digest.starts_with("sha512:")) actual = "sha512:" + core::sha512_hex(bytes);
  if (actual.empty())
    return core::fail(ErrorCode::unsupported, "digest-unsupported",
                      "is named by a digest that cannot be checked: " + digest);
  if (actual == digest) return {};
  return core::fail(ErrorCode::malformed, "digest-mismatch",
                    "should have the digest " + digest + " and has " + actual);
}

core::Result<std::string> ImageFiles::read(const BlobRef& file, const char* absent_reason) {
  if (file.path.empty())
    return core::fail(ErrorCode::malformed, "digest-invalid",
                      "a file is named by \"" + file.digest + "\", which is no digest");
  const auto blob = store_.find(file.path);
  if (!blob && blob.error().code == ErrorCode::not_found)
    return core::fail(ErrorCode::not_found, absent_reason, "there is no file " + file.path);
  if (!blob) return tl::make_unexpected(blob.error());
  if (blob->truncated)
    return core::fail(ErrorCode::malformed, "archive-truncated", "the archive ends within it",
                      file.path);
  if (blob->bytes.size() > limits::kMaxManifest || blob->bytes.size() > left_)
    return core::fail(ErrorCode::limit_exceeded, "manifest-too-large",
                      "larger than " + std::to_string(limits::kMaxManifest) +
                          " bytes, or than what is left of " +
                          std::to_string(limits::kMaxImageFiles) + " for all such files",
                      file.path);
  left_ -= blob->bytes.size();
  if (file.size && *file.size != blob->bytes.size())
    return core::fail(ErrorCode::malformed, "size-mismatch",
                      "should have " + std::to_string(*file.size) + " bytes and has " +
                          std::to_string(blob->bytes.size()),
                      file.path);
  std::string text(core::as_text(blob->bytes));
  if (const auto unchanged = blob->check_unchanged(); !unchanged)
    return tl::make_unexpected(unchanged.error());
  if (file.digest.empty()) return text;
  if (const auto checked = check_digest(core::as_bytes(text), file.digest); !checked)
    return tl::make_unexpected(at(checked.error(), file.path));
  return text;
}

core::Result<std::vector<ListedImage>> list_docker_images(ImageFiles& files) {
  const BlobRef root{.path = "manifest.json", .digest = {}, .size = {}, .media_type = {}};
  const auto text = files.read(root, "manifest-missing");
  if (!text) return tl::make_unexpected(text.error());
  auto manifest = parse_docker_manifest(*text);
  if (!manifest) return tl::make_unexpected(at(manifest.error(), root.path));
  std::vector<ListedImage> images;
  for (DockerImage& entry : *manifest) {
    ListedImage image;
    image.group = images.size();
    add_names(entry.tags, image);
    image.config = ref_of_path(entry.config);
    if (!image.config.digest.empty()) image.digests.push_back(image.config.digest);
    for (const std::string& path : entry.layers) {
      BlobRef layer{.path = path, .digest = digest_of_path(path), .size = {}, .media_type = {}};
      const auto type = entry.media_types.find(layer.digest);
      if (type != entry.media_types.end()) layer.media_type = type->second;
      image.layers.push_back(std::move(layer));
    }
    images.push_back(std::move(image));
  }
  return images;
}

core::Result<std::vector<ListedImage>> list_oci_images(ImageFiles& files) {
  return IndexWalk(files).run();
}

}  // namespace muslcheck::source
