#pragma once
/// The only thing LIEF ever sees: a tiny ELF file with the dynamic tables of the real one.

#include <cstdint>
#include <vector>

#include "elf/prepass.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::elf {

/// Builds the image from a file and its pre-pass, which must have a dynamic part. Only the tables
/// are copied. Reason: "image-too-large".
///
/// r_offset of each relocation, which no fact depends on, carries the model::RelocationTable that
/// it comes from. A file with both DT_REL and DT_RELA gets its REL records as RELA records, because
/// LIEF 0.9 reads only one of the two.
[[nodiscard]] core::Result<std::vector<std::uint8_t>> build_compact_image(core::ByteView file,
                                                                          const Prepass& prepass);

}  // namespace muslcheck::elf
