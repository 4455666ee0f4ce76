// Relocation tables. Linkers sort the R_*_RELATIVE relocations to the front and count them in
// DT_RELACOUNT; in a large program they are nearly all there is. They cannot fail, so they are
// counted here and left out of what LIEF reads. The tag is not believed: the run is measured, so
// that a false count can hide nothing.

#include "elf/relocation_tables.hpp"

#include <algorithm>
#include <array>

#include "muslcheck/core/limits.hpp"

namespace muslcheck::elf {
namespace {

struct RelativeType {
  std::uint16_t machine;
  std::uint32_t type;
};

constexpr std::array kRelativeTypes{
    RelativeType{EM_X86_64, R_X86_64_RELATIVE},   RelativeType{EM_AARCH64, R_AARCH64_RELATIVE},
    RelativeType{EM_ARM, R_ARM_RELATIVE},         RelativeType{EM_386, R_386_RELATIVE},
    RelativeType{EM_RISCV, R_RISCV_RELATIVE},     RelativeType{EM_PPC64, R_PPC64_RELATIVE},
    RelativeType{EM_PPC, R_PPC_RELATIVE},         RelativeType{EM_S390, R_390_RELATIVE},
    RelativeType{EM_LOONGARCH, R_LARCH_RELATIVE},
};

/// Nothing for a machine that is not in the table: then nothing is left out.
std::optional<std::uint32_t> relative_type(const Layout& layout) {
  for (const RelativeType& entry : kRelativeTypes)
    if (entry.machine == layout.machine) return entry.type;
  return std::nullopt;
}

template <typename Raw>
RelocationInfo info_at(core::ByteView table, std::uint64_t index, const Layout& layout) {
  Raw raw;
  std::memcpy(&raw, table.data() + index * sizeof(Raw), sizeof(Raw));
  return split_info(in_order(raw.r_info, layout.order), layout);
}

template <typename Raw>
void measure(core::ByteView file, const Layout& layout, RelocationRange& table) {
  const core::ByteView bytes = *core::slice(file, table.range.offset, table.range.size);
  const std::uint64_t total = table.range.size / sizeof(Raw);
  const std::optional<std::uint32_t> relative = relative_type(layout);
  std::uint64_t first = 0;
  if (relative && table.table != model::RelocationTable::jmprel)
    for (; first < total; ++first) {
      const RelocationInfo info = info_at<Raw>(bytes, first, layout);
      if (info.type != *relative || info.symbol != 0) break;
    }
  for (std::uint64_t i = first; i < total; ++i) {
    const RelocationInfo info = info_at<Raw>(bytes, i, layout);
    table.highest_symbol = std::max(table.highest_symbol, info.symbol);
    table.checksum += checksum_of(info);
  }
  table.leading_relative = first;
  table.count = total - first;
  table.range.offset += first * sizeof(Raw);
  table.range.size -= first * sizeof(Raw);
}

struct Tags {
  model::RelocationTable table;
  std::int64_t address;
  std::int64_t size;
  bool has_addend;
};

core::Result<RelocationRange> read_table(core::ByteView file, const Layout& layout,
                                         const std::vector<Segment>& segments,
                                         const DynamicTable& dynamic, const Tags& tags) {
  RelocationRange table;
  table.table = tags.table;
  table.has_addend = tags.has_addend;
  const std::uint64_t size = dynamic.value_or(tags.size, 0);
  if (size == 0 || !dynamic.has(tags.address)) return table;
  const auto range =
      locate(segments, dynamic.value_or(tags.address, 0), size, "relocations-out-of-bounds");
  if (!range) return tl::make_unexpected(range.error());
  if (size % relocation_size(layout, tags.has_addend) != 0)
    return malformed("relocation-size", "a relocation table does not consist of whole relocations",
                     range->offset);
  table.range = *range;
  with_types(layout, [&]<typename Types>(Types) {
    if (tags.has_addend)
      measure<typename Types::Rela>(file, layout, table);
    else
      measure<typename Types::Rel>(file, layout, table);
  });
  return table;
}

}  // namespace

RelocationInfo split_info(std::uint64_t info, const Layout& layout) {
  if (!layout.is_64)
    return {.type = static_cast<std::uint32_t>(ELF32_R_TYPE(info)),
            .symbol = static_cast<std::uint32_t>(ELF32_R_SYM(info))};
  if (is_machine(layout, EM_MIPS) && layout.order == core::ByteOrder::little)
    return {.type = in_order(static_cast<std::uint32_t>(info >> 32U), core::ByteOrder::big),
            .symbol = static_cast<std::uint32_t>(info)};
  return {.type = static_cast<std::uint32_t>(info),
          .symbol = static_cast<std::uint32_t>(info >> 32U)};
}

core::Result<std::vector<RelocationRange>> read_relocation_tables(
    core::ByteView file, const Layout& layout, const std::vector<Segment>& segments,
    const DynamicTable& dynamic) {
  using model::RelocationTable;
  const bool plt_has_addends = dynamic.value_or(DT_PLTREL, DT_REL) == DT_RELA;
  const std::array<Tags, 3> in_musl_order{{
      {RelocationTable::jmprel, DT_JMPREL, DT_PLTRELSZ, plt_has_addends},
      {RelocationTable::rel, DT_REL, DT_RELSZ, false},
      {RelocationTable::rela, DT_RELA, DT_RELASZ, true},
  }};
  std::vector<RelocationRange> tables;
  std::uint64_t total = 0;
  for (const Tags& tags : in_musl_order) {
    const auto table = read_table(file, layout, segments, dynamic, tags);
    if (!table) return tl::make_unexpected(table.error());
    total += table->count;
    if (total > core::limits::kMaxRelocations)
      return beyond_limit("too-many-relocations",
                          "the file has more than " +
                              std::to_string(core::limits::kMaxRelocations) + " relocations");
    if (table->count + table->leading_relative > 0) tables.push_back(*table);
  }
  return tables;
}

}  // namespace muslcheck::elf
