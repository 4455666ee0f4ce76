#pragma once
/// The architectures of Alpine and what they are called elsewhere.

#include <cstdint>
#include <string_view>

#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::target {

struct Architecture {
  std::string_view alpine;  ///< "ppc64le"
  std::string_view musl;    ///< in the loader's name: "powerpc64le"
  std::uint16_t machine;    ///< EM_*
  model::ElfClass elf_class;
  model::ElfByteOrder byte_order;
};

/// Null if Alpine has no such architecture. "armv7" is taken as "armhf": the same loader, symbols
/// and relocations.
[[nodiscard]] const Architecture* find_architecture(std::string_view alpine);

}  // namespace muslcheck::target
