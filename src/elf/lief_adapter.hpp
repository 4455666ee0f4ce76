#pragma once
/// What LIEF read from a compact image, in neutral values. One .cpp per era of LIEF's interface
/// fills it; everything that is to be concluded from it is in assemble.cpp, for both.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::elf {

struct LiefSymbol {
  std::string_view name;
  std::uint8_t binding = 0;         ///< STB_*
  std::uint8_t type = 0;            ///< STT_*
  std::uint16_t section = 0;        ///< st_shndx
  std::uint16_t version_index = 1;  ///< versym entry; 1 without a version table
  bool has_value = false;
};

struct LiefVersion {
  std::string_view library;  ///< needs only
  std::string_view name;
  std::uint16_t index = 0;  ///< vna_other, vd_ndx
  std::uint16_t flags = 0;  ///< VER_FLG_*
};

struct LiefRelocation {
  std::uint32_t type = 0;
  std::uint32_t symbol = 0;  ///< index in the symbol table; 0 for none
  std::uint64_t table = 0;   ///< r_offset: see build_compact_image
};

struct LiefTag {
  std::uint64_t tag = 0;
  std::uint64_t value = 0;
};

struct LiefView {
  std::string_view interpreter;
  std::string_view soname;
  std::string_view rpath;
  std::string_view runpath;
  std::vector<std::string_view> needed;
  std::vector<LiefTag> tags;        ///< all dynamic entries before DT_NULL
  std::vector<LiefSymbol> symbols;  ///< with the null symbol
  std::vector<LiefVersion> needs;   ///< one per aux record
  std::vector<LiefVersion> definitions;
  std::vector<LiefRelocation> relocations;
  std::shared_ptr<const void> owner;  ///< LIEF's binary, which has the characters
};

/// Parses a compact image. Nothing of LIEF's, neither type nor exception, leaves this function;
/// only std::bad_alloc does. Reasons: "lief-rejected", "lief-exception".
[[nodiscard]] core::Result<LiefView> parse_with_lief(const std::vector<std::uint8_t>& image);

/// The facts that follow from what LIEF read. Header fields are left at their defaults; the views
/// refer to what `view.owner` has.
[[nodiscard]] core::Result<model::ElfFacts> assemble_facts(const LiefView& view);

}  // namespace muslcheck::elf
