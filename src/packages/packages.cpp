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
#include "muslcheck/packages/os_release.hpp"

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

constexpr FindPackages kDatabases[] = {
    find_apk_packages, find_composer_packages, find_gem_packages, find_conda_packages,
    find_npm_packages, find_nuget_packages,    find_package_file, find_python_packages};

using FindDistributionPackages = std::vector<Found> (*)(const filesystem::FileTree&,
                                                        const model::KnownVendors&,
                                                        std::vector<model::Problem>&);

/// Those that mix packages of a distribution with those of vendors.
constexpr FindDistributionPackages kDistributionDatabases[] = {find_dpkg_packages,
                                                               find_rpm_packages};

void append(std::vector<Found> found, std::vector<Found>& all) {
  std::move(found.begin(), found.end(), std::back_inserter(all));
}

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

bool is_library_folder(std::string_view folder) {
  const std::string_view name = core::file_name(folder);
  if (name.find("-linux-gnu") != std::string_view::npos) folder = core::parent_path(folder);
  return folder == "lib" || folder == "lib64" || folder == "usr/lib" || folder == "usr/lib64";
}

bool has_files_of_distribution(const PackageIndex& index) {
  return std::any_of(index.files.begin(), index.files.end(),
                     [&](const auto& file) { return index.packages[file.second].distribution; });
}

/// Slimmed images lack their package database, images FROM scratch with copied libraries never had
/// one. Both have the C library of the distribution, which nobody installs by hand. Beside a
/// database that lists files it is a copy, and nothing is lost.
void find_unowned_libc(const filesystem::FileTree& tree, PackageIndex& index) {
  if (is_musl_system(tree) || has_files_of_distribution(index)) return;
  for (const auto& [path, node] : tree.nodes()) {
    if (node.elf == nullptr || node.elf->soname != "libc.so.6" ||
        !is_library_folder(core::parent_path(path)) || index.owner(path))
      continue;
    index.unowned_libc_layer = node.layer;
    index.problems.push_back(
        {.path = path,
         .stage = "packages",
         .code = "no-package-database",
         .message = "nothing in the image says which files are the distribution's: those in its "
                    "folders count as replaced; --base, the saved base image, would tell exactly"});
    return;
  }
}

/// Who has which files and directories, of packages that stay in place.
class Places {
 public:
  explicit Places(const std::vector<Found>& packages) {
    for (const Found& found : packages) {
      for (const std::string& file : found.files) files_.emplace(file, &found);
      if (found.owns_directory) directories_.emplace(found.directory, &found);
    }
  }
  [[nodiscard]] const Found* owner(std::string_view path) const {
    if (const auto file = files_.find(path); file != files_.end()) return file->second;
    while (!path.empty()) {
      path = core::parent_path(path);
      const auto found = directories_.find(path);
      if (found != directories_.end()) return found->second;
    }
    return nullptr;
  }

 private:
  std::map<std::string_view, const Found*> files_;
  std::map<std::string_view, const Found*> directories_;
};

/// An archive may belong to a package itself. One of a distribution is replaced with all that is in
/// it, so nothing in it is a package of its own; any other is what the user depends on.
std::vector<Found> settle_owners(std::vector<Found> in_archives, const std::vector<Found>& others) {
  const Places places(others);
  std::vector<Found> settled;
  for (Found& found : in_archives) {
    const std::string_view path = found.package.path;
    const Found* owner = places.owner(path.substr(0, std::min(path.find("!/"), path.size() - 1)));
    if (owner != nullptr && owner->package.distribution) continue;
    if (owner != nullptr) {
      std::vector<std::string> owners = owner->package.owners;
      owners.push_back(owner->package.name);
      found.package.owners.insert(found.package.owners.begin(), owners.begin(), owners.end());
    }
    settled.push_back(std::move(found));
  }
  return settled;
}

void add(Found found, PackageIndex& index) {
  const std::size_t number = index.packages.size();
  for (std::string& file : found.files) index.files.emplace(std::move(file), number);
  // An application at the root of the image owns "", which is above everything.
  if (found.owns_directory) index.directories.emplace(found.directory, number);
  add_delivery(index, number, std::move(found.delivery));
  if (found.nuget != NugetDelivery{}) index.nuget.emplace(number, std::move(found.nuget));
  index.packages.push_back(std::move(found.package));
}

}  // namespace

std::optional<std::size_t> PackageIndex::owner(std::string_view path) const {
  if (const auto file = files.find(path); file != files.end()) return file->second;
  for (std::string_view folder = path; !folder.empty();) {
    folder = core::parent_path(folder);
    if (const auto found = directories.find(folder); found != directories.end())
      return found->second;
    // What is in an archive belongs to whom the archive belongs to.
    if (!folder.ends_with('!')) continue;
    const auto archive = files.find(folder.substr(0, folder.size() - 1));
    if (archive != files.end()) return archive->second;
  }
  return std::nullopt;
}

const std::string* metadata_at(const filesystem::FileTree& tree, std::string_view path) {
  const filesystem::Lookup lookup = tree.lookup(path);
  return lookup.node == nullptr ? nullptr : lookup.node->metadata;
}

PackageIndex identify_packages(const filesystem::FileTree& tree,
                               const model::KnownVendors& vendors) {
  PackageIndex index;
  std::vector<Found> all;
  for (const FindPackages find : kDatabases) append(find(tree, index.problems), all);
  for (const FindDistributionPackages find : kDistributionDatabases)
    append(find(tree, vendors, index.problems), all);
  drop_told_by_others(all);
  append(settle_owners(find_maven_packages(tree, index.problems), all), all);
  std::sort(all.begin(), all.end(), sorts_before);
  for (Found& found : all) add(std::move(found), index);
  // What a program says of itself counts only where nothing else does.
  for (Found& found : find_programs(tree))
    if (!index.owner(found.package.path)) add(std::move(found), index);
  find_unowned_libc(tree, index);
  return index;
}

}  // namespace muslcheck::packages
