// What open(2) says about a path after the move. Three-way on purpose: a file that is there but
// that we could not examine is neither absent nor good.

#include "migrate/moved_files.hpp"

#include <optional>
#include <utility>

namespace muslcheck::migrate {

using loader::FoundFile;

namespace {

std::unordered_set<std::string> unreadable_in(const filesystem::FileTree& tree) {
  std::unordered_set<std::string> paths;
  for (const model::Problem& problem : tree.problems())
    if (problem.stage == "elf") paths.insert(problem.path);
  return paths;
}

/// What a path that leads nowhere is; nothing for one that leads to a file or folder.
std::optional<FoundFile> found_nothing(filesystem::LookupStatus status) {
  switch (status) {
    case filesystem::LookupStatus::absent: return FoundFile{.kind = FoundFile::Kind::absent};
    case filesystem::LookupStatus::not_a_directory:
      return FoundFile{.kind = FoundFile::Kind::not_a_directory};
    case filesystem::LookupStatus::too_many_links:
      return FoundFile{.kind = FoundFile::Kind::too_many_links};
    case filesystem::LookupStatus::found: break;
  }
  return std::nullopt;
}

bool is_directory(const filesystem::Lookup& lookup) {
  return lookup.node == nullptr || lookup.node->entry.kind == model::FileKind::directory;
}

FoundFile found_file(const filesystem::Lookup& lookup,
                     const std::unordered_set<std::string>& unreadable) {
  const model::ElfFacts* facts = lookup.node->elf;
  FoundFile found{.kind = FoundFile::Kind::elf, .real_path = lookup.real_path, .facts = facts};
  if (unreadable.contains(lookup.real_path) ||
      (facts != nullptr && facts->completeness == model::Completeness::header_only)) {
    found.kind = FoundFile::Kind::unreadable;
  } else if (facts == nullptr) {
    found.kind = FoundFile::Kind::not_elf;
  }
  return found;
}

bool leads_nowhere(const FoundFile& file) {
  return file.kind == FoundFile::Kind::absent || file.kind == FoundFile::Kind::not_a_directory;
}

}  // namespace

MovedFiles::MovedFiles(const filesystem::FileTree& tree, std::unordered_set<std::string> replaced,
                       std::size_t base_layers, const filesystem::FileTree* target)
    : tree_(tree),
      target_(target),
      replaced_(std::move(replaced)),
      base_layers_(base_layers),
      unreadable_(unreadable_in(tree)) {
  if (target != nullptr) target_unreadable_ = unreadable_in(*target);
}

FoundFile MovedFiles::open(std::string_view path) const {
  const FoundFile moved = open_moved(path);
  return target_ != nullptr && leads_nowhere(moved) ? open_target(path) : moved;
}

bool MovedFiles::is_of_target(std::string_view path) const {
  return target_ != nullptr && leads_nowhere(open_moved(path)) && !leads_nowhere(open_target(path));
}

FoundFile MovedFiles::open_moved(std::string_view path) const {
  const filesystem::Lookup lookup = tree_.lookup(path);
  if (const auto nothing = found_nothing(lookup.status)) return *nothing;
  if (replaced_.contains(lookup.real_path)) return {.kind = FoundFile::Kind::absent};
  if (is_directory(lookup))
    return {.kind = FoundFile::Kind::directory, .real_path = lookup.real_path};
  if (static_cast<std::size_t>(lookup.node->layer) < base_layers_)
    return {.kind = FoundFile::Kind::absent};
  return found_file(lookup, unreadable_);
}

FoundFile MovedFiles::open_target(std::string_view path) const {
  const filesystem::Lookup lookup = target_->lookup(path);
  if (const auto nothing = found_nothing(lookup.status)) return *nothing;
  if (is_directory(lookup))
    return {.kind = FoundFile::Kind::directory, .real_path = lookup.real_path};
  // A link of the target may lead to what the payload has put in the place of a file.
  if (FoundFile moved = open_moved(lookup.real_path); !leads_nowhere(moved)) return moved;
  return found_file(lookup, target_unreadable_);
}

}  // namespace muslcheck::migrate
