#pragma once
/// DT_JMPREL, DT_REL and DT_RELA: where they are and how many relocations they hold.

#include <cstdint>
#include <vector>

#include "elf/dynamic_table.hpp"
#include "elf/layout.hpp"
#include "elf/segments.hpp"
#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::elf {

/// One table of relocations. `range` and `count` are without the relative relocations at its
/// start, which name no symbol and are only counted.
struct RelocationRange {
  model::RelocationTable table = model::RelocationTable::rela;
  bool has_addend = true;  ///< Elf_Rela records; Elf_Rel otherwise
  Range range;
  std::uint64_t count = 0;
  std::uint64_t leading_relative = 0;
  std::uint32_t highest_symbol = 0;  ///< highest symbol index named
  std::uint64_t checksum = 0;        ///< sum of checksum_of(), modulo 2^64
};

/// What r_info says.
struct RelocationInfo {
  std::uint32_t type = 0;
  std::uint32_t symbol = 0;
};

/// A relocation's part of a sum that tells whether two readers saw the same ones, in any order.
[[nodiscard]] constexpr std::uint64_t checksum_of(const RelocationInfo& info) {
  return (std::uint64_t{info.type} << 32U) + info.symbol;
}

/// Splits r_info (already in native order). Little-endian 64-bit MIPS has its own layout: a
/// 32-bit symbol, then four bytes of types, the first type last.
[[nodiscard]] RelocationInfo split_info(std::uint64_t info, const Layout& layout);

/// The tables in the order musl applies them (reloc_all, ldso/dynlink.c): JMPREL, REL, RELA; empty
/// ones left out. Where DT_RELA's range includes DT_JMPREL's, as on riscv64, the relocations are
/// in both, as they are for musl. Reasons: "relocations-out-of-bounds", "relocation-size",
/// "too-many-relocations".
[[nodiscard]] core::Result<std::vector<RelocationRange>> read_relocation_tables(
    core::ByteView file, const Layout& layout, const std::vector<Segment>& segments,
    const DynamicTable& dynamic);

}  // namespace muslcheck::elf
