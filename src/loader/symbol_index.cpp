// The hash table of an object, as musl sees it. With DT_GNU_HASH only that is used; chains are in
// symbol order and hold defined symbols and the undefined ones with a value (canonical PLT). With
// DT_HASH alone all symbols are in it, and linkers put later ones first. Bit 15 of the version
// index (a hidden, non-default version) takes a symbol out in both. An object with neither table
// has no symbols. Spec: gnu_lookup and sysv_lookup of musl's ldso/dynlink.c.

#include "loader/symbol_index.hpp"

#include <bit>
#include <functional>

namespace muslcheck::loader {
namespace {

bool is_in_hash_table(const model::Symbol& symbol, bool gnu) {
  if (symbol.hidden || symbol.name.empty()) return false;
  return !gnu || symbol.defined || symbol.has_value;
}

}  // namespace

std::size_t SymbolIndex::hash_name(std::string_view name) {
  return std::hash<std::string_view>{}(name);
}

SymbolIndex::SymbolIndex(const model::ElfFacts& facts) : facts_(&facts) {
  const auto count = static_cast<std::uint32_t>(facts.symbols.size());
  hashes_.reserve(count);
  for (const model::Symbol& symbol : facts.symbols) hashes_.push_back(hash_name(symbol.name));
  slots_.resize(std::bit_ceil(static_cast<std::size_t>(count) * 2 + 2));
  const bool gnu = facts.has_gnu_hash;
  if (!gnu && !facts.has_sysv_hash) return;
  for (std::uint32_t i = 0; i < count; ++i) {
    // insert() keeps the first of equal names.
    const std::uint32_t index = gnu ? i : count - 1 - i;
    if (is_in_hash_table(facts.symbols[index], gnu)) insert(index);
  }
}

void SymbolIndex::insert(std::uint32_t index) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hashes_[index] & mask;; slot = (slot + 1) & mask) {
    if (slots_[slot] == 0) {
      slots_[slot] = index + 1;
      return;
    }
    const std::uint32_t other = slots_[slot] - 1;
    if (hashes_[other] == hashes_[index] &&
        facts_->symbols[other].name == facts_->symbols[index].name)
      return;
  }
}

const model::Symbol* SymbolIndex::find(std::string_view name, std::size_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const std::uint32_t index = slots_[slot] - 1;
    if (hashes_[index] == hash && facts_->symbols[index].name == name)
      return &facts_->symbols[index];
  }
  return nullptr;
}

SymbolIndexCache::SymbolIndexCache() : impl_(std::make_unique<Impl>()) {}
SymbolIndexCache::~SymbolIndexCache() = default;

std::shared_ptr<const SymbolIndex> index_of(SymbolIndexCache& cache, const model::ElfFacts& facts) {
  SymbolIndexCache::Impl& impl = cache.impl();
  {
    const std::scoped_lock lock(impl.mutex);
    if (const auto found = impl.indexes.find(&facts); found != impl.indexes.end())
      return found->second;
  }
  // Built outside the lock: two threads may both build it, and the first one's is kept.
  auto index = std::make_shared<const SymbolIndex>(facts);
  const std::scoped_lock lock(impl.mutex);
  return impl.indexes.emplace(&facts, std::move(index)).first->second;
}

}  // namespace muslcheck::loader
