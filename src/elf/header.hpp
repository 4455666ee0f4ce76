#pragma once
/// The ELF header: what kind of file this is and where its program headers are.

#include "elf/layout.hpp"
#include "elf/segments.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::elf {

struct FileHeader {
  Layout layout;
  model::ElfType type = model::ElfType::shared;
  std::uint32_t flags = 0;  ///< e_flags
  std::uint8_t os_abi = 0;  ///< e_ident[EI_OSABI]
  SegmentTable segments;
  Range sections;  ///< offset of the section headers, and their total size (may lie)
  std::uint16_t section_names = 0;  ///< e_shstrndx: which section has the names of all (may lie)
};

/// Reads the header. Fails for bytes that are no ELF header ("not-elf", "truncated-header",
/// "elf-class", "elf-byte-order", "elf-version") and for objects that no loader takes
/// ("relocatable-object", "core-file", "unknown-object-type"; ErrorCode::unsupported).
[[nodiscard]] core::Result<FileHeader> read_header(core::ByteView file);

}  // namespace muslcheck::elf
