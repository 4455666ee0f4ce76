// From a version to the tag of an official image. Images are tagged by version with fewer and fewer
// parts (20.11.1, 20.11, 20); the table has those of them that it has seen.

#include <algorithm>

#include "muslcheck/core/search.hpp"
#include "muslcheck/runtimes/language_runtimes.hpp"

namespace muslcheck::runtimes {
namespace {

/// "20.11.1", "20.11", "20".
std::vector<std::string_view> less_and_less_specific(std::string_view version) {
  std::vector<std::string_view> versions;
  while (!version.empty()) {
    versions.push_back(version);
    const auto dot = version.rfind('.');
    version = dot == std::string_view::npos ? std::string_view() : version.substr(0, dot);
  }
  return versions;
}

}  // namespace

const model::ImageTag* find_image_tag(const std::vector<model::ImageTag>& tags,
                                      std::string_view image, std::string_view version,
                                      const std::vector<std::string>& suffixes,
                                      std::string_view release) {
  for (const std::string& suffix : suffixes)
    for (const std::string_view part : less_and_less_specific(version)) {
      const std::string wanted = std::string(part) + suffix;
      const model::ImageTag* found = core::find_where(tags, [&](const model::ImageTag& tag) {
        return tag.image == image && (release.empty() || tag.release == release) &&
               core::contains(tag.glibc, wanted);
      });
      if (found != nullptr) return found;
    }
  return nullptr;
}

}  // namespace muslcheck::runtimes
