// Composer's packages, found by vendor/composer/installed.json: a list of them (Composer 1), or an
// object with that list as `packages` (Composer 2, which also says where each one is, relative to
// vendor/composer). Composer 1 has each package in vendor/NAME. PHP loads native code by its
// configuration alone; a package may still bring some for FFI, or programs.

#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "databases.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "owner_walk.hpp"
#include "purl.hpp"

namespace muslcheck::packages {
namespace {

using filesystem::FileTree;
using nlohmann::json;

constexpr std::string_view kSuffix = "composer/installed.json";
constexpr std::size_t kMaxDepth = 6;

struct Installed {
  std::string name;  ///< "monolog/monolog"
  std::string version;
  std::string directory;  ///< in-image path
  std::vector<std::string> requirements;
};

std::string text_at(const json& value, const char* key) {
  const auto found = value.find(key);
  if (found == value.end() || !found->is_string()) return {};
  const auto& text = found->get_ref<const std::string&>();
  return text.size() > core::limits::kMaxPackageField ? std::string() : text;
}

Installed read_installed(const json& value, std::string_view folder) {
  Installed installed;
  installed.name = core::lower(text_at(value, "name"));
  installed.version = text_at(value, "version");
  const std::string path = text_at(value, "install-path");
  const std::string_view vendor = core::parent_path(folder);
  installed.directory =
      path.empty() ? core::resolve_path(vendor, installed.name) : core::resolve_path(folder, path);
  const auto requirements = value.find("require");
  if (requirements != value.end() && requirements->is_object())
    for (const auto& [name, version] : requirements->items())
      if (installed.requirements.size() < core::limits::kMaxDependencies)
        installed.requirements.push_back(core::lower(name));
  return installed;
}

/// The list of packages of either version; null if there is none.
const json* find_list(const json& value) {
  if (value.is_array()) return &value;
  const auto found = value.is_object() ? value.find("packages") : value.end();
  return found == value.end() || !found->is_array() ? nullptr : &*found;
}

std::vector<Installed> read_list(const json& list, std::string_view folder, std::size_t room) {
  std::vector<Installed> all;
  for (const json& value : list) {
    if (!value.is_object() || all.size() == room) continue;
    Installed installed = read_installed(value, folder);
    // Always a vendor and a name; a package of no vendor would own all that the folder has.
    if (installed.name.find('/') != std::string::npos && !installed.directory.empty())
      all.push_back(std::move(installed));
  }
  return all;
}

std::vector<std::vector<std::string>> find_owners(const std::vector<Installed>& all) {
  std::map<std::string_view, std::size_t> by_name;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    by_name.emplace(all[i].name, i);
    names.push_back(all[i].name);
  }
  Needs needs(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const std::string& name : all[i].requirements)
      if (const auto found = by_name.find(name); found != by_name.end() && found->second != i)
        needs[i].push_back(found->second);
  OwnerWalk walk(std::move(names));
  for (const std::size_t root : find_roots(needs)) walk.start(root);
  walk.spread(needs);
  return walk.owners();
}

Found found_of(Installed installed, std::string path, std::vector<std::string> owners) {
  Found found;
  found.package.ecosystem = "composer";
  found.package.purl = make_purl("composer", installed.name, installed.version);
  found.package.name = std::move(installed.name);
  found.package.version = std::move(installed.version);
  found.package.path = installed.directory;
  found.package.owners = std::move(owners);
  found.owns_directory = true;
  found.directory = std::move(installed.directory);
  found.evidence = std::move(path);
  return found;
}

}  // namespace

std::vector<Found> find_composer_packages(const FileTree& tree,
                                          std::vector<model::Problem>& problems) {
  std::vector<Found> packages;
  const auto add_problem = [&](const std::string& path, std::string message) {
    problems.push_back({.path = path,
                        .stage = "packages",
                        .code = "composer-json-invalid",
                        .message = std::move(message)});
  };
  for (const auto* entry : tree.with_metadata()) {
    const auto& [path, node] = *entry;
    if (!path.ends_with(kSuffix)) continue;
    try {
      const json value = json::parse(core::shallow_json(*node.metadata, kMaxDepth));
      const json* list = find_list(value);
      if (list == nullptr) {
        add_problem(path, "it has no list of packages");
        continue;
      }
      std::vector<Installed> all =
          read_list(*list, core::parent_path(path), core::limits::kMaxPackages - packages.size());
      auto owners = find_owners(all);
      for (std::size_t i = 0; i < all.size(); ++i)
        packages.push_back(found_of(std::move(all[i]), path, std::move(owners[i])));
    } catch (const json::exception& error) {
      add_problem(path, core::json_complaint(error.what()));
    }
  }
  return packages;
}

}  // namespace muslcheck::packages
