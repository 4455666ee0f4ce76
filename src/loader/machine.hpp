#pragma once

#include <cstdint>
#include <optional>

#include "muslcheck/model/elf_facts.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::loader {

/// Number of the relocation that asks for a TLS descriptor on an EM_* machine; nothing where the
/// ABI has none.
[[nodiscard]] std::optional<std::uint32_t> tls_descriptor_type(std::uint16_t machine);

/// Number of the R_*_RELATIVE relocation of an EM_* machine, if known here.
[[nodiscard]] std::optional<std::uint32_t> relative_type(std::uint16_t machine);

/// Whether map_library can make sense of the file: class and byte order of the target, a shared
/// object or executable, with a dynamic table. The machine is not looked at. If not: ENOEXEC.
[[nodiscard]] bool is_loadable(const model::ElfFacts& facts, const target::Target& target);

/// Whether a kernel of the target's architecture runs the program at all.
[[nodiscard]] bool is_runnable(const model::ElfFacts& facts, const target::Target& target);

}  // namespace muslcheck::loader
