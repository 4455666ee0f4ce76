// Where the bytes of an image are: in the base, in the language runtime, in tools that only the
// build needed, in packages that only development needs, in caches, in what a later layer deletes,
// and in the application. Only regular files count; what the tar format adds to each is left out.

#include "muslcheck/migrate/measure.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "muslcheck/core/text.hpp"
#include "muslcheck/runtimes/language_runtimes.hpp"

namespace muslcheck::migrate {
namespace {

using model::FileKind;
using model::SizePart;

bool is_image(const ImageFacts& image) {
  if (image.source.kind == "file") return false;
  return image.source.kind != "dir" || image.tree.lookup("etc/os-release").node != nullptr;
}

std::uint64_t bytes_in(const model::LayerFacts& layer) {
  std::uint64_t bytes = 0;
  for (const model::FileEntry& entry : layer.entries)
    if (entry.kind == FileKind::regular) bytes += entry.size;
  return bytes;
}

class Sorter {
 public:
  Sorter(const ImageFacts& image, const rules::SizeKinds& kinds) : image_(image), kinds_(kinds) {}

  [[nodiscard]] const char* kind_of(const filesystem::Node& node) const {
    const std::string& path = node.entry.path;
    const auto owner = image_.packages.owner(path);
    const model::Package* package = owner ? &image_.packages.packages[*owner] : nullptr;
    if (is_of_runtime(path, package))
      return core::matches_any(kinds_.build_paths, path) ? "build-tools" : "runtime";
    if (is_of_base(node)) return "base";
    if (package != nullptr && package->distribution) return kind_of_package(*package);
    if (core::matches_any(kinds_.cache_paths, path)) return "caches";
    if (core::matches_any(kinds_.build_paths, path)) return "build-tools";
    if (package != nullptr && package->development) return "development";
    if (package == nullptr && core::matches_any(kinds_.distribution_paths, path))
      return image_.source.base ? "packages" : "base";
    return "application";
  }

 private:
  [[nodiscard]] bool is_of_base(const filesystem::Node& node) const {
    return image_.source.base && node.layer >= 0 &&
           static_cast<std::size_t>(node.layer) < image_.source.base->layers;
  }

  [[nodiscard]] bool is_of_runtime(std::string_view path, const model::Package* package) const {
    const std::string_view name = package == nullptr ? std::string_view() : package->name;
    return std::any_of(image_.source.runtimes.begin(), image_.source.runtimes.end(),
                       [&](const model::Runtime& runtime) {
                         return !runtime.distribution && runtimes::belongs_to(runtime, path, name);
                       });
  }

  /// Without a known base its packages cannot be told from those that were added.
  [[nodiscard]] const char* kind_of_package(const model::Package& package) const {
    if (core::matches_any(kinds_.build_packages, package.name)) return "build-tools";
    return image_.source.base && image_.source.base->layers != 0 ? "packages" : "base";
  }

  const ImageFacts& image_;
  const rules::SizeKinds& kinds_;
};

}  // namespace

std::optional<model::SizeMath> measure_image(const ImageFacts& image,
                                             const rules::RuleSet& rules) {
  if (!is_image(image)) return std::nullopt;
  model::SizeMath size;
  std::uint64_t all_files = 0;
  for (const model::LayerFacts& layer : image.tree.layers()) {
    size.layers.push_back(bytes_in(layer));
    size.before += size.layers.back();
    all_files += static_cast<std::uint64_t>(
        std::count_if(layer.entries.begin(), layer.entries.end(), [](const auto& entry) {
          return entry.kind == FileKind::regular;
        }));
  }
  std::map<std::string, SizePart> parts;
  std::uint64_t seen = 0;
  std::uint64_t seen_files = 0;
  const Sorter sorter(image, rules.size_kinds);
  for (const auto& [path, node] : image.tree.nodes()) {
    if (node.in_archive || node.entry.kind != FileKind::regular) continue;
    SizePart& part = parts[sorter.kind_of(node)];
    part.bytes += node.entry.size;
    ++part.files;
    seen += node.entry.size;
    ++seen_files;
  }
  // A hard link into a layer below counts where it was made: then nothing is hidden.
  if (size.before > seen)
    parts["hidden"] = {.bytes = size.before - seen,
                       .files = all_files > seen_files ? all_files - seen_files : 0};
  size.before = std::max(size.before, seen);
  for (auto& [kind, part] : parts) {
    part.kind = kind;
    size.parts.push_back(std::move(part));
  }
  std::stable_sort(
      size.parts.begin(), size.parts.end(),
      [](const SizePart& left, const SizePart& right) { return left.bytes > right.bytes; });
  return size;
}

}  // namespace muslcheck::migrate
