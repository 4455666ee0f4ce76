// Any bytes as what the layers of an image have of dpkg: its status in each, and apt's marks in the
// last, with a zero byte between them. Who owns which file is left to the unit tests.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz_target.hpp"
#include "muslcheck/core/text.hpp"
#include "packages/dpkg_purpose.hpp"

namespace {

using namespace muslcheck;

constexpr std::size_t kMaxLayers = 8;

void add(model::LayerFacts& layer, std::string_view path, std::string_view text) {
  layer.entries.push_back({.path = std::string(path), .size = text.size(), .link_target = {}});
  layer.metadata.emplace(path, text);
}

std::vector<model::LayerFacts> layers_of(std::string_view text) {
  const auto parts = core::split(text, '\0');
  std::vector<model::LayerFacts> layers;
  for (std::size_t i = 0; i + 1 < parts.size() && i < kMaxLayers; ++i)
    add(layers.emplace_back(), packages::kDpkgStatus, parts[i]);
  if (!layers.empty()) add(layers.back(), packages::kAptStates, parts.back());
  return layers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto layers = layers_of({reinterpret_cast<const char*>(data), size});
  if (layers.empty()) return 0;
  const int last = static_cast<int>(layers.size()) - 1;
  const filesystem::FileTree tree(std::move(layers));
  const auto paragraphs = packages::parse_dpkg_status(
      tree.layers().back().metadata.at(std::string(packages::kDpkgStatus)));
  std::vector<const packages::DpkgParagraph*> installed;
  for (const packages::DpkgParagraph& paragraph : paragraphs)
    if (packages::has_files(paragraph)) installed.push_back(&paragraph);
  const packages::DpkgPurposes purposes(tree, installed);
  for (const packages::DpkgParagraph* package : installed) {
    fuzz_check(!package->name.empty());
    const int since = purposes.since_layer(*package);
    fuzz_check(since >= 0 && since <= last);
    // Of several layers the lowest is the distribution's own.
    if (last > 0 && since == 0) fuzz_check(!purposes.is_on_purpose(*package));
  }
  return 0;
}
