// Packages name files by the path in the package. Since the merged /usr, "/lib/x" really is
// "/usr/lib/x": the folder is looked up in the tree and its real path is what counts.

#include "file_finder.hpp"

#include "muslcheck/core/paths.hpp"

namespace muslcheck::packages {

std::optional<std::string> FileFinder::find(const std::string& listed, const std::string& package) {
  const auto diversion = diversions_.find(listed);
  const bool moved = diversion != diversions_.end() && diversion->second.package != package;
  const std::string& path = moved ? diversion->second.to : listed;
  const std::string* folder = real_folder(core::parent_path(path));
  if (folder == nullptr) return std::nullopt;
  std::string real = core::join_path(*folder, core::file_name(path));
  const filesystem::Node* node = tree_.find(real);
  // "/lib" is a directory in the package and a link to one in the image: no file either way.
  if (node != nullptr && node->entry.kind == model::FileKind::symlink)
    if (const filesystem::Node* target = tree_.lookup(real).node) node = target;
  if (node == nullptr || node->entry.kind == model::FileKind::directory) return std::nullopt;
  return real;
}

/// Lists come sorted by folder, and packages share folders: each is looked up once.
const std::string* FileFinder::real_folder(std::string_view folder) {
  const auto known = folders_.find(folder);
  if (known != folders_.end()) return known->second ? &*known->second : nullptr;
  filesystem::Lookup lookup = tree_.lookup(folder);
  std::optional<std::string> real;
  if (lookup.status == filesystem::LookupStatus::found) real = std::move(lookup.real_path);
  const auto& added = folders_.emplace(std::string(folder), std::move(real)).first->second;
  return added ? &*added : nullptr;
}

}  // namespace muslcheck::packages
