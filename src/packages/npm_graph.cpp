// The dependency graph of installed npm packages, walked breadth first from the applications.
//
// Names are resolved as Node does (nodejs.org/api/modules.html, "Loading from node_modules
// folders"): in the node_modules of the asking package's folder, then of each folder above it.
// pnpm's links are followed, so a package is the same package under every name.

#include "npm_graph.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "owner_walk.hpp"

namespace muslcheck::packages {
namespace {

using filesystem::FileTree;

constexpr std::string_view kModules = "node_modules";

/// Finds the folder that a name means, and from it who needs whom.
class Resolver {
 public:
  Resolver(const FileTree& tree, const std::vector<NpmManifest>& manifests, bool modules_at_root)
      : tree_(tree), manifests_(manifests), modules_at_root_(modules_at_root) {
    for (std::size_t i = 0; i < manifests.size(); ++i) by_directory_[manifests[i].directory] = i;
  }

  Needs find_needs() {
    Needs needs(manifests_.size());
    for (std::size_t i = 0; i < manifests_.size(); ++i)
      for (const std::string& name : manifests_[i].dependencies)
        if (const auto target = resolve(manifests_[i].directory, name); target && *target != i)
          needs[i].push_back(*target);
    return needs;
  }

 private:
  [[nodiscard]] std::optional<std::size_t> resolve(std::string_view from, const std::string& name) {
    for (std::string_view folder = from;; folder = core::parent_path(folder)) {
      // Beyond the limit owners stay unknown, which only shortens advice.
      if (lookups_++ >= core::limits::kMaxDependencyLookups) return std::nullopt;
      if (core::file_name(folder) != kModules)
        if (const auto found = manifest_at(core::join_path(folder, kModules) + "/" + name))
          return found;
      if (folder.empty()) break;
    }
    return modules_at_root_ ? manifest_at(name) : std::nullopt;
  }

  [[nodiscard]] std::optional<std::size_t> manifest_at(const std::string& path) const {
    const filesystem::Node* node = tree_.find(path);
    if (node == nullptr) return std::nullopt;
    const bool is_link = node->entry.kind == model::FileKind::symlink;
    const auto found = by_directory_.find(is_link ? tree_.lookup(path).real_path : path);
    return found == by_directory_.end() ? std::nullopt : std::optional(found->second);
  }

  const FileTree& tree_;
  const std::vector<NpmManifest>& manifests_;
  bool modules_at_root_;
  std::map<std::string, std::size_t> by_directory_;
  std::uint64_t lookups_ = 0;
};

std::vector<std::string> chain_names(const std::vector<NpmManifest>& manifests) {
  std::vector<std::string> names;
  for (const NpmManifest& manifest : manifests)
    names.push_back(manifest.is_application ? std::string() : manifest.name);
  return names;
}

}  // namespace

std::vector<NpmOwner> find_npm_owners(const FileTree& tree,
                                      const std::vector<NpmManifest>& manifests,
                                      bool modules_at_root) {
  const Needs needs = Resolver(tree, manifests, modules_at_root).find_needs();
  OwnerWalk walk(chain_names(manifests));
  for (std::size_t i = 0; i < manifests.size(); ++i)
    if (manifests[i].is_application) walk.start(i);
  walk.spread(needs);
  std::vector<NpmOwner> found(manifests.size());
  for (std::size_t i = 0; i < manifests.size(); ++i)
    found[i].from_an_application = walk.is_reached(i);
  // A node_modules without an application above it: what nobody needs was asked for directly.
  for (const std::size_t root : find_roots(needs)) walk.start(root);
  walk.spread(needs);
  for (std::size_t i = 0; i < manifests.size(); ++i) found[i].owners = walk.owners_of(i);
  return found;
}

}  // namespace muslcheck::packages
