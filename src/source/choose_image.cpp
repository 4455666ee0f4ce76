// Which image of an archive is meant. An archive may hold several images, each for several
// platforms; the user says which, or there is only one that can be meant, or it is an error that
// lists what there is. Nothing is ever picked by chance.

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "listed_image.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "oci_documents.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;
using Places = std::vector<std::size_t>;

constexpr std::size_t kNamedInMessages = 5;
constexpr std::size_t kShortestDigest = 6;

/// "a, b, c", shortened to a few.
std::string list_of(const std::vector<std::string>& words) {
  std::vector<std::string> shown;
  for (const std::string& word : words) {
    if (shown.size() == kNamedInMessages) {
      shown.emplace_back("...");
      break;
    }
    shown.push_back(core::printable(core::shortened(word, 100)));
  }
  return core::join(shown, ", ");
}

/// "docker.io/library/node:latest" for "node", as the archives of different programs have it.
std::string full_name(std::string_view name) {
  std::string full(name);
  const std::size_t slash = full.rfind('/');
  const std::size_t last = slash == std::string::npos ? 0 : slash + 1;
  if (full.find_first_of(":@", last) == std::string::npos) full += ":latest";
  const std::size_t first = full.find('/');
  if (first == std::string::npos) return "docker.io/library/" + full;
  const std::string_view host = std::string_view(full).substr(0, first);
  const bool has_host = host.find_first_of(".:") != std::string_view::npos || host == "localhost";
  return has_host ? full : "docker.io/" + full;
}

bool is_start_of_digest(std::string_view wanted, std::string_view digest) {
  if (digest.empty()) return false;
  if (wanted.find(':') != std::string_view::npos) return digest.starts_with(wanted);
  return wanted.size() >= kShortestDigest &&
         digest.substr(digest.find(':') + 1).starts_with(wanted);
}

/// True if images of several groups can only be one image for several platforms.
bool have_different_platforms(const std::vector<ListedImage>& list,
                              const std::map<std::size_t, Places>& groups) {
  std::set<std::string> seen;
  for (const auto& [group, places] : groups) {
    std::set<std::string> own;
    for (const std::size_t place : places) own.insert(list[place].platform);
    for (const std::string& platform : own)
      if (platform.empty() || !seen.insert(platform).second) return false;
  }
  return true;
}

/// The images of the list, each as the places of its platforms, in the order of the list. An index
/// may name the platforms of one image one by one: then they have the same name, or none.
std::vector<Places> images_of(const std::vector<ListedImage>& list) {
  std::map<std::string, std::map<std::size_t, Places>> by_name;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string name = list[i].names.empty() ? std::string() : list[i].names.front();
    by_name[name][list[i].group].push_back(i);
  }
  std::vector<Places> images;
  for (const auto& [name, groups] : by_name) {
    const bool is_one = groups.size() > 1 && have_different_platforms(list, groups);
    if (is_one) images.emplace_back();
    for (const auto& [group, places] : groups) {
      if (!is_one) images.emplace_back();
      images.back().insert(images.back().end(), places.begin(), places.end());
    }
  }
  for (Places& places : images) std::sort(places.begin(), places.end());
  std::sort(images.begin(), images.end());
  return images;
}

std::vector<std::string> labels_of(const std::vector<ListedImage>& list,
                                   const std::vector<Places>& images) {
  std::vector<std::string> labels;
  labels.reserve(images.size());
  for (const Places& places : images) labels.push_back(label_of(list[places.front()]));
  return labels;
}

tl::unexpected<core::Error> several_images(const std::vector<ListedImage>& list,
                                           const std::vector<Places>& images) {
  return core::fail(ErrorCode::usage, "several-images",
                    "holds " + std::to_string(images.size()) + " images (" +
                        list_of(labels_of(list, images)) + "); choose one with --image");
}

/// "linux/arm64" for "linux/arm64/v8": the variants that are the same as none.
std::string_view without_default_variant(std::string_view platform) {
  for (const std::string_view word : {"arm64/v8", "amd64/v1"})
    if (platform.ends_with(word)) platform.remove_suffix(3);
  return platform;
}

/// The first place with this platform, else with a variant of it.
std::optional<std::size_t> find_platform(const std::vector<ListedImage>& list, const Places& places,
                                         std::string_view wanted) {
  wanted = without_default_variant(wanted);
  std::optional<std::size_t> variant;
  for (const std::size_t place : places) {
    const std::string_view platform = without_default_variant(list[place].platform);
    if (platform == wanted) return place;
    if (!variant && platform.starts_with(std::string(wanted) + "/")) variant = place;
  }
  return variant;
}

std::vector<std::string> platforms_of(const std::vector<ListedImage>& list, const Places& places) {
  std::vector<std::string> platforms;
  for (const std::size_t place : places) {
    const std::string& platform = list[place].platform;
    const std::string word = platform.empty() ? "one that is not said" : platform;
    if (!core::contains(platforms, word)) platforms.push_back(word);
  }
  return platforms;
}

core::Result<std::size_t> choose_wanted(const std::vector<ListedImage>& list, const Places& usable,
                                        const Places& places, std::string_view wanted) {
  if (const auto found = find_platform(list, usable, wanted)) return *found;
  // An image that says nothing about its platform may be for any.
  if (places.size() == 1 && list[places.front()].platform.empty() && !usable.empty())
    return places.front();
  if (const auto failed = find_platform(list, places, wanted))
    return tl::make_unexpected(*list[*failed].failure);
  if (usable.empty()) return tl::make_unexpected(*list[places.front()].failure);
  return core::fail(ErrorCode::usage, "platform-not-found",
                    "has no platform " + core::printable(core::shortened(wanted, 100)) +
                        "; it is for " + list_of(platforms_of(list, usable)));
}

/// Only what both say is compared: the paths of manifest.json need not be digests.
bool has_same_layers(const ListedImage& left, const ListedImage& right) {
  if (left.layers.size() != right.layers.size()) return false;
  for (std::size_t i = 0; i < left.layers.size(); ++i) {
    const std::string& one = left.layers[i].digest;
    const std::string& other = right.layers[i].digest;
    if (!one.empty() && !other.empty() && one != other) return false;
  }
  return true;
}

bool share_a_name(const ListedImage& left, const ListedImage& right) {
  return std::any_of(left.names.begin(), left.names.end(),
                     [&](const std::string& name) { return is_called(right, name); });
}

}  // namespace

std::string label_of(const ListedImage& image) {
  if (!image.names.empty()) return image.names.front();
  return image.digests.empty() ? image.config.path : image.digests.front();
}

bool is_called(const ListedImage& image, std::string_view wanted) {
  const std::string full = full_name(wanted);
  for (const std::string& name : image.names)
    if (name == wanted || full_name(name) == full) return true;
  return std::any_of(image.digests.begin(), image.digests.end(),
                     [&](const std::string& digest) { return is_start_of_digest(wanted, digest); });
}

core::Result<std::vector<std::size_t>> find_image(const std::vector<ListedImage>& list,
                                                  std::string_view wanted) {
  const std::vector<Places> images = images_of(list);
  std::vector<Places> found;
  for (const Places& places : images) {
    Places called;
    for (const std::size_t place : places)
      if (wanted.empty() || is_called(list[place], wanted)) called.push_back(place);
    if (!called.empty()) found.push_back(std::move(called));
  }
  if (found.size() == 1) return found.front();
  if (!found.empty()) return several_images(list, found);
  return core::fail(ErrorCode::usage, "image-not-found",
                    "holds no image " + core::printable(core::shortened(wanted, 100)) +
                        "; it holds " + list_of(labels_of(list, images)));
}

core::Result<std::size_t> choose_platform(const std::vector<ListedImage>& list,
                                          const std::vector<std::size_t>& places,
                                          std::string_view wanted, std::string_view host) {
  Places usable;
  for (const std::size_t place : places)
    if (!list[place].failure) usable.push_back(place);
  if (!wanted.empty()) return choose_wanted(list, usable, places, wanted);
  if (usable.empty()) return tl::make_unexpected(*list[places.front()].failure);
  const auto platforms = platforms_of(list, usable);
  if (platforms.size() == 1) return usable.front();
  if (const auto found = find_platform(list, usable, host)) return *found;
  return core::fail(ErrorCode::usage, "several-platforms",
                    "is for " + std::to_string(platforms.size()) + " platforms (" +
                        list_of(platforms) + "); choose one with --platform");
}

std::string_view host_platform() {
#if defined(__x86_64__)
  return "linux/amd64";
#elif defined(__aarch64__)
  return "linux/arm64";
#elif defined(__arm__)
  return "linux/arm";
#elif defined(__i386__)
  return "linux/386";
#elif defined(__riscv)
  return "linux/riscv64";
#elif defined(__powerpc64__)
  return "linux/ppc64le";
#elif defined(__s390x__)
  return "linux/s390x";
#elif defined(__loongarch64)
  return "linux/loong64";
#else
  return "linux/unknown";
#endif
}

std::optional<std::string> find_disagreement(const ListedImage& image,
                                             const std::vector<ListedImage>& docker,
                                             const std::vector<ListedImage>& oci) {
  bool has_twin = false;
  const ListedImage* namesake = nullptr;
  for (const ListedImage& other : oci) {
    if (other.failure) continue;
    if (docker.size() == 1 || share_a_name(image, other)) namesake = &other;
    if (other.config.digest != image.config.digest) continue;
    // Docker 25.0 left all layers out of the OCI manifest but foreign ones (moby#47065).
    const bool says_nothing =
        std::all_of(other.layers.begin(), other.layers.end(),
                    [](const BlobRef& layer) { return is_foreign_layer(layer.media_type); });
    if (says_nothing || has_same_layers(image, other)) return std::nullopt;
    has_twin = true;
  }
  if (has_twin)
    return "manifest.json and index.json name different layers; manifest.json was followed";
  if (namesake == nullptr) return std::nullopt;
  return "manifest.json names the configuration " + image.config.digest + ", index.json " +
         namesake->config.digest + "; manifest.json was followed";
}

}  // namespace muslcheck::source
