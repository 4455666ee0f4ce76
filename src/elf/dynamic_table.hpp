#pragma once
/// The dynamic table, PT_DYNAMIC: tags and values up to DT_NULL.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "elf/layout.hpp"
#include "elf/segments.hpp"

namespace muslcheck::elf {

/// Tags that occur once keep their last value, as in musl's decode_vec and glibc's l_info.
struct DynamicTable {
  std::map<std::int64_t, std::uint64_t> values;  ///< every tag but DT_NEEDED and DT_NULL
  std::vector<std::uint64_t> needed;             ///< string offsets of DT_NEEDED, in order

  [[nodiscard]] bool has(std::int64_t tag) const { return values.contains(tag); }
  [[nodiscard]] std::uint64_t value_or(std::int64_t tag, std::uint64_t fallback) const {
    const auto found = values.find(tag);
    return found == values.end() ? fallback : found->second;
  }
};

/// Reads the table behind the address of a PT_DYNAMIC segment. Reasons: "dynamic-out-of-bounds",
/// "dynamic-not-terminated", "too-many-dynamic-entries".
[[nodiscard]] core::Result<DynamicTable> read_dynamic_table(core::ByteView file,
                                                            const Layout& layout,
                                                            const std::vector<Segment>& segments,
                                                            const Segment& dynamic);

/// A table of the dynamic section by its address tag: the `size` bytes at it. Fails with
/// `reason` if a PT_LOAD does not have them all.
[[nodiscard]] core::Result<Range> locate(const std::vector<Segment>& segments,
                                         std::uint64_t address, std::uint64_t size,
                                         const char* reason);

}  // namespace muslcheck::elf
