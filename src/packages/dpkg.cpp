// Debian packages: which are installed (status, status.d) and which files they own (info/*.list,
// or *.md5sums where the lists are gone or never were, as in distroless images).
//
// Lists name files by the path in the package. A diversion (dpkg-divert(1)) moves the file of every
// package but the one that asked for it.
//
// A package is a vendor's if its maintainer is one of rules/vendors.json or if it puts files below
// /opt, which Debian policy (9.1.1, FHS) leaves to others. All else belongs to the distribution:
// calling a distribution's package a vendor's would report it as something to move.

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "databases.hpp"
#include "dpkg_purpose.hpp"
#include "dpkg_status.hpp"
#include "file_finder.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/packages/os_release.hpp"
#include "purl.hpp"

namespace muslcheck::packages {
namespace {

using filesystem::FileTree;

constexpr std::string_view kFolder = "var/lib/dpkg";
constexpr std::string_view kStatusFolder = "var/lib/dpkg/status.d";
constexpr std::string_view kInfoFolder = "var/lib/dpkg/info";

/// A paragraph and the file that has it.
struct Installed {
  DpkgParagraph paragraph;
  std::string database;
};

std::vector<Installed> find_installed(const FileTree& tree, std::vector<model::Problem>& problems) {
  std::vector<Installed> all;
  const auto add = [&](const std::string& path) {
    const std::string* text = metadata_at(tree, path);
    if (text == nullptr) return;
    // One more than may be, to see that there are too many.
    const std::size_t room = core::limits::kMaxPackages + 1 - all.size();
    for (DpkgParagraph& paragraph : parse_dpkg_status(*text, room))
      if (has_files(paragraph)) all.push_back({std::move(paragraph), path});
  };
  add(std::string(kDpkgStatus));
  for (const std::string& name : tree.children(kStatusFolder))
    if (!name.ends_with(".md5sums")) add(core::join_path(kStatusFolder, name));
  if (all.size() <= core::limits::kMaxPackages) return all;
  all.pop_back();
  problems.push_back({.path = std::string(kFolder),
                      .stage = "packages",
                      .code = "too-many-packages",
                      .message = "more packages than the " +
                                 std::to_string(core::limits::kMaxPackages) + " that are read"});
  return all;
}

/// By the path that is diverted. The file has three lines per diversion: from, to, package.
std::map<std::string, Diversion> read_diversions(const FileTree& tree) {
  std::map<std::string, Diversion> diversions;
  const std::string* text = metadata_at(tree, core::join_path(kFolder, "diversions"));
  if (text == nullptr) return diversions;
  const auto lines = core::split(*text, '\n');
  for (std::size_t i = 0; i + 2 < lines.size(); i += 3)
    diversions[core::normalize_path(lines[i])] = {core::normalize_path(lines[i + 1]),
                                                  std::string(lines[i + 2])};
  return diversions;
}

/// Lists that a package has taken: a list belongs to the first that asks for it, so that a status
/// file which repeats a package does not make its list be read again and again.
using TakenLists = std::set<std::string>;

/// The paths that a package lists, or nothing if the image does not have its list any more.
std::optional<std::vector<std::string>> listed_paths(const FileTree& tree,
                                                     const Installed& installed,
                                                     TakenLists& taken) {
  const DpkgParagraph& paragraph = installed.paragraph;
  const std::string with_arch = paragraph.name + ":" + paragraph.architecture;
  const std::string info = std::string(kInfoFolder) + "/";
  for (const std::string& path : {info + with_arch + ".list", info + paragraph.name + ".list",
                                  info + with_arch + ".md5sums", info + paragraph.name + ".md5sums",
                                  // Distroless: beside the package's own file, whatever its name.
                                  installed.database + ".md5sums"}) {
    const std::string* text = metadata_at(tree, path);
    if (text == nullptr) continue;
    const bool is_sums = path.ends_with(".md5sums");
    std::vector<std::string> paths;
    if (!taken.insert(path).second) return paths;
    core::for_each_part(*text, '\n', [&](std::string_view line) {
      if (line.size() > core::limits::kMaxPathLength) return;
      // "d41d8cd98f00b204e9800998ecf8427e  usr/bin/tool"
      if (is_sums) line = line.substr(std::min(line.size(), line.find("  ")));
      std::string listed = core::normalize_path(is_sums ? core::trim(line) : line);
      if (!listed.empty()) paths.push_back(std::move(listed));
    });
    return paths;
  }
  return std::nullopt;
}

Found found_of(const Installed& installed, const OsRelease& release,
               const model::KnownVendors& vendors) {
  const DpkgParagraph& paragraph = installed.paragraph;
  const std::string id = release.id.empty() ? "debian" : release.id;
  const std::string distro = release.version_id.empty() ? "" : id + "-" + release.version_id;
  Found found;
  found.package.ecosystem = "deb";
  found.package.name = paragraph.name;
  found.package.version = paragraph.version;
  found.package.purl = make_purl("deb", id + "/" + paragraph.name, paragraph.version,
                                 {{"arch", paragraph.architecture}, {"distro", distro}});
  found.package.path = installed.database;
  found.package.maintainer = paragraph.maintainer;
  found.package.distribution = !has_domain_of(paragraph.maintainer, vendors.deb_vendors);
  return found;
}

/// Those of dpkg itself: images that were made of single packages (distroless) have no status.
DpkgPurposes find_purposes(const FileTree& tree, const std::vector<Installed>& all) {
  std::vector<const DpkgParagraph*> of_status;
  for (const Installed& installed : all)
    if (installed.database == kDpkgStatus) of_status.push_back(&installed.paragraph);
  return {tree, of_status};
}

}  // namespace

std::vector<Found> find_dpkg_packages(const FileTree& tree, const model::KnownVendors& vendors,
                                      std::vector<model::Problem>& problems) {
  const OsRelease release = read_os_release(tree);
  FileFinder finder(tree, read_diversions(tree));
  std::vector<Found> packages;
  std::vector<std::string> unlisted;
  TakenLists taken;
  const std::vector<Installed> all = find_installed(tree, problems);
  const DpkgPurposes purposes = find_purposes(tree, all);
  for (const Installed& installed : all) {
    Found found = found_of(installed, release, vendors);
    found.package.since_layer = purposes.since_layer(installed.paragraph);
    found.package.on_purpose =
        installed.database == kDpkgStatus && purposes.is_on_purpose(installed.paragraph);
    const auto paths = listed_paths(tree, installed, taken);
    if (!paths) unlisted.push_back(installed.paragraph.name);
    for (const std::string& path : paths.value_or(std::vector<std::string>{})) {
      if (path != "opt" && core::is_below(path, "opt")) found.package.distribution = false;
      if (auto real = finder.find(path, installed.paragraph.name))
        found.files.push_back(std::move(*real));
    }
    packages.push_back(std::move(found));
  }
  if (!unlisted.empty())
    problems.push_back({.path = std::string(kFolder),
                        .stage = "packages",
                        .code = "dpkg-files-unknown",
                        .message = "the image does not say which files belong to " +
                                   std::to_string(unlisted.size()) +
                                   " packages (first: " + core::printable(unlisted.front()) + ")"});
  return packages;
}

}  // namespace muslcheck::packages
