#pragma once
/// Section headers: never needed by a loader, and so never believed where it matters.

#include <cstdint>
#include <string_view>
#include <vector>

#include "elf/header.hpp"
#include "elf/layout.hpp"

namespace muslcheck::elf {

struct Section {
  std::uint32_t name = 0;  ///< offset in the section of names
  std::uint32_t type = SHT_NULL;
  std::uint64_t address = 0;
  Range content;
  std::uint64_t alignment = 0;
};

/// All section headers, or none if their table is not inside the file or not of this class. What
/// they say is not checked.
[[nodiscard]] std::vector<Section> read_sections(core::ByteView file, const FileHeader& header);

/// The content of the first section of that name; empty if there is none inside the file.
[[nodiscard]] core::ByteView find_section(core::ByteView file, const FileHeader& header,
                                          std::string_view name);

}  // namespace muslcheck::elf
