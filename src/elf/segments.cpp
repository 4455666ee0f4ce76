// Program headers (System V ABI, chapter 5). A loader sees a file only through its PT_LOAD
// segments, so every table of the dynamic section is found by address through them; section
// headers are never needed.

#include "elf/segments.hpp"

#include <algorithm>

#include "muslcheck/core/limits.hpp"

namespace muslcheck::elf {
namespace {

template <typename Phdr>
Segment decode(const Phdr& raw, core::ByteOrder order) {
  return {.type = in_order(raw.p_type, order),
          .flags = in_order(raw.p_flags, order),
          .offset = in_order(raw.p_offset, order),
          .address = in_order(raw.p_vaddr, order),
          .file_size = in_order(raw.p_filesz, order),
          .memory_size = in_order(raw.p_memsz, order),
          .alignment = in_order(raw.p_align, order)};
}

core::Result<void> check_table(core::ByteView file, const Layout& layout,
                               const SegmentTable& table) {
  const std::size_t entry_size = layout.is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
  if (table.count == 0)
    return malformed("no-program-headers", "the file has no program headers, so nothing is loaded");
  if (table.entry_size != entry_size)
    return malformed("program-header-size", "a program header has " +
                                                std::to_string(table.entry_size) + " bytes, not " +
                                                std::to_string(entry_size));
  if (table.count > core::limits::kMaxProgramHeaders)
    return beyond_limit("too-many-program-headers",
                        "the file has " + std::to_string(table.count) + " program headers");
  if (!core::slice(file, table.offset, std::uint64_t{table.count} * entry_size))
    return malformed("program-headers-out-of-bounds",
                     "the program headers reach beyond the end of the file", table.offset);
  return {};
}

/// The kinds of segment whose content is used: their bytes must be in the file.
bool has_used_content(const Segment& segment) {
  return segment.type == PT_LOAD || segment.type == PT_DYNAMIC || segment.type == PT_INTERP;
}

}  // namespace

core::Result<std::vector<Segment>> read_segments(core::ByteView file, const Layout& layout,
                                                 const SegmentTable& table) {
  if (const auto checked = check_table(file, layout, table); !checked)
    return tl::make_unexpected(checked.error());
  std::vector<Segment> segments;
  segments.reserve(table.count);
  for (std::uint32_t i = 0; i < table.count; ++i) {
    const std::uint64_t at = table.offset + std::uint64_t{i} * table.entry_size;
    segments.push_back(with_types(layout, [&]<typename Types>(Types) {
      return decode(*read_raw<typename Types::Phdr>(file, at), layout.order);
    }));
    const Segment& segment = segments.back();
    if (has_used_content(segment) && !core::slice(file, segment.offset, segment.file_size))
      return malformed("segment-out-of-bounds",
                       "a segment reaches beyond the end of the file; the file may be truncated",
                       at);
  }
  return segments;
}

std::optional<Range> find_mapped(const std::vector<Segment>& segments, std::uint64_t address) {
  for (const Segment& segment : segments) {
    if (segment.type != PT_LOAD || address < segment.address) continue;
    const std::uint64_t into = address - segment.address;
    if (into < segment.file_size)
      return Range{.offset = segment.offset + into, .size = segment.file_size - into};
  }
  return std::nullopt;
}

const Segment* find_first(const std::vector<Segment>& segments, std::uint32_t type) {
  const auto found = std::find_if(segments.begin(), segments.end(),
                                  [&](const Segment& segment) { return segment.type == type; });
  return found == segments.end() ? nullptr : &*found;
}

const Segment* find_last(const std::vector<Segment>& segments, std::uint32_t type) {
  const auto found = std::find_if(segments.rbegin(), segments.rend(),
                                  [&](const Segment& segment) { return segment.type == type; });
  return found == segments.rend() ? nullptr : &*found;
}

}  // namespace muslcheck::elf
