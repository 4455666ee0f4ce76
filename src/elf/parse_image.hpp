#pragma once
/// From a compact image to encoded facts: the work of one worker, also done in-process.

#include <cstdint>
#include <vector>

#include "muslcheck/core/result.hpp"

namespace muslcheck::elf {

/// LIEF, then assembly, then the encoding. Reasons: those of parse_with_lief and assemble_facts,
/// and "worker-memory" when memory ran out.
[[nodiscard]] core::Result<std::vector<std::uint8_t>> parse_image(
    const std::vector<std::uint8_t>& image);

}  // namespace muslcheck::elf
