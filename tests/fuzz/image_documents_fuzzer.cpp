// Any bytes as the files that describe images, one on each line: whatever a line is, it is read as
// an index, a manifest, a manifest.json and a configuration, and from what all lines list an image
// is chosen.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "fuzz_target.hpp"
#include "muslcheck/core/text.hpp"
#include "source/docker_manifest.hpp"
#include "source/listed_image.hpp"
#include "source/oci_documents.hpp"

namespace {

using namespace muslcheck;

/// As an image of a list, so that choosing has something to choose from.
source::ListedImage listed(const source::Descriptor& descriptor, std::size_t group) {
  return {.group = group / 2,
          .names = descriptor.names,
          .digests = {descriptor.digest},
          .platform = descriptor.platform,
          .config = {.path = source::blob_path(descriptor.digest).value_or(std::string()),
                     .digest = descriptor.digest,
                     .size = descriptor.size,
                     .media_type = descriptor.media_type}};
}

void check_descriptor(const source::Descriptor& descriptor) {
  const auto path = source::blob_path(descriptor.digest);
  if (path) fuzz_check(source::digest_of_path(*path) == descriptor.digest);
  if (path) fuzz_check(path->find("..") == std::string::npos && path->starts_with("blobs/sha"));
}

void check_choice(const std::vector<source::ListedImage>& list, const std::string& wanted) {
  const auto places = source::find_image(list, wanted);
  if (!places) return fuzz_check(places.error().code == core::ErrorCode::usage);
  fuzz_check(!places->empty());
  for (const std::size_t place : *places)
    fuzz_check(wanted.empty() || source::is_called(list.at(place), wanted));
  for (const char* platform : {"", "linux/arm64"}) {
    const auto place = source::choose_platform(list, *places, platform, "linux/amd64");
    if (place) fuzz_check(std::find(places->begin(), places->end(), *place) != places->end());
  }
}

std::vector<source::ListedImage> list_of_index(std::string_view text) {
  std::vector<source::ListedImage> list;
  const auto document = source::parse_oci_document(text);
  if (!document) return list;
  const auto* index = std::get_if<source::OciIndex>(&*document);
  const auto* manifest = std::get_if<source::OciManifest>(&*document);
  for (const auto& item : index != nullptr ? index->manifests : manifest->layers) {
    check_descriptor(item);
    list.push_back(listed(item, list.size()));
  }
  return list;
}

std::vector<source::ListedImage> list_of_manifest(std::string_view text) {
  std::vector<source::ListedImage> list;
  const auto images = source::parse_docker_manifest(text);
  if (!images) return list;
  for (const auto& image : *images) {
    source::ListedImage made{.group = list.size(), .names = image.tags};
    made.config.path = image.config;
    for (const std::string& layer : image.layers) made.layers.push_back({.path = layer});
    list.push_back(std::move(made));
  }
  return list;
}

void check_config(std::string_view text) {
  for (const std::size_t layers : {0, 1, 3}) {
    std::vector<model::Problem> problems;
    const auto info = source::parse_image_config(text, layers, problems);
    if (info) fuzz_check(info->layers.size() == layers);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<source::ListedImage> all;
  std::vector<source::ListedImage> docker;
  for (const std::string_view text : core::split(core::as_text({data, size}), '\n')) {
    check_config(text);
    for (auto& image : list_of_index(text)) all.push_back(std::move(image));
    for (auto& image : list_of_manifest(text)) docker.push_back(std::move(image));
  }
  for (const auto& list : {all, docker}) {
    if (list.empty()) continue;
    check_choice(list, {});
    check_choice(list, source::label_of(list.back()));
    check_choice(list, "docker.io/library/app:latest");
  }
  if (!docker.empty()) (void)source::find_disagreement(docker.front(), docker, all);
  return 0;
}
