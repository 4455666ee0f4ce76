// Python packages, found by what pip, setuptools and distutils leave beside them:
//
//   NAME-VERSION.dist-info/   METADATA, RECORD, WHEEL, and an empty REQUESTED if it was asked for
//                             by name (PEP 376, PEP 627; pip)
//   NAME-VERSION.egg-info/    PKG-INFO, requires.txt, installed-files.txt (setuptools)
//   NAME-VERSION.egg-info     the same as PKG-INFO, as one file (distutils)
//   NAME.egg/EGG-INFO/        a folder of its own for one package (easy_install)
//
// The folder that holds them is what Python imports from: site-packages, dist-packages, or one
// given to pip install --target. RECORD names the package's files relative to it. Where it is
// missing (it may be taken away to make an image smaller), the package is what top_level.txt says,
// and NAME.libs, into which auditwheel puts the libraries that a wheel brings.
//
// Whose package it is when a distribution's database lists these files too is decided in
// packages.cpp.

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "databases.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "owner_walk.hpp"
#include "purl.hpp"
#include "python_metadata.hpp"

namespace muslcheck::packages {
namespace {

using filesystem::FileTree;

/// One installed package and where its metadata is.
struct Installed {
  std::string folder;  ///< with the metadata files; the file itself for distutils
  std::string site;    ///< what Python imports from
  std::string header;  ///< path of METADATA or PKG-INFO
  PythonMetadata metadata;
  bool is_requested = false;
};

bool is_egg_folder(std::string_view folder) { return core::file_name(folder) == "EGG-INFO"; }

bool is_metadata_folder(std::string_view folder) {
  return folder.ends_with(".dist-info") || folder.ends_with(".egg-info") || is_egg_folder(folder);
}

/// METADATA in a dist-info folder, PKG-INFO in an egg's, or distutils' file.
bool is_header(std::string_view path) {
  const std::string_view name = core::file_name(path);
  const std::string_view folder = core::parent_path(path);
  if (name == "METADATA") return folder.ends_with(".dist-info");
  if (name == "PKG-INFO") return folder.ends_with(".egg-info") || is_egg_folder(folder);
  return name.ends_with(".egg-info") && !is_metadata_folder(folder);
}

const std::string* file_in(const FileTree& tree, const std::string& folder, std::string_view name) {
  const filesystem::Node* node = tree.find(core::join_path(folder, name));
  return node == nullptr ? nullptr : node->metadata;
}

/// Name and version by the folder's name, for a header that does not say them.
void fill_from_folder(Installed& installed) {
  std::string_view name = core::file_name(installed.folder);
  if (is_egg_folder(installed.folder)) name = core::file_name(installed.site);
  name = name.substr(0, name.rfind('.'));
  const std::size_t dash = name.find('-');
  const std::string_view version =
      dash == std::string_view::npos ? std::string_view() : name.substr(dash + 1);
  if (is_python_name(name.substr(0, dash))) installed.metadata.name = name.substr(0, dash);
  if (version.size() <= core::limits::kMaxPackageField)
    installed.metadata.version = version.substr(0, version.find('-'));
}

Installed read_installed(const FileTree& tree, const std::string& header, const std::string& text,
                         std::vector<model::Problem>& problems) {
  Installed installed;
  installed.header = header;
  installed.folder = header.ends_with(".egg-info") ? header : core::parent_path(header);
  installed.site = core::parent_path(installed.folder);
  installed.metadata = parse_python_metadata(text);
  if (installed.metadata.name.empty()) {
    problems.push_back({.path = header,
                        .stage = "packages",
                        .code = "python-metadata-invalid",
                        .message = "it names no package"});
    fill_from_folder(installed);
  }
  if (const std::string* requires_txt = file_in(tree, installed.folder, "requires.txt"))
    installed.metadata.requirements = parse_requires_txt(*requires_txt);
  installed.is_requested = tree.find(core::join_path(installed.folder, "REQUESTED")) != nullptr;
  return installed;
}

std::vector<Installed> find_installed(const FileTree& tree, std::vector<model::Problem>& problems) {
  std::vector<Installed> all;
  for (const auto* entry : tree.with_metadata()) {
    const auto& [path, node] = *entry;
    if (!is_header(path)) continue;
    if (all.size() == core::limits::kMaxPackages) {
      problems.push_back({.path = path,
                          .stage = "packages",
                          .code = "too-many-packages",
                          .message = "more packages than the " +
                                     std::to_string(core::limits::kMaxPackages) +
                                     " that are read"});
      break;
    }
    Installed installed = read_installed(tree, path, *node.metadata, problems);
    if (!installed.metadata.name.empty()) all.push_back(std::move(installed));
  }
  return all;
}

/// Finds out which files of the tree are a package's.
class FileFinder {
 public:
  FileFinder(const FileTree& tree, std::vector<model::Problem>& problems)
      : tree_(tree), problems_(problems) {}

  std::vector<std::string> find(const Installed& installed) {
    files_.clear();
    const auto record = [](std::string_view line) { return parse_record_path(line); };
    const auto plain = [](std::string_view line) { return std::string(core::trim(line)); };
    const bool is_listed = add_listed(installed, "RECORD", installed.site, record) ||
                           add_listed(installed, "installed-files.txt", installed.folder, plain);
    if (!is_listed && !is_egg_folder(installed.folder)) add_by_name(installed);
    add_file(installed.header);
    return std::move(files_);
  }

 private:
  /// Adds what a list names, relative to `folder`; false if there is no such list.
  template <typename Parse>
  bool add_listed(const Installed& installed, std::string_view name, const std::string& folder,
                  Parse parse) {
    const std::string* list = file_in(tree_, installed.folder, name);
    if (list == nullptr) return false;
    core::for_each_part(*list, '\n', [&](std::string_view line) {
      if (line.empty() || !has_room(installed)) return;
      const std::string path = parse(line);
      if (path.empty() || path.size() > core::limits::kMaxPathLength) return;
      // pip lists what it compiled as well; nothing will ever ask for these.
      if (!path.ends_with(".pyc")) add_file(core::resolve_path(folder, path));
    });
    return true;
  }

  bool has_room(const Installed& installed) {
    if (lines_ == core::limits::kMaxListedFiles)
      problems_.push_back({.path = installed.folder,
                           .stage = "packages",
                           .code = "too-many-listed-files",
                           .message = "packages list more files than the " +
                                      std::to_string(core::limits::kMaxListedFiles) +
                                      " that are read"});
    return lines_++ < core::limits::kMaxListedFiles;
  }

  void add_file(const std::string& path) {
    const filesystem::Node* node = tree_.find(path);
    if (node != nullptr && node->entry.kind != model::FileKind::directory) files_.push_back(path);
  }

  /// Adds what bears the package's name in its site folder.
  void add_by_name(const Installed& installed) {
    if (add_from_namespace(installed)) return;
    const std::set<std::string> names = top_level_names(installed);
    const std::string package = normalize_python_name(installed.metadata.name);
    for (const std::string& child : children_of(installed.site)) {
      const std::string_view stem = std::string_view(child).substr(0, child.find('.'));
      const bool is_libraries = child.ends_with(".libs") &&
                                normalize_python_name(child.substr(0, child.size() - 5)) == package;
      if (is_libraries || names.count(std::string(stem)) != 0)
        add_tree(core::join_path(installed.site, child));
    }
  }

  /// "zope.interface" shares the folder zope with zope.event and others, and all of them say "zope" in
  /// top_level.txt: what is its own is zope/interface. False for any other package.
  bool add_from_namespace(const Installed& installed) {
    std::string inside = installed.metadata.name;
    if (inside.find('.') == std::string::npos) return false;
    std::replace(inside.begin(), inside.end(), '.', '/');
    const std::string path = core::join_path(installed.site, core::normalize_path(inside));
    if (tree_.find(path) == nullptr) return false;
    add_tree(path);
    return true;
  }

  /// Modules that the package brings, by top_level.txt or by its own name.
  std::set<std::string> top_level_names(const Installed& installed) const {
    std::set<std::string> names;
    const std::string* list = file_in(tree_, installed.folder, "top_level.txt");
    if (list == nullptr) {
      std::string name = normalize_python_name(installed.metadata.name);
      std::replace(name.begin(), name.end(), '-', '_');
      return {std::move(name)};
    }
    core::for_each_part(*list, '\n', [&](std::string_view line) {
      if (names.size() < core::limits::kMaxDependencies) names.emplace(core::trim(line));
    });
    return names;
  }

  const std::vector<std::string>& children_of(const std::string& site) {
    if (!has_children_ || children_site_ != site) {
      children_ = tree_.children(site);
      children_site_ = site;
      has_children_ = true;
    }
    return children_;
  }

  /// Adds a file or all below a folder. A folder has one owner: the first that asks.
  void add_tree(const std::string& path) {
    if (!taken_.insert(path).second) return;
    add_file(path);
    const std::string prefix = path + "/";
    const auto& nodes = tree_.nodes();
    for (auto node = nodes.lower_bound(prefix);
         node != nodes.end() && node->first.starts_with(prefix); ++node)
      add_file(node->first);
  }

  const FileTree& tree_;
  std::vector<model::Problem>& problems_;
  std::vector<std::string> files_;
  std::set<std::string> taken_;
  std::vector<std::string> children_;
  std::string children_site_;
  bool has_children_ = false;
  std::size_t lines_ = 0;
};

/// Fedora's lib and lib64 are one place to import from.
std::string environment_of(const std::string& site) {
  constexpr std::string_view kLib64 = "lib64/";
  const std::size_t at = ("/" + site).find("/lib64/");
  if (at == std::string::npos) return site;
  return site.substr(0, at) + "lib/" + site.substr(at + kLib64.size());
}

/// Who needs whom, within each site folder.
class Graph {
 public:
  explicit Graph(const std::vector<Installed>& all) : all_(all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string site = environment_of(all[i].site);
      by_name_.emplace(std::make_pair(site, normalize_python_name(all[i].metadata.name)), i);
      if (all[i].is_requested) marked_.insert(site);
    }
  }

  /// pip marks what was asked for by name. Where no package has the mark (another installer, an
  /// old pip), it is what nobody needs. What only an extra needs may have been asked for just as
  /// well: it counts as needed only where the marks say that it was not.
  std::vector<std::vector<std::string>> find_owners() const {
    const Needs needs = find_needs(false);
    OwnerWalk walk(names());
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (all_[i].is_requested) walk.start(i);
    walk.spread(needs);
    walk.spread(find_needs(true));
    for (const std::size_t root : find_roots(needs)) walk.start(root);
    walk.spread(needs);
    return walk.owners();
  }

 private:
  Needs find_needs(bool with_extras) const {
    Needs needs(all_.size());
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const std::string site = environment_of(all_[i].site);
      for (const PythonRequirement& requirement : all_[i].metadata.requirements) {
        if (requirement.only_for_extra && (!with_extras || marked_.count(site) == 0)) continue;
        const auto found = by_name_.find(std::make_pair(site, requirement.name));
        if (found != by_name_.end() && found->second != i) needs[i].push_back(found->second);
      }
    }
    return needs;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Installed& installed : all_)
      names.push_back(normalize_python_name(installed.metadata.name));
    return names;
  }

  const std::vector<Installed>& all_;
  std::map<std::pair<std::string, std::string>, std::size_t> by_name_;
  std::set<std::string> marked_;
};

Found found_of(const FileTree& tree, const Installed& installed, std::vector<std::string> owners) {
  Found found;
  found.package.ecosystem = "pypi";
  found.package.name = normalize_python_name(installed.metadata.name);
  found.package.version = installed.metadata.version;
  found.package.purl = make_purl("pypi", found.package.name, found.package.version);
  found.package.path = installed.folder;
  found.package.owners = std::move(owners);
  if (const std::string* wheel = file_in(tree, installed.folder, "WHEEL"))
    found.package.platforms = parse_wheel_tags(*wheel);
  found.owns_directory = is_egg_folder(installed.folder);
  if (found.owns_directory) found.directory = installed.site;
  found.evidence = installed.header;
  return found;
}

}  // namespace

std::vector<Found> find_python_packages(const FileTree& tree,
                                        std::vector<model::Problem>& problems) {
  const std::vector<Installed> all = find_installed(tree, problems);
  auto owners = Graph(all).find_owners();
  FileFinder finder(tree, problems);
  std::vector<Found> packages;
  for (std::size_t i = 0; i < all.size(); ++i) {
    packages.push_back(found_of(tree, all[i], std::move(owners[i])));
    packages.back().files = finder.find(all[i]);
  }
  return packages;
}

}  // namespace muslcheck::packages
