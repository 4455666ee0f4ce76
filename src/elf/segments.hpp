#pragma once
/// Program headers: what is mapped where.

#include <cstdint>
#include <optional>
#include <vector>

#include "elf/layout.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::elf {

/// One program header, in native order and 64 bits wide.
struct Segment {
  std::uint32_t type = PT_NULL;
  std::uint32_t flags = 0;
  std::uint64_t offset = 0;
  std::uint64_t address = 0;
  std::uint64_t file_size = 0;
  std::uint64_t memory_size = 0;
  std::uint64_t alignment = 0;
};

/// Where the table of program headers is: e_phoff, e_phnum, e_phentsize.
struct SegmentTable {
  std::uint64_t offset = 0;
  std::uint32_t count = 0;
  std::uint32_t entry_size = 0;
};

/// Reads the program headers and checks that what they map lies in the file.
/// Reasons: "program-header-size", "too-many-program-headers", "program-headers-out-of-bounds",
/// "no-program-headers", "segment-out-of-bounds".
[[nodiscard]] core::Result<std::vector<Segment>> read_segments(core::ByteView file,
                                                               const Layout& layout,
                                                               const SegmentTable& table);

/// The part of the file behind an address, up to the end of its PT_LOAD's file content; nothing
/// if no PT_LOAD has it.
[[nodiscard]] std::optional<Range> find_mapped(const std::vector<Segment>& segments,
                                               std::uint64_t address);

/// The first (PT_INTERP as the kernel takes it) or last (the others, as musl's map_library takes
/// them) segment of a type.
[[nodiscard]] const Segment* find_first(const std::vector<Segment>& segments, std::uint32_t type);
[[nodiscard]] const Segment* find_last(const std::vector<Segment>& segments, std::uint32_t type);

}  // namespace muslcheck::elf
