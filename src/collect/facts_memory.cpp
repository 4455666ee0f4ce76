// How large facts are in memory: roughly, but never much less than they are. So that a thousand
// layers, each within its limits, cannot fill the memory together.

#include "muslcheck/collect/collect.hpp"

namespace muslcheck::collect {
namespace {

constexpr std::uint64_t kNode = 64;  // of a map, with the allocator's own

template <typename Item>
std::uint64_t memory_of_list(const std::vector<Item>& list) {
  return list.capacity() * sizeof(Item);
}

std::uint64_t memory_of_text(const std::string& text) {
  return sizeof(text) + (text.capacity() > 15 ? text.capacity() + 16 : 0);
}

std::uint64_t memory_of_texts(const std::map<std::string, std::string>& texts) {
  std::uint64_t sum = 0;
  for (const auto& [key, text] : texts) sum += kNode + memory_of_text(key) + memory_of_text(text);
  return sum;
}

std::uint64_t memory_of_entries(const std::vector<model::FileEntry>& entries) {
  std::uint64_t sum = 0;
  for (const model::FileEntry& entry : entries)
    sum += sizeof(entry) + memory_of_text(entry.path) + memory_of_text(entry.link_target);
  return sum;
}

/// Of the texts that views refer to, symbol names are nearly all.
std::uint64_t memory_of_names(const model::ElfFacts& facts) {
  std::uint64_t sum = 0;
  for (const model::Symbol& symbol : facts.symbols) sum += symbol.name.size();
  return sum;
}

std::uint64_t memory_of_elf(const model::ElfFacts& facts) {
  return sizeof(facts) + memory_of_list(facts.needed) + memory_of_list(facts.version_needs) +
         memory_of_list(facts.version_definitions) + memory_of_list(facts.symbols) +
         memory_of_list(facts.relocations) + memory_of_names(facts);
}

}  // namespace

std::uint64_t memory_of(const model::LayerFacts& facts) {
  std::uint64_t sum = memory_of_texts(facts.elf_sha256) + memory_of_texts(facts.metadata) +
                      memory_of_texts(facts.shebangs) + memory_of_texts(facts.scripts);
  sum += memory_of_entries(facts.entries);
  for (const auto& [path, members] : facts.archives)
    sum += kNode + memory_of_text(path) + memory_of_entries(members);
  for (const auto& [path, elf] : facts.elf_files)
    sum += kNode + memory_of_text(path) + memory_of_elf(elf);
  for (const model::Problem& problem : facts.problems)
    sum += sizeof(problem) + memory_of_text(problem.path) + memory_of_text(problem.message);
  return sum;
}

}  // namespace muslcheck::collect
