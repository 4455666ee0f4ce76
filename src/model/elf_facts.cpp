// Classification of ELF files from their content: which machine, which C library.

#include "muslcheck/model/elf_facts.hpp"

#include <elf.h>

#include <array>

#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/model/module.hpp"

namespace muslcheck::model {
namespace {

struct MachineName {
  std::uint16_t machine;
  const char* name;
};

constexpr std::array kMachines{
    MachineName{EM_X86_64, "x86_64"},
    MachineName{EM_AARCH64, "aarch64"},
    MachineName{EM_ARM, "arm"},
    MachineName{EM_386, "x86"},
    MachineName{EM_RISCV, "riscv"},
    MachineName{EM_PPC64, "ppc64"},
    MachineName{EM_PPC, "ppc"},
    MachineName{EM_S390, "s390"},
    MachineName{EM_LOONGARCH, "loongarch"},
    MachineName{EM_MIPS, "mips"},
};

bool needs_library(const ElfFacts& facts, std::string_view library) {
  return core::contains(facts.needed, library);
}

/// The version need or definition that only an object built for glibc has, or "".
std::string glibc_version_evidence(const ElfFacts& facts) {
  for (const VersionNeed& need : facts.version_needs)
    if (need.version.starts_with("GLIBC_"))
      return "version need " + std::string(need.version) + " of " + std::string(need.library);
  for (const VersionDefinition definition : facts.version_definitions)
    if (definition.starts_with("GLIBC_")) return "version definition " + std::string(definition);
  return {};
}

std::string glibc_evidence(const ElfFacts& facts) {
  if (std::string version = glibc_version_evidence(facts); !version.empty()) return version;
  if (is_glibc_loader(facts.interpreter)) return "interpreter " + std::string(facts.interpreter);
  for (const std::string_view name : facts.needed) {
    const bool named = name == "libc.so.6" || name == "libm.so.6" || name == "libpthread.so.0" ||
                       name == "libdl.so.2" || name == "librt.so.1" || name == "libresolv.so.2";
    if (named || is_glibc_loader(name)) return "needs " + std::string(name);
  }
  return {};
}

std::string musl_evidence(const ElfFacts& facts) {
  if (facts.interpreter.find("/ld-musl-") != std::string_view::npos)
    return "interpreter " + std::string(facts.interpreter);
  for (const std::string_view name : facts.needed)
    if (name.starts_with("libc.musl-") || name == "libc.so") return "needs " + std::string(name);
  return {};
}

LibcEvidence android_or_bsd(const ElfFacts& facts) {
  if (facts.os_abi == ELFOSABI_FREEBSD || facts.abi_note == "FreeBSD")
    return {Libc::bsd, "FreeBSD ABI"};
  if (facts.os_abi == ELFOSABI_NETBSD || facts.abi_note == "NetBSD")
    return {Libc::bsd, "NetBSD ABI"};
  if (facts.os_abi == ELFOSABI_OPENBSD || facts.abi_note == "OpenBSD")
    return {Libc::bsd, "OpenBSD ABI"};
  if (facts.abi_note == "Android") return {Libc::android, "Android ABI note"};
  if (facts.interpreter.starts_with("/system/bin/linker"))
    return {Libc::android, "interpreter " + std::string(facts.interpreter)};
  // Bionic's libc.so, libm.so and libdl.so have no version suffix, and it defines version LIBC.
  for (const VersionNeed& need : facts.version_needs)
    if (need.version == "LIBC" || need.version.starts_with("LIBC_"))
      return {Libc::android, "version need " + std::string(need.version)};
  if (needs_library(facts, "liblog.so") || needs_library(facts, "libandroid.so"))
    return {Libc::android, "needs liblog.so or libandroid.so"};
  // musl has these inside of libc.so and no object built for it names them.
  for (const char* name : {"libdl.so", "libm.so"})
    if (needs_library(facts, "libc.so") && needs_library(facts, name))
      return {Libc::android, std::string("needs libc.so and ") + name};
  return {};
}

}  // namespace

std::string machine_name(const ElfFacts& facts) {
  const MachineName* found = core::find_where(
      kMachines, [&](const MachineName& entry) { return entry.machine == facts.machine; });
  if (found == nullptr) return "machine " + std::to_string(facts.machine);
  std::string name = found->name;
  const bool is_64 = facts.elf_class == ElfClass::elf64;
  const bool is_little = facts.byte_order == ElfByteOrder::little;
  switch (facts.machine) {
    case EM_X86_64: return is_64 ? name : "x32";
    case EM_RISCV:
    case EM_LOONGARCH: return name + (is_64 ? "64" : "32");
    case EM_S390: return is_64 ? "s390x" : name;
    case EM_PPC64: return name + (is_little ? "le" : "");
    case EM_AARCH64:
    case EM_ARM: return name + (is_little ? "" : "eb");
    default: return name;
  }
}

bool is_glibc_loader(std::string_view name) {
  name = core::file_name(name);
  return name.starts_with("ld-linux") || name.starts_with("ld64.so.") || name == "ld.so.1";
}

LibcEvidence classify_libc(const ElfFacts& facts) {
  if (LibcEvidence other = android_or_bsd(facts); other.libc != Libc::unknown) return other;
  if (facts.completeness == Completeness::header_only && facts.interpreter.empty())
    return {Libc::unknown, "its dynamic section could not be read"};
  if (std::string evidence = musl_evidence(facts); !evidence.empty()) return {Libc::musl, evidence};
  if (std::string evidence = glibc_evidence(facts); !evidence.empty())
    return {Libc::glibc, evidence};
  if (facts.type == ElfType::executable && !facts.has_dynamic)
    return {Libc::static_, "no interpreter, no dynamic section"};
  if (facts.interpreter.empty() && facts.needed.empty() && (facts.dt_flags_1 & DF_1_PIE) != 0)
    return {Libc::static_, "static-pie: no interpreter, needs nothing"};
  if (facts.needed.empty()) return {Libc::none, "needs no library"};
  return {Libc::unknown, "no version need, interpreter or library name tells"};
}

bool imports(const ElfFacts& facts, std::string_view name) {
  return core::find_where(facts.symbols, [&](const Symbol& symbol) {
           return !symbol.defined && symbol.name == name;
         }) != nullptr;
}

}  // namespace muslcheck::model
