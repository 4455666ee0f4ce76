// Counting dynamic symbols. DT_HASH tells (nchain equals the number of symbols; System V ABI,
// chapter 5, "Hash Table"). DT_GNU_HASH holds only what can be found in the file, sorted to the
// end of the symbol table: the last symbol of the chain that starts last is the last of all
// (musl: count_syms, ldso/dynlink.c). An empty GNU hash table, as in a program that exports
// nothing, says nothing about the undefined symbols before it: GNU ld writes symoffset 1 there
// whatever their number, lld and mold their true number.

#include "elf/symbol_table.hpp"

#include <algorithm>

#include "elf/sections.hpp"
#include "muslcheck/core/limits.hpp"

namespace muslcheck::elf {
namespace {

using core::limits::kMaxDynamicSymbols;

struct GnuHash {
  std::uint64_t buckets = 0;
  std::uint64_t first_symbol = 0;  ///< index of the first hashed symbol
  std::uint64_t buckets_at = 0;    ///< offset in the table
  std::uint64_t chains_at = 0;
};

/// What a hash table says: an exact count, or (nothing hashed) only a lower bound.
struct Count {
  std::uint64_t symbols = 0;
  bool is_exact = false;
};

core::Result<core::ByteView> table_at(const SymbolTableInput& input, std::int64_t tag,
                                      const char* reason) {
  const auto mapped = find_mapped(input.segments, input.dynamic.value_or(tag, 0));
  if (!mapped) return malformed(reason, "a hash table is not inside a loaded segment");
  return *core::slice(input.file, mapped->offset, mapped->size);
}

/// Words of DT_HASH have 32 bits everywhere but on 64-bit Alpha and s390.
bool has_wide_hash(const Layout& layout) {
  return layout.is_64 && (is_machine(layout, EM_S390) || is_machine(layout, EM_ALPHA));
}

core::Result<Count> count_by_hash(const SymbolTableInput& input) {
  constexpr const char* kReason = "hash-out-of-bounds";
  const auto table = table_at(input, DT_HASH, kReason);
  if (!table) return tl::make_unexpected(table.error());
  const Layout& layout = input.header.layout;
  const std::uint64_t width = has_wide_hash(layout) ? 8 : 4;
  const auto word = [&](std::uint64_t index) -> std::optional<std::uint64_t> {
    if (width == 8) return core::read_u64(*table, index * width, layout.order);
    return core::read_u32(*table, index * width, layout.order);
  };
  const auto buckets = word(0);
  const auto chains = word(1);
  const std::uint64_t words = table->size() / width;
  if (!buckets || !chains || *buckets > words || *chains > words || 2 + *buckets + *chains > words)
    return malformed(kReason, "DT_HASH reaches beyond its segment");
  return Count{.symbols = *chains, .is_exact = *chains > 0};
}

core::Result<GnuHash> read_gnu_hash(core::ByteView table, const Layout& layout) {
  const auto buckets = core::read_u32(table, 0, layout.order);
  const auto first_symbol = core::read_u32(table, 4, layout.order);
  const auto bloom_words = core::read_u32(table, 8, layout.order);
  if (!buckets || !first_symbol || !bloom_words)
    return malformed("gnu-hash-out-of-bounds", "DT_GNU_HASH reaches beyond its segment");
  const std::uint64_t buckets_at = 16 + std::uint64_t{*bloom_words} * (layout.is_64 ? 8 : 4);
  const std::uint64_t chains_at = buckets_at + std::uint64_t{*buckets} * 4;
  if (chains_at > table.size())
    return malformed("gnu-hash-out-of-bounds", "DT_GNU_HASH reaches beyond its segment");
  return GnuHash{.buckets = *buckets,
                 .first_symbol = *first_symbol,
                 .buckets_at = buckets_at,
                 .chains_at = chains_at};
}

/// The index after the last symbol of the chain that starts at `symbol`.
core::Result<Count> end_of_chain(core::ByteView table, const Layout& layout, const GnuHash& hash,
                                 std::uint64_t symbol) {
  for (; symbol < kMaxDynamicSymbols; ++symbol) {
    const std::uint64_t at = hash.chains_at + (symbol - hash.first_symbol) * 4;
    const auto value = core::read_u32(table, at, layout.order);
    if (!value) return malformed("gnu-hash-out-of-bounds", "a chain of DT_GNU_HASH has no end");
    if ((*value & 1U) != 0) return Count{.symbols = symbol + 1, .is_exact = true};
  }
  return beyond_limit(
      "too-many-symbols",
      "the file has more than " + std::to_string(kMaxDynamicSymbols) + " dynamic symbols");
}

core::Result<Count> count_by_gnu_hash(const SymbolTableInput& input) {
  const auto table = table_at(input, DT_GNU_HASH, "gnu-hash-out-of-bounds");
  if (!table) return tl::make_unexpected(table.error());
  const Layout& layout = input.header.layout;
  const auto hash = read_gnu_hash(*table, layout);
  if (!hash) return tl::make_unexpected(hash.error());
  std::uint64_t last = 0;
  for (std::uint64_t i = 0; i < hash->buckets; ++i)
    last = std::max<std::uint64_t>(last,
                                   *core::read_u32(*table, hash->buckets_at + i * 4, layout.order));
  if (last == 0) return Count{.symbols = hash->first_symbol, .is_exact = false};
  if (last < hash->first_symbol)
    return malformed("gnu-hash-chain", "a bucket of DT_GNU_HASH names a symbol that is not hashed");
  return end_of_chain(*table, layout, *hash, last);
}

core::Result<Count> count_by_any_hash(const SymbolTableInput& input) {
  if (input.dynamic.has(DT_HASH)) {
    const auto count = count_by_hash(input);
    if (!count || count->is_exact || !input.dynamic.has(DT_GNU_HASH)) return count;
  }
  if (input.dynamic.has(DT_GNU_HASH)) return count_by_gnu_hash(input);
  return Count{};
}

/// Symbols of the SHT_DYNSYM section at the given address; 0 if there is no such section.
std::uint64_t count_by_section(const SymbolTableInput& input, std::uint64_t address) {
  for (const Section& section : read_sections(input.file, input.header))
    if (section.type == SHT_DYNSYM && section.address == address)
      return section.content.size / symbol_size(input.header.layout);
  return 0;
}

/// Symbols between DT_SYMTAB and a DT_STRTAB that follows it with nothing in between; else 0.
std::uint64_t count_by_distance(const SymbolTableInput& input, std::uint64_t address) {
  const std::uint64_t strings = input.dynamic.value_or(DT_STRTAB, 0);
  if (strings <= address) return 0;
  for (const std::int64_t tag : {DT_HASH, DT_GNU_HASH, DT_VERSYM, DT_VERNEED, DT_VERDEF, DT_REL,
                                 DT_RELA, DT_JMPREL, DT_RELR}) {
    const std::uint64_t other = input.dynamic.value_or(tag, 0);
    if (other > address && other < strings) return 0;
  }
  return (strings - address) / symbol_size(input.header.layout);
}

core::Result<std::uint64_t> count_symbols(const SymbolTableInput& input, std::uint64_t address,
                                          std::uint64_t room) {
  const auto hashed = count_by_any_hash(input);
  if (!hashed) return tl::make_unexpected(hashed.error());
  const std::uint64_t relocated = std::uint64_t{input.highest_relocated} + 1;
  if (hashed->is_exact) {
    if (relocated > hashed->symbols)
      return malformed("relocation-symbol-out-of-bounds",
                       "a relocation names a symbol that the hash table says is not there");
    return hashed->symbols;
  }
  const std::uint64_t at_least = std::max(hashed->symbols, relocated);
  for (const std::uint64_t count :
       {count_by_section(input, address), count_by_distance(input, address)})
    if (count >= at_least && count <= room) return count;
  return at_least;
}

}  // namespace

core::Result<Range> find_symbols(const SymbolTableInput& input) {
  if (!input.dynamic.has(DT_SYMTAB)) {
    if (input.highest_relocated == 0) return Range{};
    return malformed("relocation-symbol-out-of-bounds",
                     "a relocation names a symbol, but there is no symbol table");
  }
  const std::uint64_t size = symbol_size(input.header.layout);
  if (input.dynamic.value_or(DT_SYMENT, size) != size)
    return malformed("symbol-size", "DT_SYMENT is not the size of a symbol");
  const std::uint64_t address = input.dynamic.value_or(DT_SYMTAB, 0);
  const auto mapped = find_mapped(input.segments, address);
  if (!mapped) return malformed("symbols-out-of-bounds", "DT_SYMTAB is not in a loaded segment");
  const auto count = count_symbols(input, address, mapped->size / size);
  if (!count) return tl::make_unexpected(count.error());
  if (*count > kMaxDynamicSymbols)
    return beyond_limit(
        "too-many-symbols",
        "the file has more than " + std::to_string(kMaxDynamicSymbols) + " dynamic symbols");
  return locate(input.segments, address, *count * size, "symbols-out-of-bounds");
}

core::Result<std::uint64_t> check_symbol_names(core::ByteView file, const Layout& layout,
                                               const Range& symbols, NameBudget& names) {
  const std::uint64_t size = symbol_size(layout);
  std::uint64_t total = 0;
  // st_name is the first word of a symbol in both classes; the null symbol has no name.
  for (std::uint64_t at = size; at < symbols.size; at += size) {
    const auto name = names.take(*core::read_u32(file, symbols.offset + at, layout.order));
    if (!name) return tl::make_unexpected(name.error());
    total += name->size();
  }
  return total;
}

}  // namespace muslcheck::elf
