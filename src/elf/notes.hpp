#pragma once
/// Notes: build id, ABI, Go.

#include <string>
#include <string_view>
#include <vector>

#include "elf/header.hpp"
#include "elf/layout.hpp"
#include "elf/segments.hpp"

namespace muslcheck::elf {

struct Notes {
  std::string build_id;       ///< lower-case hex
  std::string_view abi_note;  ///< a literal: "GNU", "Android", "FreeBSD", "NetBSD", "OpenBSD"
  bool has_go_build_id = false;
};

/// Reads the notes of all PT_NOTE segments and, if they have no build id, of SHT_NOTE sections. A
/// note that does not fit ends its segment: no loader depends on it. Fails only with
/// "too-many-notes".
[[nodiscard]] core::Result<Notes> read_notes(core::ByteView file, const FileHeader& header,
                                             const std::vector<Segment>& segments);

}  // namespace muslcheck::elf
