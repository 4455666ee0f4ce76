#pragma once
/// How many dynamic symbols a file has. The table itself does not say: a loader never needs to
/// know.

#include <cstdint>
#include <vector>

#include "elf/dynamic_table.hpp"
#include "elf/header.hpp"
#include "elf/layout.hpp"
#include "elf/names.hpp"
#include "elf/segments.hpp"

namespace muslcheck::elf {

/// What the count is taken from.
struct SymbolTableInput {
  core::ByteView file;
  const FileHeader& header;
  const std::vector<Segment>& segments;
  const DynamicTable& dynamic;
  std::uint32_t highest_relocated = 0;  ///< highest symbol index that a relocation names
};

/// The dynamic symbol table, the null entry included; empty without DT_SYMTAB.
///
/// The count is DT_HASH's nchain, else the end of the longest chain of DT_GNU_HASH. Where there is
/// no hash table or nothing is hashed, undefined symbols are all there is, and the count comes
/// from the section header of the same address, else from the distance to a directly following
/// DT_STRTAB; it is never less than relocations need.
/// Reasons: "symbol-size", "symbols-out-of-bounds", "too-many-symbols", "hash-out-of-bounds",
/// "gnu-hash-out-of-bounds", "gnu-hash-chain", "relocation-symbol-out-of-bounds".
[[nodiscard]] core::Result<Range> find_symbols(const SymbolTableInput& input);

/// Checks all names of the table and counts their bytes against the budget.
[[nodiscard]] core::Result<std::uint64_t> check_symbol_names(core::ByteView file,
                                                             const Layout& layout,
                                                             const Range& symbols,
                                                             NameBudget& names);

}  // namespace muslcheck::elf
