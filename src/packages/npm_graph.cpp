// The dependency graph of installed npm packages, walked breadth first from the applications.
//
// Names are resolved as Node does (nodejs.org/api/modules.html, "Loading from node_modules
// folders"): in the node_modules of the asking package's folder, then of each folder above it.
// pnpm's links are followed, so a package is the same package under every name.

#include "npm_graph.hpp"

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <string_view>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"

namespace muslcheck::packages {
namespace {

using filesystem::FileTree;

constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();
constexpr std::string_view kModules = "node_modules";

/// The graph with, for each manifest, who reached it first.
class Walk {
 public:
  Walk(const FileTree& tree, const std::vector<NpmManifest>& manifests, bool modules_at_root)
      : tree_(tree),
        manifests_(manifests),
        modules_at_root_(modules_at_root),
        edges_(manifests.size()),
        owners_(manifests.size()),
        reached_(manifests.size(), false) {
    for (std::size_t i = 0; i < manifests.size(); ++i) by_directory_[manifests[i].directory] = i;
  }

  std::vector<std::vector<std::string>> run() {
    std::vector<bool> is_needed(manifests_.size(), false);
    for (std::size_t i = 0; i < manifests_.size(); ++i)
      for (const std::string& name : manifests_[i].dependencies)
        if (const auto target = resolve(manifests_[i].directory, name); target && *target != i) {
          edges_[i].push_back(*target);
          is_needed[*target] = true;
        }
    for (std::size_t i = 0; i < manifests_.size(); ++i)
      if (manifests_[i].is_application) reach(i, kNobody);
    spread();
    // A node_modules without an application above it: what nobody needs was asked for directly.
    for (std::size_t i = 0; i < manifests_.size(); ++i)
      if (!is_needed[i]) reach(i, kNobody);
    spread();
    return std::move(owners_);
  }

 private:
  void reach(std::size_t index, std::size_t from) {
    if (reached_[index]) return;
    reached_[index] = true;
    queue_.push_back(index);
    if (from == kNobody) return;
    // The packages nearest to the application are those that its developer knows.
    owners_[index] = owners_[from];
    if (!manifests_[from].is_application && owners_[index].size() < core::limits::kMaxOwners)
      owners_[index].push_back(manifests_[from].name);
  }

  void spread() {
    for (; !queue_.empty(); queue_.pop_front())
      for (const std::size_t target : edges_[queue_.front()]) reach(target, queue_.front());
  }

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
  std::vector<std::vector<std::size_t>> edges_;
  std::vector<std::vector<std::string>> owners_;  ///< the direct dependency first
  std::vector<bool> reached_;
  std::deque<std::size_t> queue_;
  std::uint64_t lookups_ = 0;
};

}  // namespace

std::vector<std::vector<std::string>> find_npm_owners(const FileTree& tree,
                                                      const std::vector<NpmManifest>& manifests,
                                                      bool modules_at_root) {
  return Walk(tree, manifests, modules_at_root).run();
}

}  // namespace muslcheck::packages
