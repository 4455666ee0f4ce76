// What open(2) says about a path after the move. Three-way on purpose: a file that is there but
// that we could not examine is neither absent nor good.

#include "migrate/moved_files.hpp"

#include <utility>

namespace muslcheck::migrate {

using loader::FoundFile;

MovedFiles::MovedFiles(const filesystem::FileTree& tree, std::unordered_set<std::string> replaced,
                       std::size_t base_layers)
    : tree_(tree), replaced_(std::move(replaced)), base_layers_(base_layers) {
  for (const model::Problem& problem : tree.problems())
    if (problem.stage == "elf") unreadable_.insert(problem.path);
}

FoundFile MovedFiles::open(std::string_view path) const {
  const filesystem::Lookup lookup = tree_.lookup(path);
  switch (lookup.status) {
    case filesystem::LookupStatus::absent: return {.kind = FoundFile::Kind::absent};
    case filesystem::LookupStatus::not_a_directory:
      return {.kind = FoundFile::Kind::not_a_directory};
    case filesystem::LookupStatus::too_many_links: return {.kind = FoundFile::Kind::too_many_links};
    case filesystem::LookupStatus::found: break;
  }
  if (replaced_.contains(lookup.real_path)) return {.kind = FoundFile::Kind::absent};
  if (lookup.node == nullptr || lookup.node->entry.kind == model::FileKind::directory)
    return {.kind = FoundFile::Kind::directory, .real_path = lookup.real_path};
  if (static_cast<std::size_t>(lookup.node->layer) < base_layers_)
    return {.kind = FoundFile::Kind::absent};
  const model::ElfFacts* facts = lookup.node->elf;
  FoundFile found{.kind = FoundFile::Kind::elf, .real_path = lookup.real_path, .facts = facts};
  if (unreadable_.contains(lookup.real_path) ||
      (facts != nullptr && facts->completeness == model::Completeness::header_only)) {
    found.kind = FoundFile::Kind::unreadable;
  } else if (facts == nullptr) {
    found.kind = FoundFile::Kind::not_elf;
  }
  return found;
}

}  // namespace muslcheck::migrate
