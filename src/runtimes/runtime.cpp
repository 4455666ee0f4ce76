// The runtime's own ELF file, whose exports its modules may use.

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

/// The first ELF file whose path matches. Only paths that start as the pattern does are tried.
const Node* find_match(const FileTree& tree, std::string_view glob) {
  const std::size_t wildcard = glob.find_first_of("*?");
  if (wildcard == std::string_view::npos) return elf_at(tree, glob);
  const std::string_view start = glob.substr(0, wildcard);
  for (auto at = tree.nodes().lower_bound(start);
       at != tree.nodes().end() && at->first.starts_with(start); ++at)
    if (core::matches_glob(glob, at->first))
      if (const Node* found = elf_at(tree, at->first)) return found;
  return nullptr;
}

}  // namespace

const Node* find_runtime(const model::Host& host, const FileTree& tree) {
  for (const std::string& glob : host.executables)
    if (const Node* found = find_match(tree, glob)) return found;
  return nullptr;
}

}  // namespace muslcheck::runtimes
