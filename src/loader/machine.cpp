// What depends on the machine beside the table of supported relocations: the few relocation
// numbers that the model must know by name, and which files the kernel and map_library take.

#include "loader/machine.hpp"

#include <elf.h>

#include <algorithm>
#include <array>

namespace muslcheck::loader {
namespace {

// Newer than Debian 12's elf.h: RISC-V psABI (TLS descriptors), LoongArch ELF ABI 2.30.
#ifndef R_RISCV_TLSDESC
constexpr std::uint32_t R_RISCV_TLSDESC = 12;
#endif
#ifndef R_LARCH_TLS_DESC64
constexpr std::uint32_t R_LARCH_TLS_DESC64 = 14;
#endif

struct MachineType {
  std::uint16_t machine;
  std::uint32_t type;
};

constexpr std::array kTlsDescriptor{
    MachineType{EM_X86_64, R_X86_64_TLSDESC}, MachineType{EM_AARCH64, R_AARCH64_TLSDESC},
    MachineType{EM_ARM, R_ARM_TLS_DESC},      MachineType{EM_386, R_386_TLS_DESC},
    MachineType{EM_RISCV, R_RISCV_TLSDESC},   MachineType{EM_LOONGARCH, R_LARCH_TLS_DESC64},
};

constexpr std::array kRelative{
    MachineType{EM_X86_64, R_X86_64_RELATIVE}, MachineType{EM_AARCH64, R_AARCH64_RELATIVE},
    MachineType{EM_ARM, R_ARM_RELATIVE},       MachineType{EM_386, R_386_RELATIVE},
    MachineType{EM_RISCV, R_RISCV_RELATIVE},   MachineType{EM_LOONGARCH, R_LARCH_RELATIVE},
    MachineType{EM_PPC64, R_PPC64_RELATIVE},   MachineType{EM_S390, R_390_RELATIVE},
};

template <typename Table>
std::optional<std::uint32_t> find_type(const Table& table, std::uint16_t machine) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const MachineType& row) { return row.machine == machine; });
  if (found == table.end()) return std::nullopt;
  return found->type;
}

/// 32-bit machines whose programs a 64-bit kernel runs as well.
bool runs_compat(std::uint16_t kernel, std::uint16_t program) {
  return (kernel == EM_X86_64 && program == EM_386) || (kernel == EM_AARCH64 && program == EM_ARM);
}

}  // namespace

std::optional<std::uint32_t> tls_descriptor_type(std::uint16_t machine) {
  return find_type(kTlsDescriptor, machine);
}

std::optional<std::uint32_t> relative_type(std::uint16_t machine) {
  return find_type(kRelative, machine);
}

bool is_loadable(const model::ElfFacts& facts, const target::Target& target) {
  // In another class or byte order the program headers are read from the wrong place, and no
  // PT_DYNAMIC is found there.
  const bool same_layout =
      facts.elf_class == target.elf_class && facts.byte_order == target.byte_order;
  const bool type_fits =
      facts.type == model::ElfType::shared || facts.type == model::ElfType::executable;
  return same_layout && type_fits && facts.has_dynamic;
}

bool is_runnable(const model::ElfFacts& facts, const target::Target& target) {
  if (facts.byte_order != target.byte_order) return false;
  if (facts.machine == target.machine) return facts.elf_class == target.elf_class;
  return runs_compat(target.machine, facts.machine) && facts.elf_class == model::ElfClass::elf32;
}

}  // namespace muslcheck::loader
