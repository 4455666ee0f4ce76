// conda packages: one JSON document per package in PREFIX/conda-meta, written by conda, mamba and
// pixi alike, with the files relative to the prefix. A package that was asked for by name has a
// requested_spec.

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

constexpr std::size_t kMaxDepth = 2;  ///< name, files; not what is said about each file

/// A package with what its document says of others.
struct Installed {
  Found found;
  std::string prefix;
  std::vector<std::string> needs;  ///< names
  bool is_requested = false;
};

std::string text_member(const json& value, const char* key) {
  const auto found = value.find(key);
  if (found == value.end() || !found->is_string()) return {};
  const auto& text = found->get_ref<const std::string&>();
  return text.size() > core::limits::kMaxPackageField ? std::string() : text;
}

/// Calls `visit` with each text of a list, up to a limit.
template <typename Visit>
void for_each_text(const json& value, const char* key, std::size_t limit, Visit visit) {
  const auto found = value.find(key);
  if (found == value.end() || !found->is_array()) return;
  for (const json& element : *found) {
    if (limit-- == 0) return;
    if (element.is_string()) visit(element.get_ref<const std::string&>());
  }
}

void fill(Installed& installed, const json& value, const FileTree& tree) {
  model::Package& package = installed.found.package;
  package.ecosystem = "conda";
  package.name = text_member(value, "name");
  package.version = text_member(value, "version");
  package.purl =
      make_purl("conda", package.name, package.version,
                {{"build", text_member(value, "build")}, {"subdir", text_member(value, "subdir")}});
  if (std::string subdir = text_member(value, "subdir"); !subdir.empty())
    package.platforms.push_back(std::move(subdir));
  for_each_text(value, "files", core::limits::kMaxListedFiles, [&](const std::string& file) {
    if (file.size() > core::limits::kMaxPathLength || file.ends_with(".pyc")) return;
    std::string path = core::resolve_path(installed.prefix, file);
    const filesystem::Node* node = tree.find(path);
    if (node != nullptr && node->entry.kind != model::FileKind::directory)
      installed.found.files.push_back(std::move(path));
  });
  // "numpy >=1.22,<2.0a0"
  for_each_text(value, "depends", core::limits::kMaxDependencies, [&](const std::string& spec) {
    installed.needs.push_back(spec.substr(0, spec.find(' ')));
  });
  installed.is_requested = !text_member(value, "requested_spec").empty();
}

/// Reads a document; the reason why that is not possible otherwise.
std::string read(const std::string& text, const FileTree& tree, Installed& installed) {
  if (text.size() > core::limits::kMaxCondaDocument)
    return "larger than " + std::to_string(core::limits::kMaxCondaDocument) + " bytes";
  try {
    const json value = json::parse(core::shallow_json(text, kMaxDepth));
    if (!value.is_object()) return "not an object";
    fill(installed, value, tree);
  } catch (const json::exception& error) {
    return core::json_complaint(error.what());
  }
  return installed.found.package.name.empty() ? "it names no package" : "";
}

void set_owners(std::vector<Installed>& all) {
  std::map<std::pair<std::string, std::string>, std::size_t> by_name;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    names.push_back(all[i].found.package.name);
    by_name.emplace(std::make_pair(all[i].prefix, names.back()), i);
  }
  Needs needs(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const std::string& name : all[i].needs) {
      const auto found = by_name.find(std::make_pair(all[i].prefix, name));
      if (found != by_name.end() && found->second != i) needs[i].push_back(found->second);
    }
  OwnerWalk walk(std::move(names));
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].is_requested) walk.start(i);
  walk.spread(needs);
  for (const std::size_t root : find_roots(needs)) walk.start(root);
  walk.spread(needs);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].found.package.owners = walk.owners_of(i);
}

}  // namespace

std::vector<Found> find_conda_packages(const FileTree& tree,
                                       std::vector<model::Problem>& problems) {
  std::vector<Installed> all;
  for (const auto* entry : tree.with_metadata()) {
    const auto& [path, node] = *entry;
    const std::string_view folder = core::parent_path(path);
    if (core::file_name(folder) != "conda-meta" || !path.ends_with(".json") ||
        all.size() == core::limits::kMaxPackages)
      continue;
    Installed installed;
    installed.prefix = core::parent_path(folder);
    installed.found.package.path = path;
    if (const std::string wrong = read(*node.metadata, tree, installed); !wrong.empty()) {
      problems.push_back(
          {.path = path, .stage = "packages", .code = "conda-document-invalid", .message = wrong});
      continue;
    }
    all.push_back(std::move(installed));
  }
  set_owners(all);
  std::vector<Found> packages;
  for (Installed& installed : all) packages.push_back(std::move(installed.found));
  return packages;
}

}  // namespace muslcheck::packages
