// Names of images made from the tag of another: which runtime belongs to which tools.

#include "plan/final_image.hpp"

#include <algorithm>
#include <string_view>

namespace muslcheck::plan {
namespace {

void replace(std::string& text, std::string_view from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at != std::string::npos) text.replace(at, from.size(), to);
}

/// "21" of "21-jdk-alpine", "3.9-eclipse-temurin-21-alpine", "8-jdk21-alpine".
std::string java_version(const std::string& tag) {
  constexpr std::string_view kDigits = "0123456789";
  std::size_t start = 0;
  for (const std::string_view word : {"temurin-", "corretto-", "-jdk"}) {
    const std::size_t at = tag.find(word);
    if (at != std::string::npos && at + word.size() < tag.size() &&
        kDigits.find(tag[at + word.size()]) != std::string_view::npos)
      start = at + word.size();
  }
  return tag.substr(start, std::min(tag.find_first_not_of(kDigits, start), tag.size()) - start);
}

/// "8.0-alpine" of "8.0.401-alpine": the SDK's last number is not the runtime's.
std::string without_patch_version(const std::string& tag) {
  if (tag.find('$') != std::string::npos) return tag;
  const std::size_t end = std::min(tag.find('-'), tag.size());
  const std::string version = tag.substr(0, end);
  const std::size_t dot = version.find('.');
  const std::size_t second = dot == std::string::npos ? dot : version.find('.', dot + 1);
  return version.substr(0, second) + tag.substr(end);
}

}  // namespace

std::string fill_image(const std::string& pattern, const std::string& tag,
                       const std::string& release) {
  std::string image = pattern;
  const std::string java = java_version(tag);
  if (java.empty() && image.find("{java}") != std::string::npos) return {};
  replace(image, "{release}", release);
  replace(image, "{java}", java);
  replace(image, "{tag}", without_patch_version(tag));
  return image;
}

}  // namespace muslcheck::plan
