// All package databases of an image as one index.

#include "muslcheck/packages/packages.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "databases.hpp"
#include "muslcheck/core/paths.hpp"

namespace muslcheck::packages {
namespace {

bool sorts_before(const Found& a, const Found& b) {
  const auto key = [](const Found& found) {
    const model::Package& p = found.package;
    return std::tie(p.ecosystem, p.name, p.version, p.path, p.purl);
  };
  return key(a) < key(b);
}

}  // namespace

std::optional<std::size_t> PackageIndex::owner(std::string_view path) const {
  if (const auto file = files.find(path); file != files.end()) return file->second;
  for (std::string_view folder = path; !folder.empty();) {
    folder = core::parent_path(folder);
    if (const auto found = directories.find(folder); found != directories.end())
      return found->second;
  }
  return std::nullopt;
}

PackageIndex identify_packages(const filesystem::FileTree& tree) {
  PackageIndex index;
  std::vector<Found> all = find_npm_packages(tree, index.problems);
  std::vector<Found> dpkg = find_dpkg_packages(tree, index.problems);
  std::move(dpkg.begin(), dpkg.end(), std::back_inserter(all));
  std::vector<Found> scanned = find_package_file(tree, index.problems);
  std::move(scanned.begin(), scanned.end(), std::back_inserter(all));
  std::sort(all.begin(), all.end(), sorts_before);
  for (Found& found : all) {
    const std::size_t number = index.packages.size();
    for (std::string& file : found.files) index.files.emplace(std::move(file), number);
    // An application at the root of the image owns "", which is above everything.
    if (found.owns_directory) index.directories.emplace(found.directory, number);
    index.packages.push_back(std::move(found.package));
  }
  return index;
}

}  // namespace muslcheck::packages
