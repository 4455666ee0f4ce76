// The merged file system of an image, as a container engine would mount it. merger.cpp lays the
// layers over each other, archive_members.cpp adds what is in jars; here paths are looked up in the
// result.
//
// Guarantees: every node but those of the root has a parent node that is a directory; no lookup
// leaves the root or takes more than kMaxLinkDepth links.

#include "muslcheck/filesystem/file_tree.hpp"

#include <utility>

#include "filesystem/archive_members.hpp"
#include "filesystem/merger.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::filesystem {
namespace {

using model::FileKind;
using model::LayerFacts;

constexpr char kAfterSlash = '/' + 1;

/// The node that stands for the root, which has no entry of its own.
const Node& root_node() {
  static const Node root = [] {
    Node node;
    node.entry.kind = FileKind::directory;
    return node;
  }();
  return root;
}

Lookup failed(LookupStatus status) {
  Lookup lookup;
  lookup.status = status;
  return lookup;
}

/// The components of a path, last first, so that the next one can be popped from the back.
void push_components(std::vector<std::string>& pending, std::string_view path) {
  const auto parts = core::split(path, '/');
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) pending.emplace_back(*part);
}

}  // namespace

FileTree::FileTree(std::vector<LayerFacts> layers) : layers_(std::move(layers)) {
  for (const LayerFacts& layer : layers_)
    problems_.insert(problems_.end(), layer.problems.begin(), layer.problems.end());
  Merger merger(nodes_, problems_);
  int index = 0;
  for (const LayerFacts& layer : layers_) merger.apply(layer, index++);
  add_archive_members(nodes_, layers_, problems_);
  for (const Nodes::value_type& node : nodes_)
    if (node.second.metadata != nullptr) with_metadata_.push_back(&node);
}

const Node* FileTree::find(std::string_view path) const {
  const auto found = nodes_.find(path);
  return found == nodes_.end() ? nullptr : &found->second;
}

Lookup FileTree::lookup(std::string_view path) const {
  if (path.size() > core::limits::kMaxPathLength) return failed(LookupStatus::absent);
  std::vector<std::string> pending;
  push_components(pending, path);
  std::string current;
  const Node* node = &root_node();
  int links = 0;
  while (!pending.empty()) {
    const std::string name = std::move(pending.back());
    pending.pop_back();
    if (node->entry.kind != FileKind::directory) return failed(LookupStatus::not_a_directory);
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      current = core::parent_path(current);
      node = current.empty() ? &root_node() : find(current);
      continue;
    }
    std::string next = core::join_path(current, name);
    const Node* found = find(next);
    if (found == nullptr) return failed(LookupStatus::absent);
    if (found->entry.kind != FileKind::symlink) {
      current = std::move(next);
      node = found;
      continue;
    }
    if (++links > core::limits::kMaxLinkDepth) return failed(LookupStatus::too_many_links);
    const std::string& target = found->entry.link_target;
    if (target.empty()) return failed(LookupStatus::absent);
    if (target.starts_with('/')) {
      current.clear();
      node = &root_node();
    }
    push_components(pending, target);
  }
  return {.status = LookupStatus::found, .real_path = std::move(current), .node = node};
}

std::vector<std::string> FileTree::children(std::string_view directory) const {
  std::string prefix(directory);
  if (!prefix.empty()) prefix += '/';
  std::vector<std::string> names;
  auto at = nodes_.lower_bound(prefix);
  while (at != nodes_.end() && at->first.starts_with(prefix)) {
    const auto slash = at->first.find('/', prefix.size());
    if (slash == std::string::npos) {
      names.push_back(at->first.substr(prefix.size()));
      ++at;
    } else {
      at = nodes_.lower_bound(at->first.substr(0, slash) + kAfterSlash);
    }
  }
  return names;
}

}  // namespace muslcheck::filesystem
