// The dynamic table (System V ABI, chapter 5, "Dynamic Section"). Read at the segment's address,
// as a loader does (musl: map_library takes p_vaddr), and never beyond DT_NULL.

#include "elf/dynamic_table.hpp"

#include "muslcheck/core/limits.hpp"

namespace muslcheck::elf {
namespace {

struct Entry {
  std::int64_t tag;
  std::uint64_t value;
};

Entry read_entry(core::ByteView file, std::uint64_t offset, const Layout& layout) {
  return with_types(layout, [&]<typename Types>(Types) -> Entry {
    const auto raw = *read_raw<typename Types::Dyn>(file, offset);
    return {.tag = in_order(raw.d_tag, layout.order),
            .value = in_order(raw.d_un.d_val, layout.order)};
  });
}

}  // namespace

core::Result<DynamicTable> read_dynamic_table(core::ByteView file, const Layout& layout,
                                              const std::vector<Segment>& segments,
                                              const Segment& dynamic) {
  const auto range = locate(segments, dynamic.address, dynamic.file_size, "dynamic-out-of-bounds");
  if (!range) return tl::make_unexpected(range.error());
  const std::uint64_t entry_size = dynamic_size(layout);
  const std::uint64_t count = range->size / entry_size;
  DynamicTable table;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i >= core::limits::kMaxDynamicEntries)
      return beyond_limit("too-many-dynamic-entries",
                          "the dynamic table has more than " +
                              std::to_string(core::limits::kMaxDynamicEntries) + " entries",
                          range->offset);
    const Entry entry = read_entry(file, range->offset + i * entry_size, layout);
    if (entry.tag == DT_NULL) return table;
    if (entry.tag == DT_NEEDED)
      table.needed.push_back(entry.value);
    else
      table.values[entry.tag] = entry.value;
  }
  return malformed("dynamic-not-terminated", "the dynamic table has no DT_NULL", range->offset);
}

core::Result<Range> locate(const std::vector<Segment>& segments, std::uint64_t address,
                           std::uint64_t size, const char* reason) {
  const std::optional<Range> mapped = find_mapped(segments, address);
  if (!mapped || size > mapped->size)
    return malformed(reason, "a table of the dynamic section is not inside a loaded segment");
  return Range{.offset = mapped->offset, .size = size};
}

}  // namespace muslcheck::elf
