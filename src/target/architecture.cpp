// Which of Alpine's architectures an ELF file or an OCI platform belongs to (e_machine with class
// and byte order; GOARCH words of the OCI image specification, "platform").

#include "target/architecture.hpp"

#include <elf.h>

#include <array>

#include "muslcheck/core/search.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::target {
namespace {

using enum model::ElfClass;
using enum model::ElfByteOrder;

constexpr std::array kArchitectures{
    Architecture{"x86_64", "x86_64", EM_X86_64, elf64, little},
    Architecture{"aarch64", "aarch64", EM_AARCH64, elf64, little},
    Architecture{"armhf", "armhf", EM_ARM, elf32, little},
    Architecture{"x86", "i386", EM_386, elf32, little},
    Architecture{"riscv64", "riscv64", EM_RISCV, elf64, little},
    Architecture{"ppc64le", "powerpc64le", EM_PPC64, elf64, little},
    Architecture{"s390x", "s390x", EM_S390, elf64, big},
    Architecture{"loongarch64", "loongarch64", EM_LOONGARCH, elf64, little},
};

struct PlatformName {
  std::string_view goarch;
  std::string_view alpine;
};

constexpr std::array kPlatforms{
    PlatformName{"amd64", "x86_64"},    PlatformName{"arm64", "aarch64"},
    PlatformName{"arm", "armhf"},       PlatformName{"386", "x86"},
    PlatformName{"riscv64", "riscv64"}, PlatformName{"ppc64le", "ppc64le"},
    PlatformName{"s390x", "s390x"},     PlatformName{"loong64", "loongarch64"},
};

}  // namespace

const Architecture* find_architecture(std::string_view alpine) {
  const std::string_view wanted = alpine == "armv7" ? "armhf" : alpine;
  return core::find_where(kArchitectures,
                          [&](const auto& entry) { return entry.alpine == wanted; });
}

std::optional<std::string> alpine_arch(const model::ElfFacts& facts) {
  const Architecture* found = core::find_where(kArchitectures, [&](const Architecture& entry) {
    return entry.machine == facts.machine && entry.elf_class == facts.elf_class &&
           entry.byte_order == facts.byte_order;
  });
  if (found == nullptr) return std::nullopt;
  return std::string(found->alpine);
}

std::optional<std::string> alpine_arch_of_platform(std::string_view platform) {
  constexpr std::string_view kLinux = "linux/";
  if (!platform.starts_with(kLinux)) return std::nullopt;
  platform.remove_prefix(kLinux.size());
  const std::string_view goarch = platform.substr(0, platform.find('/'));
  const PlatformName* found = core::find_where(
      kPlatforms, [&](const PlatformName& entry) { return entry.goarch == goarch; });
  if (found == nullptr) return std::nullopt;
  return std::string(found->alpine);
}

}  // namespace muslcheck::target
