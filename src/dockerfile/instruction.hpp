#pragma once
/// One line to one instruction.

#include "dockerfile/lines.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/dockerfile/dockerfile.hpp"

namespace muslcheck::dockerfile {

/// Parses a joined line, and reads the heredocs that it begins.
[[nodiscard]] core::Result<Instruction> parse_instruction(const LogicalLine& line,
                                                          LineReader& reader);

/// Where a word of a joined line stands in the file; nothing if lines break it.
[[nodiscard]] std::optional<TokenRange> locate(const LogicalLine& line, std::string_view word);

}  // namespace muslcheck::dockerfile
