// Opening an image that an archive or a folder holds: `docker save`, `podman save`, `skopeo copy`,
// `buildx --output type=oci`, umoci.
//
// An archive may describe the same image twice: manifest.json is Docker's own description, with
// which `docker load` goes, index.json is OCI's. Docker has written wrong ones of both: an index
// that is `null` or lacks images (moby#47210, moby#51389), manifests without layers (moby#47065), a
// manifest.json whose files are absent. So manifest.json is followed if all that it names is there,
// the index otherwise if all that it names is there, and what they contradict each other in is
// reported.

#include <algorithm>
#include <optional>
#include <utility>

#include "blob_store.hpp"
#include "docker_manifest.hpp"
#include "image_files.hpp"
#include "layered_image.hpp"
#include "listed_image.hpp"
#include "muslcheck/core/digest.hpp"
#include "oci_documents.hpp"
#include "sources.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;
using Images = std::vector<ListedImage>;

/// The image to be read and what was noticed when it was chosen.
struct Selection {
  ListedImage image;
  std::vector<model::Problem> problems;
};

model::Problem disagreement(std::string message) {
  return {.path = "manifest.json",
          .stage = "source",
          .code = "manifest-disagrees",
          .message = std::move(message)};
}

/// A list that leaves platforms out has them in the configurations.
void fill_platforms(Images& list, const std::vector<std::size_t>& places, ImageFiles& files) {
  for (const std::size_t place : places) {
    ListedImage& image = list[place];
    if (!image.platform.empty() || image.failure) continue;
    const auto config = files.read(image.config, "config-missing");
    std::vector<model::Problem> unused;
    const auto info = config ? parse_image_config(*config, image.layers.size(), unused)
                             : tl::make_unexpected(config.error());
    if (info) {
      image.platform = info->platform;
    } else {
      image.failure = info.error();
    }
  }
}

core::Result<ListedImage> choose(Images& list, const OpenOptions& options, ImageFiles& files) {
  const auto places = find_image(list, options.image);
  if (!places) return tl::make_unexpected(places.error());
  if (places->size() > 1 || !options.platform.empty()) fill_platforms(list, *places, files);
  const auto place = choose_platform(list, *places, options.platform, host_platform());
  if (!place) return tl::make_unexpected(place.error());
  // The report calls an image of several names as the user did.
  ListedImage image = list[*place];
  const auto name = std::find(image.names.begin(), image.names.end(), options.image);
  if (name != image.names.end()) std::rotate(image.names.begin(), name, name + 1);
  return image;
}

/// The first file that the image names and that is not there; foreign layers may be absent.
std::optional<std::string> find_absent(const ListedImage& image, const BlobStore& store) {
  if (!store.find(image.config.path)) return image.config.path;
  for (const BlobRef& layer : image.layers)
    if (!is_foreign_layer(layer.media_type) && !store.find(layer.path))
      return layer.path.empty() ? layer.digest : layer.path;
  return std::nullopt;
}

/// The image of the index that is wanted, if all of it is there.
std::optional<ListedImage> choose_whole(Images& list, const OpenOptions& options,
                                        ImageFiles& files) {
  auto image = choose(list, options, files);
  const bool is_whole = image && !image->layers.empty() && !find_absent(*image, files.store());
  return is_whole ? std::optional(std::move(*image)) : std::nullopt;
}

/// What the index has in place of an image of manifest.json: the one with the same configuration,
/// or if none has it the one that is wanted.
std::optional<ListedImage> find_substitute(const core::Result<ListedImage>& chosen, Images& list,
                                           const OpenOptions& options, ImageFiles& files) {
  bool has_twin = false;
  for (const ListedImage& image : list) {
    if (!chosen || chosen->config.digest.empty() || image.failure ||
        image.config.digest != chosen->config.digest)
      continue;
    has_twin = true;
    if (!image.layers.empty() && !find_absent(image, files.store())) return image;
  }
  return has_twin ? std::nullopt : choose_whole(list, options, files);
}

/// manifest.json has one platform of each image and knows only names of Docker's kind, so the index
/// may have what it has not.
bool may_be_in_index(const core::Error& error) {
  return error.reason == "platform-not-found" || error.reason == "image-not-found" ||
         error.reason == "config-missing";
}

core::Result<Selection> select_oci(core::Result<Images> list, const OpenOptions& options,
                                   ImageFiles& files) {
  if (!list) return tl::make_unexpected(list.error());
  if (list->empty())
    return core::fail(ErrorCode::malformed, "index-empty", "names no image", "index.json");
  auto image = choose(*list, options, files);
  if (!image) return tl::make_unexpected(image.error());
  return Selection{std::move(*image), {}};
}

/// What the index says against an image of manifest.json.
void cross_check(Selection& selection, const Images& docker, const core::Result<Images>& oci,
                 ImageFiles& files) {
  if (!oci && oci.error().reason == "index-invalid")
    selection.problems.push_back(
        disagreement("index.json cannot be compared with it: " + oci.error().message));
  if (!oci) return;
  ListedImage image = selection.image;
  if (image.config.digest.empty()) {
    const auto config = files.read(image.config, "config-missing");
    if (!config) return;
    image.config.digest = "sha256:" + core::sha256_hex(core::as_bytes(*config));
  }
  if (auto text = find_disagreement(image, docker, *oci))
    selection.problems.push_back(disagreement(std::move(*text)));
}

core::Result<Selection> select_docker(const OpenOptions& options, ImageFiles& files) {
  auto docker = list_docker_images(files);
  auto oci = list_oci_images(files);
  const bool is_absent = docker ? docker->empty() : docker.error().code == ErrorCode::not_found;
  if (!docker && !is_absent) return tl::make_unexpected(docker.error());
  if (is_absent && (oci || oci.error().reason != "index-missing"))
    return select_oci(std::move(oci), options, files);
  if (!docker) return tl::make_unexpected(docker.error());
  if (is_absent)
    return core::fail(ErrorCode::malformed, "manifest-empty", "the list of images is empty",
                      "manifest.json");

  auto chosen = choose(*docker, options, files);
  if (!chosen && !may_be_in_index(chosen.error())) return tl::make_unexpected(chosen.error());
  const auto absent = chosen ? find_absent(*chosen, files.store()) : std::nullopt;
  const bool is_whole = chosen && !absent && !chosen->layers.empty();
  if (!is_whole && oci) {
    if (auto substitute = find_substitute(chosen, *oci, options, files)) {
      Selection selection{std::move(*substitute), {}};
      if (chosen)
        selection.problems.push_back(
            disagreement((absent ? "manifest.json names " + *absent + ", which is not there"
                                 : std::string("manifest.json names no layers")) +
                         "; index.json was followed"));
      return selection;
    }
  }
  if (!chosen) return tl::make_unexpected(chosen.error());
  Selection selection{std::move(*chosen), {}};
  cross_check(selection, *docker, oci, files);
  return selection;
}

/// Of a bare path: how its content describes its image.
core::Result<Kind> recognise(const BlobStore& store) {
  const auto manifest = store.find("manifest.json");
  if (manifest) return Kind::docker_archive;
  const auto index = store.find("index.json");
  if (index) return Kind::oci_archive;
  if (manifest.error().code != ErrorCode::not_found) return tl::make_unexpected(manifest.error());
  return core::fail(ErrorCode::malformed, "manifest-missing",
                    "there is no file manifest.json and no index.json: not an image");
}

/// What the report calls the image. "1.4" alone, as skopeo writes it, would say too little.
std::string display_name(const ListedImage& image, const std::string& location) {
  if (image.names.empty()) return location;
  const std::string& name = image.names.front();
  const bool is_tag = name.find_first_of("/:@") == std::string::npos;
  return is_tag ? location + ":" + name : name;
}

core::Result<LoadedImage> load_chosen(const BlobStore& store, Kind kind,
                                      const std::string& location, const OpenOptions& options) {
  if (kind == Kind::archive) {
    const auto recognised = recognise(store);
    if (!recognised) return tl::make_unexpected(recognised.error());
    kind = *recognised;
  }
  ImageFiles files(store);
  auto selection = kind == Kind::docker_archive
                       ? select_docker(options, files)
                       : select_oci(list_oci_images(files), options, files);
  if (!selection) return tl::make_unexpected(selection.error());
  auto image = load_image(files, selection->image);
  if (!image) return tl::make_unexpected(image.error());
  image->info.kind = kind == Kind::docker_archive ? "docker-archive"
                     : kind == Kind::oci_archive  ? "oci-archive"
                                                  : "oci-dir";
  image->info.name = display_name(selection->image, location);
  for (model::Problem& problem : selection->problems) image->problems.push_back(std::move(problem));
  return image;
}

/// The same error with the path of the archive before that of its member.
core::Error in_image(core::Error error, const std::string& location) {
  if (error.path.empty()) {
    error.path = location;
  } else if (!error.path.starts_with(location)) {
    error.path = location + ": " + error.path;
  }
  return error;
}

}  // namespace

core::Result<std::unique_ptr<Source>> open_image(Kind kind, const std::string& location,
                                                 const OpenOptions& options) {
  auto store = kind == Kind::oci_dir ? open_folder_blobs(location)
                                     : open_archive_blobs(location, options.deadline);
  if (!store) return tl::make_unexpected(store.error());
  auto image = load_chosen(**store, kind, location, options);
  // What looks like damage may be a file that somebody is writing.
  if (const auto unchanged = (*store)->check_unchanged(); !unchanged)
    return tl::make_unexpected(unchanged.error());
  if (!image) return tl::make_unexpected(in_image(image.error(), location));
  return make_layered_image(std::move(*store), std::move(*image), options);
}

}  // namespace muslcheck::source
