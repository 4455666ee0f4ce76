// Packages by purl and directory. An image may have thousands of copies of one package, so a path
// is looked up by its parents and never compared with all of them.

#include "report/package_lookup.hpp"

#include "muslcheck/core/paths.hpp"

namespace muslcheck::report {

PackageLookup::PackageLookup(const std::vector<model::Package>& packages) {
  for (std::size_t i = 0; i < packages.size(); ++i) {
    Copies& copies = copies_.try_emplace(packages[i].purl, Copies{i, {}}).first->second;
    copies.by_directory.emplace(packages[i].path, i);
  }
}

std::optional<std::size_t> PackageLookup::find(std::string_view purl, std::string_view path) const {
  const auto found = copies_.find(purl);
  if (found == copies_.end()) return std::nullopt;
  const Copies& copies = found->second;
  for (std::string_view directory = path;; directory = core::parent_path(directory)) {
    const auto copy = copies.by_directory.find(directory);
    if (copy != copies.by_directory.end()) return copy->second;
    if (directory.empty()) return copies.first;
  }
}

}  // namespace muslcheck::report
