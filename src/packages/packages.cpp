// All package databases of an image as one index.

#include "muslcheck/packages/packages.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_set>

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

using FindPackages = std::vector<Found> (*)(const filesystem::FileTree&,
                                            std::vector<model::Problem>&);

constexpr FindPackages kDatabases[] = {find_apk_packages, find_conda_packages, find_dpkg_packages,
                                       find_npm_packages, find_package_file,   find_python_packages,
                                       find_rpm_packages};

/// Takes away packages whose own metadata another package brought, with all its files.
void drop_told_by_others(std::vector<Found>& all) {
  std::unordered_set<std::string> told;
  for (const Found& found : all)
    if (!found.evidence.empty()) told.insert(found.evidence);
  if (told.empty()) return;
  std::unordered_set<std::string> listed;
  for (const Found& found : all)
    if (found.evidence.empty())
      for (const std::string& file : found.files)
        if (told.count(file) != 0) listed.insert(file);
  const auto is_listed = [&](const Found& found) { return listed.count(found.evidence) != 0; };
  all.erase(std::remove_if(all.begin(), all.end(), is_listed), all.end());
}

/// Kept for packages that deliver native code in one of the ways that a chooser knows.
void add_delivery(PackageIndex& index, std::size_t number, NpmDelivery delivery) {
  for (const std::string& name : delivery.optional_dependencies)
    index.npm_optional_dependents[name].push_back(number);
  if (delivery != NpmDelivery{}) index.npm.emplace(number, std::move(delivery));
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

const std::string* metadata_at(const filesystem::FileTree& tree, std::string_view path) {
  const filesystem::Lookup lookup = tree.lookup(path);
  return lookup.node == nullptr ? nullptr : lookup.node->metadata;
}

PackageIndex identify_packages(const filesystem::FileTree& tree) {
  PackageIndex index;
  std::vector<Found> all;
  for (const FindPackages find : kDatabases) {
    std::vector<Found> found = find(tree, index.problems);
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  drop_told_by_others(all);
  std::sort(all.begin(), all.end(), sorts_before);
  for (Found& found : all) {
    const std::size_t number = index.packages.size();
    for (std::string& file : found.files) index.files.emplace(std::move(file), number);
    // An application at the root of the image owns "", which is above everything.
    if (found.owns_directory) index.directories.emplace(found.directory, number);
    add_delivery(index, number, std::move(found.delivery));
    index.packages.push_back(std::move(found.package));
  }
  return index;
}

}  // namespace muslcheck::packages
