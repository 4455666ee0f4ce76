// Is the musl variant of a module installed beside it? Then the module itself is dead weight on
// musl: its host takes the other one.
//
// A sibling counts only if it is there as an ELF file for the same architecture that is not built
// for glibc itself. An empty folder, or one that only has a package.json, is no sibling.

#include <algorithm>
#include <optional>
#include <string_view>

#include "musl_names.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/runtimes/hosts.hpp"

namespace muslcheck::runtimes {
namespace {

using filesystem::FileTree;
using filesystem::Node;
using model::ElfFacts;

constexpr std::string_view kModules = "node_modules";
constexpr std::string_view kPnpmStore = ".pnpm";

bool fits(const Node* candidate, const ElfFacts& own) {
  if (candidate == nullptr || candidate->elf == nullptr) return false;
  const ElfFacts& facts = *candidate->elf;
  return facts.machine == own.machine && facts.elf_class == own.elf_class &&
         facts.byte_order == own.byte_order &&
         model::classify_libc(facts).libc != model::Libc::glibc;
}

/// Where in a tree a platform package is.
struct PackagePlace {
  std::string modules;  ///< the folder that has it: ".../node_modules"
  std::string name;     ///< "@img/sharp-linux-x64"
  std::string inside;   ///< path of the file in the package
};

/// The package of a file by the innermost node_modules above it. Without one, the tree's root may
/// itself be a node_modules folder (is_package tells).
std::optional<PackagePlace> find_place(std::string_view path) {
  const auto parts = core::split(path, '/');
  const auto modules = std::find(parts.rbegin(), parts.rend(), kModules);
  std::size_t at = static_cast<std::size_t>(parts.rend() - modules);
  const auto text_of = [&](std::size_t first, std::size_t last) {
    std::string text;
    for (std::size_t i = first; i < last; ++i) text = core::join_path(text, parts[i]);
    return text;
  };
  PackagePlace place;
  place.modules = text_of(0, at);
  const std::size_t length = at < parts.size() && parts[at].starts_with('@') ? 2 : 1;
  if (at + length >= parts.size()) return std::nullopt;  // a file in no package's folder
  place.name = text_of(at, at + length);
  place.inside = text_of(at + length, parts.size());
  return place;
}

/// A fitting ELF file in a package's folder: the one with the module's own path there or the path
/// its musl variant would have, else the first.
std::string find_in_package(const FileTree& tree, const std::string& folder,
                            const std::string& inside, const ElfFacts& own) {
  const std::string same = folder + "/" + inside;
  if (fits(tree.find(same), own)) return same;
  const std::string prefix = folder + "/";
  for (auto at = tree.nodes().lower_bound(prefix);
       at != tree.nodes().end() && at->first.starts_with(prefix); ++at)
    if (fits(&at->second, own)) return at->first;
  return {};
}

/// pnpm keeps each package in a folder of its own:
/// .pnpm/@img+sharp-linux-x64@0.33.5/node_modules/@img/sharp-linux-x64.
std::string find_in_pnpm_store(const FileTree& tree, const PackagePlace& place,
                               const std::string& musl_name, const ElfFacts& own) {
  const std::string_view entry = core::parent_path(place.modules);
  const std::string_view store = core::parent_path(entry);
  if (core::file_name(store) != kPnpmStore) return {};
  std::string stored_name = musl_name;
  std::replace(stored_name.begin(), stored_name.end(), '/', '+');
  const std::string prefix = core::join_path(store, stored_name + "@");
  // The same version first: "@img+sharp-linux-x64@0.33.5" -> "@0.33.5".
  const std::string_view version = entry.substr(entry.rfind('@') + 1);
  const auto try_folder = [&](const std::string& folder) {
    return find_in_package(tree, folder + "/node_modules/" + musl_name, place.inside, own);
  };
  if (std::string found = try_folder(prefix + std::string(version)); !found.empty()) return found;
  for (auto at = tree.nodes().lower_bound(prefix);
       at != tree.nodes().end() && at->first.starts_with(prefix); ++at) {
    if (at->first.find('/', prefix.size()) != std::string::npos) continue;
    if (std::string found = try_folder(at->first); !found.empty()) return found;
  }
  return {};
}

/// Outside of node_modules a folder's name alone says nothing: lib/x86_64-linux-gnu and
/// lib/x86_64-linux-musl are no packages.
bool is_package(const FileTree& tree, const PackagePlace& place, const std::string& name) {
  return core::file_name(place.modules) == kModules ||
         tree.find(core::join_path(place.modules, name) + "/package.json") != nullptr;
}

std::string find_sibling_package(const FileTree& tree, std::string_view path, const ElfFacts& own) {
  const auto place = find_place(path);
  if (!place || !is_package(tree, *place, place->name)) return {};
  for (const std::string& name : musl_package_names(place->name)) {
    const std::string folder = core::join_path(place->modules, name);
    if (std::string found = find_in_package(tree, folder, place->inside, own); !found.empty())
      return found;
    if (std::string found = find_in_pnpm_store(tree, *place, name, own); !found.empty())
      return found;
  }
  return {};
}

/// A file of the same folder that says "musl" where this one says "gnu".
std::string find_sibling_file(const FileTree& tree, std::string_view path, const ElfFacts& own) {
  for (const std::string& name : musl_file_names(core::file_name(path))) {
    std::string sibling = core::join_path(core::parent_path(path), name);
    if (fits(tree.find(sibling), own)) return sibling;
  }
  return {};
}

/// node-gyp-build takes whatever is in build/Release or build/Debug before it looks at prebuilt
/// files, and does not read tags there.
bool is_local_build(std::string_view folder) {
  const std::string_view name = core::file_name(folder);
  return (name == "Release" || name == "Debug") &&
         core::file_name(core::parent_path(folder)) == "build";
}

/// A prebuilt file of the same folder that node-gyp-build takes on musl before this one.
std::string find_sibling_prebuild(const FileTree& tree, std::string_view path,
                                  const ElfFacts& own) {
  const std::string_view folder = core::parent_path(path);
  const auto tags = parse_prebuild_tags(core::file_name(path));
  if (!tags || is_local_build(folder)) return {};
  for (const std::string& name : tree.children(folder)) {
    const auto other = parse_prebuild_tags(name);
    if (!other || !is_chosen_before(*other, *tags)) continue;
    std::string sibling = core::join_path(folder, name);
    if (fits(tree.find(sibling), own)) return sibling;
  }
  return {};
}

/// True for a folder in which packages keep one variant per platform. Elsewhere such names mean
/// other things: usr/lib/x86_64-linux-gnu.
bool may_hold_variants(std::string_view folder) {
  const std::string_view name = core::file_name(folder);
  if (name == "prebuilds" || name == "runtimes") return true;
  return folder.starts_with(std::string(kModules) + "/") ||
         folder.find("/" + std::string(kModules) + "/") != std::string_view::npos;
}

/// cmake-ts names a build "glibc-115-Release", before it knew of libcs "115", and loads those of
/// its own libc only, whatever their ABI.
bool is_cmake_ts_build(std::string_view name) {
  return name.starts_with("glibc-") ||
         std::all_of(name.begin(), name.end(), [](const char c) { return c >= '0' && c <= '9'; });
}

/// Names beside `name` in `folder` that stand for the same place in a musl variant.
std::vector<std::string> musl_folders(const FileTree& tree, std::string_view folder,
                                      std::string_view name) {
  std::vector<std::string> names = musl_package_names(name);
  if (!is_cmake_ts_build(name)) return names;
  for (const std::string& other : tree.children(folder))
    if (other.starts_with("musl-")) names.push_back(other);
  return names;
}

/// The same file below a folder that says "musl" where one above this file says "glibc".
std::string find_in_sibling_folder(const FileTree& tree, std::string_view path,
                                   const ElfFacts& own) {
  for (std::string_view variant = core::parent_path(path); !variant.empty();
       variant = core::parent_path(variant)) {
    if (core::file_name(variant) == kModules) return {};
    const std::string_view folder = core::parent_path(variant);
    if (!may_hold_variants(folder)) continue;
    for (const std::string& name : musl_folders(tree, folder, core::file_name(variant))) {
      std::string sibling =
          core::join_path(folder, name) + std::string(path.substr(variant.size()));
      if (fits(tree.find(sibling), own)) return sibling;
    }
  }
  return {};
}

}  // namespace

std::string find_musl_sibling(std::string_view path, const FileTree& tree) {
  const Node* node = tree.find(path);
  if (node == nullptr || node->elf == nullptr) return {};
  for (const auto find :
       {&find_sibling_prebuild, &find_sibling_file, &find_in_sibling_folder, &find_sibling_package})
    if (std::string found = find(tree, path, *node->elf); !found.empty()) return found;
  return {};
}

}  // namespace muslcheck::runtimes
