// npm packages, found by their package.json.
//
// A package is a folder node_modules/NAME or node_modules/@SCOPE/NAME. Other package.json files
// inside of it say something about a folder of modules ({"type":"module"}) or are test data, and
// never hide the package. Outside of every node_modules a package.json with a name is an
// application; below another application it must have a version too.
//
// The name that counts is the one in package.json: under an alias ("npm install x@npm:y") the
// folder has another. Where the file cannot be read, the folder's name is all there is.

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "databases.hpp"
#include "lockfiles.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "npm_graph.hpp"
#include "purl.hpp"

namespace muslcheck::packages {
namespace {

using filesystem::FileTree;
using nlohmann::json;

constexpr std::string_view kFileName = "package.json";
constexpr std::string_view kModules = "node_modules";
constexpr std::size_t kMaxDepth = 8;

std::string text_member(const json& value, const char* key) {
  const auto found = value.find(key);
  if (found == value.end() || !found->is_string()) return {};
  // npm itself takes no longer ones, and a report would repeat it in every line.
  const auto& text = found->get_ref<const std::string&>();
  return text.size() > core::limits::kMaxPackageField ? std::string() : text;
}

void add_keys(const json& value, const char* key, std::set<std::string>& names) {
  const auto found = value.find(key);
  if (found == value.end() || !found->is_object()) return;
  for (const auto& [name, range] : found->items()) {
    if (names.size() == core::limits::kMaxDependencies) return;
    names.insert(name);
  }
}

/// npm's `os`, `cpu` and `libc`: a list, or one word alone.
void add_platforms(const json& value, const char* key, std::vector<std::string>& platforms) {
  constexpr std::size_t kMost = 64;  // npm knows fewer systems and processors
  const auto add = [&](const json& entry) {
    if (!entry.is_string() || platforms.size() == kMost) return;
    const auto& text = entry.get_ref<const std::string&>();
    if (text.size() <= core::limits::kMaxPackageField)
      platforms.push_back(std::string(key) + "=" + text);
  };
  const auto found = value.find(key);
  if (found == value.end()) return;
  if (!found->is_array()) return add(*found);
  for (const json& entry : *found) add(entry);
}

/// The version of napi-rs by the words of its configuration: 3 renamed "name" and "triples" to
/// "binaryName" and "targets" (napi-rs, cli/src/utils/config.ts, readNapiConfig).
int napi_rs_version(const json& value) {
  const auto found = value.find("napi");
  if (found == value.end() || !found->is_object()) return 0;
  return found->contains("binaryName") || found->contains("targets") ? 3 : 2;
}

NpmDelivery read_delivery(const json& value) {
  NpmDelivery delivery;
  std::set<std::string> optional;
  add_keys(value, "optionalDependencies", optional);
  delivery.optional_dependencies.assign(optional.begin(), optional.end());
  std::set<std::string> names;
  add_keys(value, "dependencies", names);
  // npm writes optional dependencies into both.
  for (const std::string& name : optional) names.erase(name);
  delivery.dependencies.assign(names.begin(), names.end());
  const auto binary = value.find("binary");
  if (binary != value.end() && binary->is_object())
    delivery.module_path = text_member(*binary, "module_path");
  delivery.napi_rs = napi_rs_version(value);
  return delivery;
}

/// Fills a manifest from its file; the reason why that is not possible otherwise.
std::optional<model::Problem> fill(const std::string& text, NpmManifest& manifest) {
  const auto problem = [&](const char* code, std::string message) {
    return model::Problem{.path = core::join_path(manifest.directory, kFileName),
                          .stage = "packages",
                          .code = code,
                          .message = std::move(message)};
  };
  if (text.size() > core::limits::kMaxPackageJson)
    return problem("package-json-too-large",
                   "larger than " + std::to_string(core::limits::kMaxPackageJson) + " bytes");
  json value;
  try {
    // A byte order mark is no JSON, but npm strips it and so do many editors add it.
    const std::string_view content = text;
    value = json::parse(core::shallow_json(
        content.starts_with("\xef\xbb\xbf") ? content.substr(3) : content, kMaxDepth));
  } catch (const json::exception& error) {
    return problem("package-json-invalid", core::json_complaint(error.what()));
  }
  if (!value.is_object()) return problem("package-json-invalid", "not an object");
  manifest.name = text_member(value, "name");
  manifest.version = text_member(value, "version");
  for (const char* key : {"os", "cpu", "libc"}) add_platforms(value, key, manifest.platforms);
  manifest.delivery = read_delivery(value);
  std::set<std::string> names(manifest.delivery.dependencies.begin(),
                              manifest.delivery.dependencies.end());
  names.insert(manifest.delivery.optional_dependencies.begin(),
               manifest.delivery.optional_dependencies.end());
  if (manifest.is_application) add_keys(value, "devDependencies", names);
  manifest.dependencies.assign(names.begin(), names.end());
  return std::nullopt;
}

/// Where packages are in this tree.
class Layout {
 public:
  /// The marker files that npm, yarn and pnpm leave in a node_modules folder tell that the tree's
  /// root is one.
  explicit Layout(const FileTree& tree)
      : modules_at_root_(tree.find(".package-lock.json") != nullptr ||
                         tree.find(".yarn-integrity") != nullptr ||
                         tree.find(".modules.yaml") != nullptr) {}

  [[nodiscard]] bool modules_at_root() const { return modules_at_root_; }

  [[nodiscard]] bool is_modules_folder(std::string_view path) const {
    return core::file_name(path) == kModules || (path.empty() && modules_at_root_);
  }

  /// "sharp" or "@img/sharp-linux-x64" for the folder of a package; empty for any other.
  [[nodiscard]] std::string folder_name(std::string_view directory) const {
    const std::string_view name = core::file_name(directory);
    const std::string_view above = core::parent_path(directory);
    if (name.empty() || name.starts_with('.') || name.starts_with('@')) return {};
    if (is_modules_folder(above)) return std::string(name);
    const std::string_view scope = core::file_name(above);
    if (!scope.starts_with('@') || !is_modules_folder(core::parent_path(above))) return {};
    return std::string(scope) + "/" + std::string(name);
  }

  [[nodiscard]] bool is_inside_modules(std::string_view directory) const {
    if (directory.empty()) return modules_at_root_;
    for (std::string_view path = directory; !path.empty(); path = core::parent_path(path))
      if (core::file_name(path) == kModules) return true;
    return modules_at_root_;
  }

 private:
  bool modules_at_root_;
};

/// Folders with a package.json whose content was kept, in order: a folder before those in it.
std::map<std::string, const std::string*> find_manifest_files(const FileTree& tree) {
  std::map<std::string, const std::string*> files;
  for (const auto* entry : tree.with_metadata())
    if (core::file_name(entry->first) == kFileName)
      files.emplace(core::parent_path(entry->first), entry->second.metadata);
  return files;
}

bool is_below_any(const std::set<std::string>& directories, std::string_view path) {
  while (!path.empty()) {
    path = core::parent_path(path);
    if (directories.count(std::string(path)) != 0) return true;
  }
  return false;
}

/// A lockfile that says what the application asks for is right about all. One that does not is a
/// guess, as is a chain that begins at no application; the lockfile's has more packages.
bool prefers_lockfile(const LockedOwner& locked, const NpmOwner& owner) {
  if (locked.lockfile.empty()) return false;
  return locked.is_certain || !owner.from_an_application;
}

Found found_of(const NpmManifest& manifest, NpmOwner owner, LockedOwner locked) {
  Found found;
  found.package.ecosystem = "npm";
  found.package.name = manifest.name;
  found.package.version = manifest.version;
  found.package.purl = make_purl("npm", manifest.name, manifest.version);
  found.package.path = manifest.directory;
  found.package.owners = std::move(prefers_lockfile(locked, owner) ? locked.owners : owner.owners);
  found.package.lockfile = std::move(locked.lockfile);
  found.package.development = locked.development;
  found.package.platforms = manifest.platforms;
  found.delivery = manifest.delivery;
  found.owns_directory = true;
  found.directory = manifest.directory;
  return found;
}

}  // namespace

std::vector<Found> find_npm_packages(const FileTree& tree, std::vector<model::Problem>& problems) {
  const Layout layout(tree);
  std::vector<NpmManifest> manifests;
  std::vector<bool> is_package;
  std::set<std::string> applications;
  for (const auto& [directory, text] : find_manifest_files(tree)) {
    const std::string folder_name = layout.folder_name(directory);
    const bool inside = layout.is_inside_modules(directory);
    if (inside && folder_name.empty()) continue;
    NpmManifest manifest;
    manifest.directory = directory;
    manifest.is_application = !inside;
    if (auto problem = fill(*text, manifest)) problems.push_back(std::move(*problem));
    if (inside && manifest.name.empty()) manifest.name = folder_name;
    const bool named = !manifest.name.empty();
    const bool nested = !inside && is_below_any(applications, directory);
    is_package.push_back(named && (!nested || !manifest.version.empty()));
    if (!inside && is_package.back()) applications.insert(directory);
    manifests.push_back(std::move(manifest));
  }
  auto owners = find_npm_owners(tree, manifests, layout.modules_at_root());
  auto locked = find_locked_owners(tree, manifests, problems);
  std::vector<Found> packages;
  for (std::size_t i = 0; i < manifests.size(); ++i)
    if (is_package[i])
      packages.push_back(found_of(manifests[i], std::move(owners[i]), std::move(locked[i])));
  // package.json at the root of a whole system: the system is not part of the application.
  for (Found& found : packages)
    if (found.directory.empty() && tree.find("usr") != nullptr) found.owns_directory = false;
  return packages;
}

}  // namespace muslcheck::packages
