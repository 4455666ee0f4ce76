// What the reader says about sound files, of both classes and byte orders, odd ones included.

#include "muslcheck/elf/reader.hpp"

#include "elf/compact_image.hpp"
#include "elf/prepass.hpp"
#include "reading.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using model::Binding;
using model::RelocationTable;
using model::SymbolType;
using test::BuiltElf;
using test::ElfBuilder;
using test::ElfShape;
using test::facts_of;
using test::kAllShapes;

namespace {

/// A library with one of everything.
BuiltElf rich_library(const ElfShape& shape) {
  ElfBuilder elf(shape);
  elf.interpreter("/lib/ld.so.1").needed("libm.so.6").needed("libc.so.6").soname("librich.so.2");
  elf.rpath("/opt/rich").runpath("$ORIGIN/../lib");
  elf.segment(PT_GNU_STACK, PF_R | PF_W, 0x20000).segment(PT_TLS, PF_R, 8);
  elf.note("GNU", NT_GNU_ABI_TAG, std::string(16, '\0'));
  elf.note("GNU", NT_GNU_BUILD_ID, "\xab\xcd\x01");
  elf.tag(DT_FLAGS, DF_STATIC_TLS).tag(DT_FLAGS_1, DF_1_NOW).tag(DT_TEXTREL, 0);
  const auto glibc = elf.need("libc.so.6", "GLIBC_2.17");
  const auto libm = elf.need("libm.so.6", "GLIBC_2.29", true);
  const auto own = elf.define("RICH_1.0");
  const auto puts = elf.undefined("puts", glibc);
  const auto pow = elf.undefined("pow", libm, STT_NOTYPE, STB_WEAK);
  elf.defined("rich_new", own, STT_OBJECT);
  elf.defined("rich_old", static_cast<std::uint16_t>(own | 0x8000U), STT_GNU_IFUNC, STB_GNU_UNIQUE);
  elf.defined("rich_tls", VER_NDX_GLOBAL, STT_TLS, STB_GLOBAL, 0);
  elf.relocation(RelocationTable::jmprel, 7, puts);
  elf.relocation(RelocationTable::rela, 6, pow).relocation(RelocationTable::rela, 1, puts);
  elf.relocation(RelocationTable::rela, 6, pow).relocation(RelocationTable::rela, 37, 0);
  return elf.build();
}

}  // namespace

TEST_CASE("everything a file says is read in both classes and byte orders") {
  for (const ElfShape& shape : kAllShapes) {
    CAPTURE(shape.is_64, shape.machine);
    const model::ElfFacts facts = facts_of(rich_library(shape));
    CHECK(facts.completeness == model::Completeness::complete);
    CHECK(facts.elf_class == (shape.is_64 ? model::ElfClass::elf64 : model::ElfClass::elf32));
    CHECK((facts.byte_order == model::ElfByteOrder::big) == (shape.order == core::ByteOrder::big));
    CHECK(facts.machine == shape.machine);
    CHECK(facts.type == model::ElfType::shared);
    CHECK(facts.interpreter == "/lib/ld.so.1");
    CHECK(facts.needed == std::vector<std::string_view>{"libm.so.6", "libc.so.6"});
    CHECK(facts.soname == "librich.so.2");
    CHECK(facts.rpath == "/opt/rich");
    CHECK(facts.runpath == "$ORIGIN/../lib");
    CHECK(facts.has_tls);
    CHECK(facts.stack_size == 0x20000);
    CHECK(facts.stack_flags == (PF_R | PF_W));
    CHECK(facts.abi_note == "GNU");
    CHECK(facts.build_id == "abcd01");
    CHECK(facts.static_tls);
    CHECK(facts.bind_now);
    CHECK(facts.text_relocations);
    CHECK(facts.has_gnu_hash);
    CHECK_FALSE(facts.has_sysv_hash);
    CHECK_FALSE(facts.has_relr);
    CHECK(facts.version_needs ==
          std::vector<model::VersionNeed>{{"libc.so.6", "GLIBC_2.17", false},
                                          {"libm.so.6", "GLIBC_2.29", true}});
    CHECK(facts.version_definitions == std::vector<std::string_view>{"RICH_1.0"});
  }
}

TEST_CASE("symbols keep name, version, library, binding, type and the hidden bit") {
  for (const ElfShape& shape : kAllShapes) {
    CAPTURE(shape.is_64, shape.machine);
    const model::ElfFacts facts = facts_of(rich_library(shape));
    const std::vector<model::Symbol> expected{
        {"puts", "GLIBC_2.17", "libc.so.6", Binding::global, SymbolType::function, false, false,
         false},
        {"pow", "GLIBC_2.29", "libm.so.6", Binding::weak, SymbolType::none, false, false, false},
        {"rich_new", "RICH_1.0", "", Binding::global, SymbolType::object, true, false, true},
        {"rich_old", "RICH_1.0", "", Binding::gnu_unique, SymbolType::ifunc, true, true, true},
        {"rich_tls", "", "", Binding::global, SymbolType::tls, true, false, false},
    };
    CHECK(facts.symbols == expected);
  }
}

TEST_CASE("relocations are grouped by table, type and symbol in order of first occurrence") {
  for (const ElfShape& shape : kAllShapes) {
    CAPTURE(shape.is_64, shape.machine);
    const model::ElfFacts facts = facts_of(rich_library(shape));
    const std::vector<model::RelocationGroup> expected{
        {7, 0, 1, RelocationTable::jmprel},
        {6, 1, 2, RelocationTable::rela},
        {1, 0, 1, RelocationTable::rela},
        {37, model::kNoSymbol, 1, RelocationTable::rela},
    };
    CHECK(facts.relocations == expected);
  }
}

TEST_CASE("a file with both REL and RELA keeps both") {
  for (const ElfShape& shape : kAllShapes) {
    CAPTURE(shape.is_64, shape.machine);
    ElfBuilder elf(shape);
    const auto symbol = elf.undefined("f");
    elf.relocation(RelocationTable::rel, 5, symbol).relocation(RelocationTable::rela, 6, symbol);
    elf.relocation(RelocationTable::jmprel, 7, symbol);
    const std::vector<model::RelocationGroup> expected{{7, 0, 1, RelocationTable::jmprel},
                                                       {5, 0, 1, RelocationTable::rel},
                                                       {6, 0, 1, RelocationTable::rela}};
    CHECK(facts_of(elf.build()).relocations == expected);
  }
}

TEST_CASE("PLT relocations inside DT_RELA's range are in both tables, as musl applies them") {
  ElfBuilder elf({.machine = EM_RISCV});
  const auto symbol = elf.undefined("f");
  elf.relocation(RelocationTable::rela, 2, symbol).relocation(RelocationTable::rela, 5, symbol);
  elf.relocation(RelocationTable::jmprel, 5, symbol);
  BuiltElf file = elf.build();
  // The PLT's table becomes the second half of the other, as on riscv64.
  file.set_tag(DT_JMPREL, test::kBaseAddress + file.at["rela"] + sizeof(Elf64_Rela));
  const std::vector<model::RelocationGroup> expected{{5, 0, 1, RelocationTable::jmprel},
                                                     {2, 0, 1, RelocationTable::rela},
                                                     {5, 0, 1, RelocationTable::rela}};
  CHECK(facts_of(file).relocations == expected);
}

TEST_CASE("leading relative relocations are counted and not listed") {
  ElfBuilder elf;
  const auto symbol = elf.undefined("f");
  for (int i = 0; i < 100; ++i) elf.relocation(RelocationTable::rela, R_X86_64_RELATIVE, 0);
  elf.relocation(RelocationTable::rela, R_X86_64_GLOB_DAT, symbol);
  elf.tag(DT_RELACOUNT, 100);
  const model::ElfFacts facts = facts_of(elf.build());
  CHECK(facts.relative_relocations == 100);
  CHECK(facts.relocations ==
        std::vector<model::RelocationGroup>{{R_X86_64_GLOB_DAT, 0, 1, RelocationTable::rela}});
}

TEST_CASE("leading relative REL relocations of 32-bit files are counted and not listed") {
  ElfBuilder elf({.is_64 = false, .machine = EM_ARM});
  const auto symbol = elf.undefined("f");
  elf.relocation(RelocationTable::rel, R_ARM_RELATIVE, 0);
  elf.relocation(RelocationTable::rel, R_ARM_GLOB_DAT, symbol);
  const model::ElfFacts facts = facts_of(elf.build());
  CHECK(facts.relative_relocations == 1);
  CHECK(facts.relocations.size() == 1);
}

TEST_CASE("a false DT_RELACOUNT hides no relocation") {
  ElfBuilder elf;
  elf.relocation(RelocationTable::rela, R_X86_64_RELATIVE, 0);
  elf.relocation(RelocationTable::rela, R_X86_64_IRELATIVE, 0);
  elf.relocation(RelocationTable::rela, R_X86_64_GLOB_DAT, elf.undefined("f"));
  elf.tag(DT_RELACOUNT, 3);
  const model::ElfFacts facts = facts_of(elf.build());
  CHECK(facts.relative_relocations == 1);
  REQUIRE(facts.relocations.size() == 2);
  CHECK(facts.relocations[0].type == R_X86_64_IRELATIVE);
}

TEST_CASE("relative relocations of a machine without a known type are listed") {
  ElfBuilder elf({.machine = EM_IA_64});
  elf.relocation(RelocationTable::rela, 110, 0).relocation(RelocationTable::rela, 110, 0);
  const model::ElfFacts facts = facts_of(elf.build());
  CHECK(facts.relative_relocations == 0);
  CHECK(facts.relocations.at(0).count == 2);
}

TEST_CASE("little-endian 64-bit MIPS splits r_info its own way") {
  ElfBuilder elf({.machine = EM_MIPS});
  const auto symbol = elf.undefined("f");
  elf.relocation(RelocationTable::rela, 0, symbol);
  BuiltElf file = elf.build();
  const std::uint64_t info = file.at["rela"] + offsetof(Elf64_Rela, r_info);
  file.put(info, symbol);                         // r_sym, a little-endian word
  file.put(info + 4, std::uint32_t{0x03120000});  // r_ssym, r_type3, r_type2 = 18, r_type = 3
  const model::ElfFacts facts = facts_of(file);
  REQUIRE(facts.relocations.size() == 1);
  CHECK(facts.relocations[0].symbol == 0);
  CHECK(facts.relocations[0].type == (R_MIPS_64 << 8 | R_MIPS_REL32));
}

TEST_CASE("DT_HASH gives the number of symbols, with 64-bit words on s390x") {
  for (const ElfShape& shape : kAllShapes) {
    CAPTURE(shape.is_64, shape.machine);
    ElfBuilder elf(shape);
    elf.has_gnu_hash = false;
    elf.has_sysv_hash = true;
    elf.undefined("a");
    elf.defined("b");
    const model::ElfFacts facts = facts_of(elf.build());
    CHECK(facts.symbols.size() == 2);
    CHECK(facts.has_sysv_hash);
    CHECK_FALSE(facts.has_gnu_hash);
  }
}

TEST_CASE("undefined symbols of a file that exports nothing are all found by the section header") {
  ElfBuilder elf;
  elf.has_section_headers = true;
  elf.undefined("a");
  elf.undefined("b");
  elf.undefined("not_relocated");
  CHECK(facts_of(elf.build()).symbols.size() == 3);
}

TEST_CASE("without section headers, a directly following string table bounds the symbols") {
  ElfBuilder elf;
  elf.has_gnu_hash = false;
  elf.undefined("a");
  elf.undefined("b");
  const model::ElfFacts facts = facts_of(elf.build());
  CHECK(facts.symbols.size() == 2);
  CHECK_FALSE(facts.has_gnu_hash);
  CHECK_FALSE(facts.has_sysv_hash);
}

TEST_CASE("without anything else, relocations say how many symbols there are at least") {
  ElfBuilder elf;  // the hash table is between symbols and strings
  const auto a = elf.undefined("a");
  const auto b = elf.undefined("b");
  elf.undefined("never_relocated");
  elf.relocation(RelocationTable::rela, 6, a).relocation(RelocationTable::jmprel, 7, b);
  CHECK(facts_of(elf.build()).symbols.size() == 2);
}

TEST_CASE("an empty GNU hash table that counts undefined symbols, as lld writes it, is believed") {
  ElfBuilder elf;
  elf.undefined("a");
  elf.undefined("b");
  BuiltElf file = elf.build();
  file.put(file.at["gnu_hash"] + 4, std::uint32_t{3});
  CHECK(facts_of(file).symbols.size() == 2);
}

TEST_CASE("a symbol without a name does not end the symbol table") {
  ElfBuilder elf;
  elf.undefined("a");
  elf.undefined("");
  elf.defined("b");
  BuiltElf file = elf.build();
  // st_name leads to an empty string that is not the one at 0.
  const std::uint64_t nul = file.at["strings"] + 2;
  REQUIRE(file.bytes[nul] == 0);
  file.put(file.at["symbols"] + 2 * sizeof(Elf64_Sym), std::uint32_t{2});
  const model::ElfFacts facts = facts_of(file);
  REQUIRE(facts.symbols.size() == 3);
  CHECK(facts.symbols[1].name.empty());
  CHECK(facts.symbols[2].name == "b");
}

TEST_CASE("entries after DT_NULL are not read") {
  ElfBuilder elf;
  elf.needed("liba.so").tag(DT_NULL, 0).needed("libb.so");
  BuiltElf file = elf.build();
  // What follows the early DT_NULL, the string table's tags among it, does not exist.
  CHECK(test::reason_of(file) == "strings-missing");
}

TEST_CASE("the last of several tags with one value wins") {
  ElfBuilder elf;
  elf.soname("first.so").soname("second.so");
  CHECK(facts_of(elf.build()).soname == "second.so");
}

TEST_CASE("more needed libraries than LIEF reads by itself are a problem, never lost") {
  ElfBuilder elf;
  for (int i = 0; i < 1200; ++i) elf.needed("lib" + std::to_string(i) + ".so");
  CHECK(test::reason_of(elf.build()) == "needed-disagree");
}

TEST_CASE("a copy-relocated symbol is defined and keeps the version of its need") {
  ElfBuilder elf({.type = ET_EXEC});
  const auto glibc = elf.need("libc.so.6", "GLIBC_2.2.5");
  elf.defined("stdout", glibc, STT_OBJECT);
  const model::ElfFacts facts = facts_of(elf.build());
  CHECK(facts.type == model::ElfType::executable);
  CHECK(facts.symbols.at(0).defined);
  CHECK(facts.symbols.at(0).version == "GLIBC_2.2.5");
  CHECK(facts.symbols.at(0).library == "libc.so.6");
}

TEST_CASE("a definition with a parent is named by its first name") {
  ElfBuilder elf;
  const auto index = elf.define("V2");
  elf.defined("f", index);
  BuiltElf file = elf.build();
  // The second record (after the base's) gets a second name: it borrows the base's aux record.
  const std::uint64_t record = file.at["verdef"] + sizeof(Elf64_Verdef) + sizeof(Elf64_Verdaux);
  file.bytes.resize(file.bytes.size() + 64);
  file.put(record + offsetof(Elf64_Verdef, vd_cnt), std::uint16_t{2});
  const std::uint64_t aux = record + sizeof(Elf64_Verdef);
  const std::uint32_t parent =
      core::read_u32(file.bytes, file.at["verdef"] + sizeof(Elf64_Verdef), file.layout.order)
          .value();
  const std::uint64_t second = (file.bytes.size() - 16) / 8 * 8;
  file.put(aux + offsetof(Elf64_Verdaux, vda_next), static_cast<std::uint32_t>(second - aux));
  file.put(second, parent);
  file.set_segment_file_size(PT_LOAD, file.bytes.size());
  const model::ElfFacts facts = facts_of(file);
  CHECK(facts.version_definitions == std::vector<std::string_view>{"V2"});
  CHECK(facts.symbols.at(0).version == "V2");
}

TEST_CASE("RELR counts with a size only") {
  ElfBuilder with;
  with.tag(DT_RELR, test::kBaseAddress).tag(DT_RELRSZ, 8);
  CHECK(facts_of(with.build()).has_relr);
  ElfBuilder without;
  without.tag(DT_RELR, test::kBaseAddress).tag(DT_RELRSZ, 0);
  CHECK_FALSE(facts_of(without.build()).has_relr);
}

TEST_CASE("DF_TEXTREL alone is not DT_TEXTREL") {
  ElfBuilder elf;
  elf.tag(DT_FLAGS, DF_TEXTREL | DF_BIND_NOW);
  const model::ElfFacts facts = facts_of(elf.build());
  CHECK_FALSE(facts.text_relocations);
  CHECK(facts.bind_now);
}

TEST_CASE("a static program is complete and has no dynamic section") {
  ElfBuilder elf({.type = ET_EXEC});
  elf.has_dynamic = false;
  elf.note("Go", 4, "go-build-id");
  const model::ElfFacts facts = facts_of(elf.build());
  CHECK(facts.completeness == model::Completeness::complete);
  CHECK_FALSE(facts.has_dynamic);
  CHECK(facts.has_go_build_id);
  CHECK(facts.interpreter.empty());
}

TEST_CASE("a static-pie program has a dynamic section and needs nothing") {
  ElfBuilder elf;
  elf.tag(DT_FLAGS_1, DF_1_PIE);
  elf.relocation(RelocationTable::rela, R_X86_64_IRELATIVE, 0);
  const model::ElfFacts facts = facts_of(elf.build());
  CHECK(facts.has_dynamic);
  CHECK(facts.needed.empty());
  CHECK(facts.dt_flags_1 == DF_1_PIE);
  CHECK(facts.relocations.size() == 1);
}

TEST_CASE("a library without any symbol table is read") {
  ElfBuilder elf;
  elf.has_gnu_hash = false;
  BuiltElf file = elf.needed("libc.so.6").build();
  file.remove_tag(DT_SYMTAB);
  const model::ElfFacts facts = facts_of(file);
  CHECK(facts.symbols.empty());
  CHECK(facts.needed.size() == 1);
}

TEST_CASE("a string table without DT_STRSZ reaches to the end of its segment") {
  ElfBuilder elf;
  BuiltElf file = elf.needed("libc.so.6").build();
  file.remove_tag(DT_STRSZ);
  CHECK(facts_of(file).needed.at(0) == "libc.so.6");
}

TEST_CASE("ABI notes of all systems are recognised, in both byte orders") {
  for (const ElfShape& shape : kAllShapes)
    for (const std::string owner : {"GNU", "Android", "FreeBSD", "NetBSD", "OpenBSD"}) {
      ElfBuilder elf(shape);
      elf.note("stapsdt", 3, "abc").note(owner, NT_GNU_ABI_TAG, "0123");
      CHECK(facts_of(elf.build()).abi_note == owner);
    }
}

TEST_CASE("notes of a segment aligned to 8 are padded to 8") {
  ElfBuilder elf;
  elf.note("GNU", NT_GNU_BUILD_ID, "\x12\x34", 8);
  CHECK(facts_of(elf.build()).build_id == "1234");
}

TEST_CASE("a note that does not fit is no problem") {
  ElfBuilder elf;
  elf.note("GNU", NT_GNU_BUILD_ID, "\x12\x34");
  BuiltElf file = elf.build();
  file.put(file.at["notes"] + 4, std::uint32_t{0xffffffff});
  CHECK(facts_of(file).build_id.empty());
}

TEST_CASE("only the dynamic tables get into the compact image") {
  ElfBuilder elf;
  elf.needed("libc.so.6");
  elf.undefined("puts");
  BuiltElf file = elf.build();
  file.bytes.resize(50'000'000);  // a large .text
  file.set_segment_file_size(PT_LOAD, file.bytes.size());
  const auto prepass = elf::run_prepass(file.bytes);
  REQUIRE(prepass);
  const auto image = elf::build_compact_image(file.bytes, *prepass);
  REQUIRE(image);
  CHECK(image->size() < 2000);
}
