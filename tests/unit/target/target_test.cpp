// Profiles of Alpine releases: the facts about musl's loader that decide what loads where. The
// comments name the change in musl or Alpine behind a row.

#include "muslcheck/target/target.hpp"

#include <elf.h>

#include "support/catch.hpp"
#include "support/embedded_rules.hpp"

namespace muslcheck::target {
namespace {

using test::embedded_rules;

Target alpine(std::string_view release, std::string_view arch = "x86_64") {
  auto target = make_target(embedded_rules(), release, arch);
  INFO((target ? "" : core::describe(target.error())));
  REQUIRE(target);
  return std::move(*target);
}

core::Error error_of(std::string_view name, std::string_view arch = "x86_64") {
  const auto target = make_target(embedded_rules(), name, arch);
  REQUIRE_FALSE(target);
  return target.error();
}

}  // namespace

TEST_CASE("a target knows its names and machine") {
  const Target target = alpine("alpine:3.19");
  CHECK(target.info.name == "alpine:3.19");
  CHECK(target.info.release == "3.19");
  CHECK(target.info.musl == "1.2.4");  // 1.2.4_git20230717-r5
  CHECK(target.info.arch == "x86_64");
  CHECK(target.machine == EM_X86_64);
  CHECK(target.loader_path == "/lib/ld-musl-x86_64.so.1");
  CHECK(target.library_path == std::vector<std::string>{"/lib", "/usr/local/lib", "/usr/lib"});
}

TEST_CASE("a release can be named in several ways") {
  for (const std::string name : {"3.22", "alpine:3.22", "alpine:3.22.1", "3.22.0"}) {
    INFO(name);
    CHECK(alpine(name).info.release == "3.22");
  }
  for (const std::string name : {"alpine", "alpine:latest", "latest"}) {
    INFO(name);
    CHECK(alpine(name).info.release == "3.24");
  }
}

TEST_CASE("an unknown target names the known ones") {
  const std::string known =
      "; known: alpine:3.12, alpine:3.13, alpine:3.14, alpine:3.15, alpine:3.16, alpine:3.17, "
      "alpine:3.18, alpine:3.19, alpine:3.20, alpine:3.21, alpine:3.22, alpine:3.23, alpine:3.24";
  for (const std::string name :
       {"alpine:9.9", "debian:12", "", ":", "alpine3.22", "3.22.x", "alpine:", "3.22.1.1"}) {
    const core::Error error = error_of(name);
    CHECK(error.code == core::ErrorCode::usage);
    CHECK(error.reason == "unknown-target");
    CHECK(error.message == "unknown target \"" + name + "\"" + known);
  }
  CHECK(error_of("alpine:edge").message ==
        "unknown target \"alpine:edge\": edge changes every day, nothing can be predicted for it" +
            known);
}

TEST_CASE("an architecture that a release does not have is an error") {
  CHECK(error_of("3.19", "loongarch64").reason == "unknown-arch");
  CHECK(error_of("3.19", "loongarch64").message ==
        "alpine:3.19 has no architecture \"loongarch64\"; it has: x86_64, aarch64, armhf, x86, "
        "ppc64le, s390x");
  CHECK(error_of("3.19", "riscv64").reason == "unknown-arch");
  CHECK(error_of("3.24", "sparc").reason == "unknown-arch");
  CHECK(alpine("3.20", "riscv64").machine == EM_RISCV);
  CHECK(alpine("3.21", "loongarch64").loader_path == "/lib/ld-musl-loongarch64.so.1");
}

TEST_CASE("every release can be made for each of its architectures") {
  for (const rules::Release& release : embedded_rules().releases)
    for (const std::string& arch : release.arches) {
      INFO(release.release << " " << arch);
      const Target target = alpine(release.release, arch);
      CHECK(target.find_libc_symbol("malloc") != nullptr);
      CHECK(target.relocations.size() >= 9);
      CHECK(target.find_library("libstdc++.so.6") != nullptr);
      CHECK(target.find_library("libgcc_s.so.1") != nullptr);
      REQUIRE(target.find_library("libz.so.1") != nullptr);
      CHECK(target.find_library("libz.so.1")->in_base);
    }
}

TEST_CASE("libc symbols depend on the release") {
  struct Row {
    std::string release;
    std::string symbol;
    bool found;
  };
  const std::vector<Row> rows{
      {"3.12", "_Fork", false},  // new in 1.2.2
      {"3.13", "_Fork", true},
      {"3.15", "qsort_r", false},  // new in 1.2.3
      {"3.16", "qsort_r", true},
      {"3.19", "statx", false},  // new in 1.2.5
      {"3.20", "statx", true},
      {"3.22", "posix_getdents", false},
      {"3.23", "posix_getdents", true},  // Alpine's backport from 1.2.6
      {"3.24", "posix_getdents", true},
      {"3.22", "pthread_mutexattr_setprioceiling", false},
      {"3.23", "pthread_mutexattr_setprioceiling", true},  // Alpine's own
      {"3.24", "pthread_mutexattr_setprioceiling", true},
      {"3.23", "renameat2", false},  // new in 1.2.6
      {"3.24", "renameat2", true},
      {"3.24", "__memcpy_chk", false},
      {"3.24", "fts_open", false},
      {"3.24", "crypt_r", true},
      {"3.24", "", false},
  };
  for (const Row& row : rows) {
    INFO(row.release << " " << row.symbol);
    CHECK((alpine(row.release).find_libc_symbol(row.symbol) != nullptr) == row.found);
  }
}

TEST_CASE("64-bit file names are exported, mapped or missing") {
  struct Row {
    std::string release;
    std::string symbol;
    bool in_table;
    bool found;
  };
  const std::vector<Row> rows{
      {"3.17", "open64", true, true},
      {"3.18", "open64", true, true},  // musl 1.2.4, but Alpine reverted the removal
      {"3.18", "posix_fallocate64", true, true},
      {"3.19", "open64", false, true},  // first with the remap
      {"3.24", "open64", false, true},
      {"3.19", "readdir64_r", false, true},
      {"3.19", "posix_fallocate64", false, false},  // 16-byte buffer in 1.2.4 and 1.2.5
      {"3.22", "posix_fallocate64", false, false},
      {"3.24", "posix_fallocate64", false, true},  // fixed in 1.2.6
      {"3.17", "fcntl64", false, false},
      {"3.18", "fcntl64", false, false},
      {"3.24", "fcntl64", false, false},
      {"3.24", "preadv64v2", false, false},
      {"3.24", "pwritev64v2", false, false},
      {"3.24", "malloc64", false, false},
  };
  for (const Row& row : rows) {
    INFO(row.release << " " << row.symbol);
    const Target target = alpine(row.release);
    CHECK(target.libc_symbols.contains(row.symbol) == row.in_table);
    CHECK((target.find_libc_symbol(row.symbol) != nullptr) == row.found);
  }
}

TEST_CASE("a mapped name stands for the plain symbol") {
  const Target target = alpine("3.22");
  CHECK(target.find_libc_symbol("open64") == target.find_libc_symbol("open"));
  CHECK(target.lfs64_names.at("readdir64_r") == "readdir_r");
  CHECK(alpine("3.18").lfs64_names.empty());
  CHECK(alpine("3.18").lfs64 == Lfs64::exported);
}

TEST_CASE("a symbol that vanished and came back has the right versions") {
  // 32-bit: __fxstat went with the time64 change (1.2.0) and is back from 1.2.4 on.
  CHECK(alpine("3.12", "armhf").find_libc_symbol("__fxstat") != nullptr);
  CHECK(alpine("3.17", "armhf").find_libc_symbol("__fxstat") == nullptr);
  CHECK(alpine("3.19", "armhf").find_libc_symbol("__fxstat") != nullptr);
  CHECK(alpine("3.17", "x86_64").find_libc_symbol("__fxstat") != nullptr);
}

TEST_CASE("symbols keep type and binding of their version") {
  CHECK(alpine("3.12").find_libc_symbol("malloc")->binding == model::Binding::global);
  CHECK(alpine("3.24").find_libc_symbol("malloc")->binding == model::Binding::weak);
  CHECK(alpine("3.24").find_libc_symbol("stdin")->type == model::SymbolType::object);
}

TEST_CASE("relocation types depend on the architecture") {
  struct Row {
    std::string arch;
    std::uint32_t type;
    std::optional<RelocationClass> relocation_class;
  };
  const std::vector<Row> rows{
      {"x86_64", R_X86_64_JUMP_SLOT, RelocationClass::plt},
      {"x86_64", R_X86_64_GLOB_DAT, RelocationClass::got},
      {"x86_64", R_X86_64_COPY, RelocationClass::copy},
      {"x86_64", R_X86_64_TPOFF64, RelocationClass::tpoff},
      {"x86_64", R_X86_64_IRELATIVE, std::nullopt},
      {"aarch64", R_AARCH64_IRELATIVE, std::nullopt},
      {"aarch64", R_AARCH64_TLSDESC, RelocationClass::tlsdesc},
      {"armhf", 160, std::nullopt},  // R_ARM_IRELATIVE
      {"x86", R_386_IRELATIVE, std::nullopt},
      {"x86", R_386_PC32, RelocationClass::offset},
      {"x86", R_386_TLS_TPOFF32, RelocationClass::tpoff},
      {"riscv64", R_RISCV_IRELATIVE, std::nullopt},
      {"riscv64", 12, RelocationClass::tlsdesc},  // R_RISCV_TLSDESC, from 1.2.5
      {"ppc64le", R_PPC64_IRELATIVE, std::nullopt},
      {"ppc64le", R_PPC64_UADDR64, RelocationClass::symbolic},
      {"s390x", R_390_IRELATIVE, std::nullopt},
      {"s390x", R_390_JMP_SLOT, RelocationClass::plt},
      {"loongarch64", 12, std::nullopt},              // R_LARCH_IRELATIVE
      {"loongarch64", 14, RelocationClass::tlsdesc},  // Alpine's patch of 1.2.5
  };
  for (const Row& row : rows) {
    INFO(row.arch << " " << row.type);
    const Target target = alpine("3.22", row.arch);
    const auto found = target.relocations.find(row.type);
    REQUIRE((found != target.relocations.end()) == row.relocation_class.has_value());
    if (row.relocation_class) CHECK(found->second == *row.relocation_class);
  }
}

TEST_CASE("TLS descriptors do not exist on ppc64le and s390x") {
  for (const std::string arch : {"ppc64le", "s390x"})
    for (const auto& [type, relocation_class] : alpine("3.24", arch).relocations)
      CHECK(relocation_class != RelocationClass::tlsdesc);
}

TEST_CASE("a relocation type that came later is not in an older musl") {
  rules::RuleSet edited = embedded_rules();
  for (rules::RelocationRule& rule : edited.relocations["x86_64"])
    if (rule.role == "tlsdesc") rule.since_musl = "1.2.5";
  CHECK(make_target(edited, "3.20", "x86_64")->relocations.contains(R_X86_64_TLSDESC));
  CHECK_FALSE(make_target(edited, "3.19", "x86_64")->relocations.contains(R_X86_64_TLSDESC));
}

TEST_CASE("packed relocations are supported, ignored or unknown") {
  const std::vector<std::pair<std::string, Support>> rows{
      {"3.12", Support::no},      {"3.13", Support::yes},     {"3.14", Support::no},
      {"3.15", Support::unknown}, {"3.16", Support::unknown}, {"3.17", Support::yes},
      {"3.18", Support::yes},     {"3.24", Support::yes},
  };
  for (const auto& [release, support] : rows) {
    INFO(release);
    CHECK(alpine(release).relr == support);
  }
  CHECK(embedded_rules().find_release("3.13")->note ==
        "DT_RELR: only musl 1.2.2-r2 (2023 rebuild) and later: DT_RELR backported");
}

TEST_CASE("architectures are recognised from the ELF header") {
  using model::ElfByteOrder;
  using model::ElfClass;
  const auto arch = [](std::uint16_t machine, ElfClass elf_class, ElfByteOrder order) {
    model::ElfFacts facts;
    facts.machine = machine;
    facts.elf_class = elf_class;
    facts.byte_order = order;
    return alpine_arch(facts);
  };
  CHECK(arch(EM_X86_64, ElfClass::elf64, ElfByteOrder::little) == "x86_64");
  CHECK(arch(EM_X86_64, ElfClass::elf32, ElfByteOrder::little) == std::nullopt);  // x32
  CHECK(arch(EM_AARCH64, ElfClass::elf64, ElfByteOrder::little) == "aarch64");
  CHECK(arch(EM_ARM, ElfClass::elf32, ElfByteOrder::little) == "armhf");
  CHECK(arch(EM_386, ElfClass::elf32, ElfByteOrder::little) == "x86");
  CHECK(arch(EM_PPC64, ElfClass::elf64, ElfByteOrder::little) == "ppc64le");
  CHECK(arch(EM_PPC64, ElfClass::elf64, ElfByteOrder::big) == std::nullopt);
  CHECK(arch(EM_S390, ElfClass::elf64, ElfByteOrder::big) == "s390x");
  CHECK(arch(EM_MIPS, ElfClass::elf32, ElfByteOrder::big) == std::nullopt);
}

TEST_CASE("architectures are recognised from the platform") {
  CHECK(alpine_arch_of_platform("linux/amd64") == "x86_64");
  CHECK(alpine_arch_of_platform("linux/arm64") == "aarch64");
  CHECK(alpine_arch_of_platform("linux/arm64/v8") == "aarch64");
  CHECK(alpine_arch_of_platform("linux/arm/v7") == "armhf");
  CHECK(alpine_arch_of_platform("linux/386") == "x86");
  CHECK(alpine_arch_of_platform("linux/loong64") == "loongarch64");
  CHECK(alpine_arch_of_platform("windows/amd64") == std::nullopt);
  CHECK(alpine_arch_of_platform("linux/mips64le") == std::nullopt);
  CHECK(alpine_arch_of_platform("") == std::nullopt);
  CHECK(alpine("3.22", "armv7").info.arch == "armhf");
}

}  // namespace muslcheck::target
