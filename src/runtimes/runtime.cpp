// The runtime's own ELF file, whose exports its modules may use.

#include <algorithm>
#include <string_view>

#include "muslcheck/core/text.hpp"
#include "muslcheck/runtimes/hosts.hpp"

namespace muslcheck::runtimes {
namespace {

using filesystem::FileTree;
using filesystem::Node;

/// The ELF file at a path, links followed; null if there is none.
const Node* elf_at(const FileTree& tree, std::string_view path) {
  const Node* node = tree.lookup(path).node;
  return node != nullptr && node->elf != nullptr ? node : nullptr;
}

}  // namespace

RuntimeFinder::RuntimeFinder(const FileTree& tree) : tree_(tree) {
  for (const auto& [path, node] : tree.nodes())
    if (node.elf != nullptr || node.entry.kind == model::FileKind::symlink) paths_.push_back(path);
}

/// The first ELF file whose path matches. Only paths that start as the pattern does are tried.
const Node* RuntimeFinder::find_match(std::string_view glob) const {
  const std::size_t wildcard = glob.find_first_of("*?");
  if (wildcard == std::string_view::npos) return elf_at(tree_, glob);
  const std::string_view start = glob.substr(0, wildcard);
  for (auto path = std::lower_bound(paths_.begin(), paths_.end(), start);
       path != paths_.end() && path->starts_with(start); ++path)
    if (core::matches_glob(glob, *path))
      if (const Node* found = elf_at(tree_, *path)) return found;
  return nullptr;
}

const Node* RuntimeFinder::find(const model::Host& host) const {
  for (const std::string& glob : host.executables)
    if (const Node* found = find_match(glob)) return found;
  return nullptr;
}

}  // namespace muslcheck::runtimes
