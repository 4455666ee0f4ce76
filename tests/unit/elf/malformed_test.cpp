// Sound files with one field changed: each is a problem with an exact reason and keeps what its
// header says, never a clean result. Cases are named after the field.

#include <utility>

#include "reading.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using model::RelocationTable;
using test::BuiltElf;
using test::ElfBuilder;
using test::kBaseAddress;
using test::reason_of;

namespace {

constexpr std::uint64_t kNowhere = 0x7ffff000;

/// A file that has every table, so that each of its fields can be damaged.
BuiltElf sound() {
  ElfBuilder elf;
  elf.has_sysv_hash = true;
  elf.interpreter("/lib/ld.so").needed("libc.so.6").soname("libx.so");
  elf.note("GNU", NT_GNU_BUILD_ID, "\x01");
  const auto version = elf.need("libc.so.6", "GLIBC_2.17");
  const auto own = elf.define("X_1");
  const auto puts = elf.undefined("puts", version);
  elf.defined("x", own);
  elf.relocation(RelocationTable::jmprel, R_X86_64_JUMP_SLOT, puts);
  elf.relocation(RelocationTable::rela, R_X86_64_GLOB_DAT, puts);
  return elf.build();
}

/// Reads the file and checks that it is a problem, but one whose header is known.
std::string header_only_reason(const BuiltElf& file) {
  const elf::ReadResult result = test::read(file);
  REQUIRE(result.problem);
  REQUIRE(result.facts);
  CHECK(result.facts->completeness == model::Completeness::header_only);
  CHECK(result.facts->machine == EM_X86_64);
  CHECK(result.problem->path == "test.so");
  CHECK_FALSE(result.problem->message.empty());
  return result.problem->reason;
}

/// Reads the file and checks that nothing could be read.
std::string no_facts_reason(core::ByteView bytes) {
  const elf::ReadResult result = test::read(bytes);
  REQUIRE(result.problem);
  CHECK_FALSE(result.facts);
  return result.problem->reason;
}

std::string with_tag(std::int64_t tag, std::uint64_t value) {
  BuiltElf file = sound();
  file.set_tag(tag, value);
  return header_only_reason(file);
}

template <typename T>
std::string with_field(const std::string& table, std::uint64_t offset, T value) {
  BuiltElf file = sound();
  file.put(file.at.at(table) + offset, value);
  return header_only_reason(file);
}

}  // namespace

TEST_CASE("the file that the cases below damage is sound") { CHECK(reason_of(sound()).empty()); }

TEST_CASE("malformed: the ELF header") {
  BuiltElf file = sound();
  CHECK(no_facts_reason({}) == "not-elf");
  CHECK(no_facts_reason(core::ByteView(file.bytes).first(3)) == "not-elf");
  CHECK(no_facts_reason(core::ByteView(file.bytes).first(10)) == "truncated-header");
  CHECK(no_facts_reason(core::ByteView(file.bytes).first(40)) == "truncated-header");
  const auto with = [&](std::size_t offset, auto value) {
    BuiltElf damaged = file;
    damaged.put(offset, value);
    return damaged;
  };
  using U8 = std::uint8_t;
  using U16 = std::uint16_t;
  CHECK(no_facts_reason(with(EI_CLASS, U8{3}).bytes) == "elf-class");
  CHECK(no_facts_reason(with(EI_DATA, U8{0}).bytes) == "elf-byte-order");
  CHECK(no_facts_reason(with(EI_VERSION, U8{2}).bytes) == "elf-version");
  CHECK(no_facts_reason(with(offsetof(Elf64_Ehdr, e_type), U16{ET_REL}).bytes) ==
        "relocatable-object");
  CHECK(no_facts_reason(with(offsetof(Elf64_Ehdr, e_type), U16{ET_CORE}).bytes) == "core-file");
  CHECK(no_facts_reason(with(offsetof(Elf64_Ehdr, e_type), U16{77}).bytes) ==
        "unknown-object-type");
  CHECK(header_only_reason(with(offsetof(Elf64_Ehdr, e_phnum), U16{0})) == "no-program-headers");
  CHECK(header_only_reason(with(offsetof(Elf64_Ehdr, e_phnum), U16{4000})) ==
        "program-headers-out-of-bounds");
  CHECK(header_only_reason(with(offsetof(Elf64_Ehdr, e_phentsize), U16{32})) ==
        "program-header-size");
  CHECK(header_only_reason(with(offsetof(Elf64_Ehdr, e_phoff), kNowhere)) ==
        "program-headers-out-of-bounds");
  CHECK(header_only_reason(with(offsetof(Elf64_Ehdr, e_phoff), ~std::uint64_t{0} - 8)) ==
        "program-headers-out-of-bounds");
}

TEST_CASE("malformed: program headers") {
  BuiltElf file = sound();
  SECTION("p_filesz of PT_LOAD, as in a truncated file") {
    file.bytes.resize(file.bytes.size() - 1);
    CHECK(header_only_reason(file) == "segment-out-of-bounds");
  }
  SECTION("p_offset of PT_INTERP") {
    file.set_segment_offset(PT_INTERP, kNowhere);
    CHECK(header_only_reason(file) == "segment-out-of-bounds");
  }
  SECTION("p_filesz of PT_INTERP, without the NUL") {
    file.set_segment_file_size(PT_INTERP, 4);
    CHECK(header_only_reason(file) == "interpreter-not-terminated");
  }
  SECTION("p_filesz of PT_INTERP, longer than a path") {
    file.bytes.resize(file.bytes.size() + 10'000);
    file.set_segment_file_size(PT_INTERP, 5000);
    CHECK(header_only_reason(file) == "interpreter-too-long");
  }
  SECTION("PT_INTERP is empty") {
    file.put(file.at["interpreter"], std::uint8_t{0});
    CHECK(header_only_reason(file) == "interpreter-empty");
  }
  SECTION("p_vaddr of PT_DYNAMIC") {
    file.set_segment_address(PT_DYNAMIC, kNowhere);
    CHECK(header_only_reason(file) == "dynamic-out-of-bounds");
  }
  SECTION("p_filesz of PT_DYNAMIC, before DT_NULL") {
    file.set_segment_file_size(PT_DYNAMIC, 3 * sizeof(Elf64_Dyn));
    CHECK(header_only_reason(file) == "dynamic-not-terminated");
  }
  SECTION("p_filesz of PT_DYNAMIC is 0: a separate debug file") {
    file.set_segment_file_size(PT_DYNAMIC, 0);
    CHECK(no_facts_reason(file.bytes) == "debug-file");
  }
}

TEST_CASE("malformed: dynamic entries") {
  CHECK(with_tag(DT_STRTAB, kNowhere) == "strings-out-of-bounds");
  CHECK(with_tag(DT_STRSZ, kNowhere) == "strings-out-of-bounds");
  CHECK(with_tag(DT_STRSZ, 3) == "name-not-terminated");
  CHECK(with_tag(DT_STRSZ, 1) == "name-out-of-bounds");
  CHECK(with_tag(DT_SYMTAB, kNowhere) == "symbols-out-of-bounds");
  CHECK(with_tag(DT_SYMENT, 23) == "symbol-size");
  CHECK(with_tag(DT_NEEDED, 0xffffff) == "name-out-of-bounds");
  CHECK(with_tag(DT_SONAME, 0xffffff) == "name-out-of-bounds");
  CHECK(with_tag(DT_HASH, kNowhere) == "hash-out-of-bounds");
  CHECK(with_tag(DT_VERSYM, kNowhere) == "versym-out-of-bounds");
  CHECK(with_tag(DT_VERNEED, kNowhere) == "verneed-out-of-bounds");
  CHECK(with_tag(DT_VERDEF, kNowhere) == "verdef-out-of-bounds");
  CHECK(with_tag(DT_RELA, kNowhere) == "relocations-out-of-bounds");
  CHECK(with_tag(DT_RELASZ, kNowhere) == "relocations-out-of-bounds");
  CHECK(with_tag(DT_RELASZ, 25) == "relocation-size");
  CHECK(with_tag(DT_JMPREL, kNowhere) == "relocations-out-of-bounds");
  CHECK(with_tag(DT_PLTRELSZ, 1) == "relocation-size");
}

TEST_CASE("malformed: a missing DT_STRTAB") {
  BuiltElf file = sound();
  file.remove_tag(DT_STRTAB);
  CHECK(header_only_reason(file) == "strings-missing");
}

TEST_CASE("malformed: DT_HASH") {
  CHECK(with_field("hash", 0, std::uint32_t{0xffffffff}) == "hash-out-of-bounds");
  CHECK(with_field("hash", 4, std::uint32_t{0xffffffff}) == "hash-out-of-bounds");
  CHECK(with_field("hash", 4, std::uint32_t{1}) == "relocation-symbol-out-of-bounds");
}

TEST_CASE("malformed: DT_GNU_HASH") {
  const auto with = [](std::uint64_t offset, std::uint32_t value) {
    BuiltElf file = sound();
    file.remove_tag(DT_HASH);
    file.put(file.at["gnu_hash"] + offset, value);
    return header_only_reason(file);
  };
  constexpr std::uint64_t kBucket = 16 + 8;
  CHECK(with(0, 0xffffffff) == "gnu-hash-out-of-bounds");
  CHECK(with(8, 0xffffffff) == "gnu-hash-out-of-bounds");
  CHECK(with(kBucket, 1) == "gnu-hash-chain");
  CHECK(with(kBucket, 0xffffff) == "too-many-symbols");
  CHECK(with(kBucket, 100'000) == "gnu-hash-out-of-bounds");
  CHECK(with(4, 0xffffffff) == "gnu-hash-chain");
}

TEST_CASE("malformed: symbols and relocations") {
  constexpr std::uint64_t kSecond = sizeof(Elf64_Sym);
  CHECK(with_field("symbols", kSecond, std::uint32_t{0xffffffff}) == "name-out-of-bounds");
  constexpr std::uint64_t kInfo = offsetof(Elf64_Rela, r_info);
  CHECK(with_field("rela", kInfo + 4, std::uint32_t{77}) == "relocation-symbol-out-of-bounds");
  CHECK(with_field("jmprel", kInfo + 4, std::uint32_t{77}) == "relocation-symbol-out-of-bounds");
}

TEST_CASE("malformed: a string table without a NUL at its end") {
  BuiltElf file = sound();
  const std::uint64_t size = file.at["dynamic"] - file.at["strings"];
  for (std::uint64_t i = 0; i < size; ++i)
    if (file.bytes[file.at["strings"] + i] == 0) file.bytes[file.at["strings"] + i] = 'x';
  CHECK(header_only_reason(file) == "name-not-terminated");
}

TEST_CASE("malformed: DT_VERNEED records") {
  CHECK(with_field("verneed", offsetof(Elf64_Verneed, vn_file), std::uint32_t{0xffffff}) ==
        "name-out-of-bounds");
  CHECK(with_field("verneed", offsetof(Elf64_Verneed, vn_aux), std::uint32_t{0}) == "verneed-aux");
  CHECK(with_field("verneed", offsetof(Elf64_Verneed, vn_aux), std::uint32_t{0xffffff}) ==
        "verneed-aux");
  constexpr std::uint64_t kAux = sizeof(Elf64_Verneed);
  CHECK(with_field("verneed", kAux + offsetof(Elf64_Vernaux, vna_name), std::uint32_t{0xffffff}) ==
        "name-out-of-bounds");
}

TEST_CASE("malformed: vn_next beyond the segment") {
  ElfBuilder elf;
  elf.need("liba.so", "A");
  elf.need("libb.so", "B");
  elf.undefined("f");
  BuiltElf file = elf.build();
  file.put(file.at["verneed"] + offsetof(Elf64_Verneed, vn_next), std::uint32_t{0xfffffff0});
  CHECK(header_only_reason(file) == "verneed-out-of-bounds");
}

TEST_CASE("malformed: DT_VERDEF records") {
  CHECK(with_field("verdef", offsetof(Elf64_Verdef, vd_next), std::uint32_t{0xfffffff0}) ==
        "verdef-out-of-bounds");
  CHECK(with_field("verdef", offsetof(Elf64_Verdef, vd_aux), std::uint32_t{0}) == "verdef-aux");
  CHECK(with_field("verdef", offsetof(Elf64_Verdef, vd_aux), std::uint32_t{0xffffff}) ==
        "verdef-aux");
  constexpr std::uint64_t kAux = sizeof(Elf64_Verdef);
  CHECK(with_field("verdef", kAux, std::uint32_t{0xffffff}) == "name-out-of-bounds");
}

TEST_CASE("odd but valid: fewer version needs than DT_VERNEEDNUM says") {
  BuiltElf file = sound();
  file.set_tag(DT_VERNEEDNUM, 100);
  CHECK(test::facts_of(file).version_needs.size() == 1);
}

TEST_CASE("odd but valid: DT_VERNEEDNUM ends a longer chain") {
  ElfBuilder elf;
  elf.need("liba.so", "A");
  elf.need("libb.so", "B");
  elf.undefined("f");
  BuiltElf file = elf.build();
  file.set_tag(DT_VERNEEDNUM, 1);
  CHECK(test::facts_of(file).version_needs.size() == 1);
}

TEST_CASE("odd but valid: fewer aux records than vn_cnt and vd_cnt say") {
  BuiltElf file = sound();
  file.put(file.at["verneed"] + offsetof(Elf64_Verneed, vn_cnt), std::uint16_t{5});
  file.put(file.at["verdef"] + offsetof(Elf64_Verdef, vd_cnt), std::uint16_t{5});
  const model::ElfFacts facts = test::facts_of(file);
  CHECK(facts.version_needs.size() == 1);
  CHECK(facts.version_definitions.size() == 1);
}

TEST_CASE("odd but valid: a version need without versions") {
  BuiltElf file = sound();
  file.put(file.at["verneed"] + offsetof(Elf64_Verneed, vn_cnt), std::uint16_t{0});
  CHECK(test::facts_of(file).version_needs.empty());
}

TEST_CASE("odd but valid: versym entries that stand for no version") {
  BuiltElf file = sound();
  file.put(file.at["versym"] + 2, std::uint16_t{0x7ffe});
  CHECK(test::facts_of(file).symbols.at(0).version.empty());
}

TEST_CASE("odd but valid: tables without their size") {
  BuiltElf file = sound();
  file.remove_tag(DT_RELASZ);
  const model::ElfFacts facts = test::facts_of(file);
  REQUIRE(facts.relocations.size() == 1);
  CHECK(facts.relocations[0].table == RelocationTable::jmprel);
}

TEST_CASE("odd but valid: no section headers, or nonsense instead of them") {
  BuiltElf file = sound();
  file.put(offsetof(Elf64_Ehdr, e_shoff), ~std::uint64_t{0});
  file.put(offsetof(Elf64_Ehdr, e_shnum), std::uint16_t{0xffff});
  CHECK(reason_of(file).empty());
}

TEST_CASE("odd but valid: bytes after the last segment") {
  BuiltElf file = sound();
  file.bytes.resize(file.bytes.size() + 100'000, 0xff);
  CHECK(reason_of(file).empty());
}

TEST_CASE("a truncated file is a problem at every length") {
  const BuiltElf file = sound();
  for (std::size_t size = 0; size < file.bytes.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(reason_of(core::ByteView(file.bytes).first(size)).empty());
  }
}
