#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "muslcheck/loader/loader.hpp"
#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::loader {

/// What a search of one object's hash table returns (gnu_lookup, sysv_lookup).
class SymbolIndex {
 public:
  explicit SymbolIndex(const model::ElfFacts& facts);

  /// The symbol of that name which the loader looks at, whatever its type; null if there is none.
  /// `hash` is hash_name(name).
  [[nodiscard]] const model::Symbol* find(std::string_view name, std::size_t hash) const;
  /// hash_name() of the name of symbol `index`, which is in range.
  [[nodiscard]] std::size_t hash_of(std::uint32_t index) const { return hashes_[index]; }

  [[nodiscard]] static std::size_t hash_name(std::string_view name);

 private:
  void insert(std::uint32_t index);

  const model::ElfFacts* facts_;
  std::vector<std::size_t> hashes_;   ///< by symbol index
  std::vector<std::uint32_t> slots_;  ///< open addressing; symbol index + 1, 0 is free
};

struct SymbolIndexCache::Impl {
  std::mutex mutex;
  std::unordered_map<const model::ElfFacts*, std::shared_ptr<const SymbolIndex>> indexes;
};

/// The cached index of an object; makes it on first use.
[[nodiscard]] std::shared_ptr<const SymbolIndex> index_of(SymbolIndexCache& cache,
                                                          const model::ElfFacts& facts);

}  // namespace muslcheck::loader
