#pragma once
/// DT_VERSYM, DT_VERNEED and DT_VERDEF: extents and counts.

#include <cstdint>
#include <vector>

#include "elf/dynamic_table.hpp"
#include "elf/layout.hpp"
#include "elf/names.hpp"
#include "elf/segments.hpp"

namespace muslcheck::elf {

/// A chain of verneed or verdef records with their aux records.
struct VersionChain {
  Range range;                  ///< from the first record to the end of the last
  std::uint32_t records = 0;    ///< verneed or verdef records
  std::uint32_t auxiliary = 0;  ///< vernaux or verdaux records
  std::uint32_t named = 0;      ///< verdef: records with a name, the base version excluded
};

struct VersionTables {
  Range symbols;  ///< DT_VERSYM, one 16-bit word per symbol
  VersionChain needs;
  VersionChain definitions;
};

/// Reads the version tables of a file with `symbol_count` symbols (the null one included).
/// Reasons: "versym-out-of-bounds", "verneed-out-of-bounds", "verneed-aux", "verdef-out-of-bounds",
/// "verdef-aux", "too-many-version-needs", "too-many-version-definitions", "too-many-version-aux",
/// "too-much-version-work", and those of NameBudget.
[[nodiscard]] core::Result<VersionTables> read_version_tables(
    core::ByteView file, const Layout& layout, const std::vector<Segment>& segments,
    const DynamicTable& dynamic, std::uint64_t symbol_count, NameBudget& names);

}  // namespace muslcheck::elf
