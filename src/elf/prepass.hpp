#pragma once
/// The first look at a file: our own bounds-checked reading of headers, dynamic table, counts and
/// notes. It decides whether and what LIEF gets to see.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "elf/dynamic_table.hpp"
#include "elf/layout.hpp"
#include "elf/relocation_tables.hpp"
#include "elf/version_tables.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::elf {

/// How much of everything there is; what LIEF returns must agree.
struct Counts {
  std::uint64_t symbols = 0;  ///< without the null symbol
  std::uint64_t symbol_name_bytes = 0;
  std::uint64_t needed = 0;
  std::uint64_t version_needs = 0;
  std::uint64_t version_definitions = 0;
  std::array<std::uint64_t, 3> relocations{};  ///< by model::RelocationTable
  std::uint64_t relocation_checksum = 0;       ///< over types and symbols, see checksum_of()
  bool operator==(const Counts&) const = default;
};

/// The tables of the dynamic section, all checked to be inside the file.
struct DynamicPart {
  DynamicTable table;
  Range interpreter;  ///< PT_INTERP, its NUL included; empty if there is none
  Range strings;
  Range symbols;
  VersionTables versions;
  std::vector<RelocationRange> relocations;
  Counts counts;
};

struct Prepass {
  Layout layout;
  /// ELF header, program headers, hash tables, RELR and notes; `completeness` is complete only for
  /// a file without a dynamic section, of which nothing else can be said.
  model::ElfFacts facts;
  std::optional<DynamicPart> dynamic;  ///< absent without PT_DYNAMIC, or with a problem
  std::optional<core::Error> problem;  ///< why only the header is known
};

/// Reads the file once. Fails if not even the header can be used, or if it is no object that a
/// loader takes (also a separate debug file: "debug-file").
[[nodiscard]] core::Result<Prepass> run_prepass(core::ByteView file);

}  // namespace muslcheck::elf
