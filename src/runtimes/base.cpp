// The base as the image itself names it. Builders may leave labels (OCI image-spec,
// annotations.md); official images leave their history. Both say what the image was built on,
// neither says anything about files, so all this decides is how many leading layers are not the
// user's.

#include "muslcheck/runtimes/base.hpp"

#include <algorithm>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/packages/os_release.hpp"
#include "runtimes/base_history.hpp"
#include "runtimes/environment.hpp"

namespace muslcheck::runtimes {
namespace {

using filesystem::FileTree;
using model::BaseImage;
using model::SourceInfo;

/// What {NAME} in the name of a base stands for: the image's Env knows best.
std::string value_of(std::string_view name, const SourceInfo& image,
                     const packages::OsRelease& os) {
  const std::string set = environment_value(image.config.env, name).value_or("");
  if (!set.empty()) return set;
  if (name == "VERSION_ID") return os.version_id;
  return name == "VERSION_CODENAME" ? os.version_codename : std::string();
}

/// What a tag makes of a value: "17.0.10_7" of "jdk-17.0.10+7" (official images write _ for +).
std::string tag_of(std::string_view value, const std::vector<std::string>& cut) {
  for (const std::string& beginning : cut)
    if (value.starts_with(beginning)) {
      value.remove_prefix(beginning.size());
      break;
    }
  std::string tag(value.substr(0, core::limits::kMaxImageName));
  std::replace_if(
      tag.begin(), tag.end(),
      [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '.' || c == '-' || c == '_');
      },
      '_');
  return tag;
}

/// "node:22.23.2-bookworm-slim"; "node" if a value of the tag is not known.
std::string name_of(const OfficialPart& part, const SourceInfo& image,
                    const packages::OsRelease& os) {
  std::string name;
  std::string_view pattern = part.base->name;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    name += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = pattern.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string key(pattern.substr(open + 1, close - open - 1));
    const std::string value = tag_of(value_of(key, image, os), part.base->cut);
    if (value.empty()) return part.base->name.substr(0, part.base->name.rfind(':'));
    name += value;
    pattern.remove_prefix(close + 1);
  }
  return core::shortened(name + part.suffix, core::limits::kMaxImageName);
}

/// Each line that made a layer must stand for one: a squashed image keeps lines that made nothing.
bool maps_to_layers(const SourceInfo& image) {
  const auto made = std::count_if(image.config.history.begin(), image.config.history.end(),
                                  [](const model::HistoryEntry& e) { return !e.empty_layer; });
  return !image.layers.empty() && static_cast<std::size_t>(made) == image.layers.size();
}

OfficialPart by_history(const SourceInfo& image, const packages::OsRelease& os,
                        const std::vector<model::BaseRecogniser>& known) {
  if (!maps_to_layers(image)) return {};
  ImageTraits traits{.os = os.id, .envs = {}};
  for (const std::string& entry : image.config.env)
    traits.envs.push_back(entry.substr(0, entry.find('=')));
  return find_official_part(image.config.history, traits, known);
}

std::string label_of(const SourceInfo& image, const char* name) {
  const auto label = image.config.labels.find(std::string("org.opencontainers.image.base.") + name);
  return label == image.config.labels.end()
             ? std::string()
             : core::shortened(core::trim(label->second), core::limits::kMaxImageName);
}

/// "sha256:0f3a..."; labels are free text.
bool is_digest(std::string_view text) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos && colon != 0 && colon + 1 < text.size() &&
         text.find_first_not_of("0123456789abcdef", colon + 1) == std::string_view::npos &&
         text.substr(0, colon).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+._-") ==
             std::string_view::npos;
}

}  // namespace

std::optional<BaseImage> find_base(const SourceInfo& image, const FileTree& tree,
                                   const std::vector<model::BaseRecogniser>& known) {
  const packages::OsRelease os = packages::read_os_release(tree);
  const OfficialPart official = by_history(image, os, known);
  BaseImage base{.name = label_of(image, "name"),
                 .digest = label_of(image, "digest"),
                 .how = "label",
                 .layers = official.layers};
  if (!is_digest(base.digest)) base.digest.clear();
  if (!base.name.empty()) return base;
  if (official.base == nullptr) return std::nullopt;
  base.name = name_of(official, image, os);
  base.how = "history";
  return base;
}

std::size_t count_shared_layers(const SourceInfo& image, const SourceInfo& base) {
  std::size_t shared = 0;
  while (shared < image.layers.size() && shared < base.layers.size() &&
         !image.layers[shared].digest.empty() &&
         image.layers[shared].digest == base.layers[shared].digest)
    ++shared;
  return shared;
}

}  // namespace muslcheck::runtimes
