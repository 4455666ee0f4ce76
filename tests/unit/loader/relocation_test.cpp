// What each relocation type asks for and what can go wrong with it: do_relocs, reloc_all and
// do_relr_relocs of musl's ldso/dynlink.c, arch/x86_64/reloc.h.

#include "fixture.hpp"

using namespace muslcheck;
using namespace muslcheck::test;
using model::LoadErrorKind;
using model::Outcome;
using model::RelocationTable;
using model::SymbolType;

namespace {

void add_bare_relocation(model::ElfFacts& facts, std::uint32_t type, std::uint64_t count = 1,
                         RelocationTable table = RelocationTable::rela) {
  facts.relocations.push_back(
      {.type = type, .symbol = model::kNoSymbol, .count = count, .table = table});
}

}  // namespace

TEST_CASE("unsupported relocation types, one error each", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_program();
  add_bare_relocation(program, R_X86_64_IRELATIVE, 3, RelocationTable::jmprel);
  add_bare_relocation(program, R_X86_64_IRELATIVE, 2);
  add_bare_relocation(program, 250);
  machine.files.add("/app/x", program);
  const model::LoadResult result = machine.start("/app/x");
  CHECK(texts_of(result) == Texts{"Error relocating /app/x: unsupported relocation type 37",
                                  "Error relocating /app/x: unsupported relocation type 250"});
  CHECK(result.errors[0].kind == LoadErrorKind::relocation_unsupported);
  CHECK(result.errors[0].subject == "37");
  CHECK(result.errors[0].count == 5);
}

TEST_CASE("type 0 is nothing on every machine, even with a symbol", "[loader]") {
  // `if (type == REL_NONE) continue`, before the symbol is looked at.
  Machine machine;
  model::ElfFacts program = make_program();
  add_relocation(program, R_X86_64_NONE, undefined("nowhere"));
  machine.files.add("/app/x", program);
  machine.target.relocations.erase(R_X86_64_NONE);
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
}

TEST_CASE("the symbol is looked up before the type is known to be unsupported", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_program({.exports = {"here"}});
  add_relocation(program, 250, undefined("nowhere"));
  add_relocation(program, 251, undefined("here"));
  machine.files.add("/app/x", program);
  CHECK(texts_of(machine.start("/app/x")) ==
        Texts{"Error relocating /app/x: nowhere: symbol not found",
              "Error relocating /app/x: unsupported relocation type 251"});
}

TEST_CASE("relocations of one symbol become one error", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_program();
  const std::uint32_t symbol = add_relocation(program, R_X86_64_JUMP_SLOT, undefined("nowhere"));
  program.relocations.push_back({.type = R_X86_64_64, .symbol = symbol, .count = 4});
  machine.files.add("/app/x", program);
  const model::LoadResult result = machine.start("/app/x");
  REQUIRE(result.errors.size() == 1);
  CHECK(result.errors[0].count == 5);
}

TEST_CASE("the tables are applied in the order JMPREL, REL, RELA", "[loader]") {
  // reloc_all.
  Machine machine;
  model::ElfFacts program = make_program();
  const auto add = [&](std::string_view name, RelocationTable table) {
    add_relocation(program, R_X86_64_GLOB_DAT, undefined(name));
    program.relocations.back().table = table;
  };
  add("in_rela", RelocationTable::rela);
  add("in_rel", RelocationTable::rel);
  add("in_jmprel", RelocationTable::jmprel);
  machine.files.add("/app/x", program);
  CHECK(texts_of(machine.start("/app/x")) ==
        Texts{"Error relocating /app/x: in_jmprel: symbol not found",
              "Error relocating /app/x: in_rel: symbol not found",
              "Error relocating /app/x: in_rela: symbol not found"});
}

TEST_CASE("an object of another machine fails by its relocation types", "[loader]") {
  // map_library does not look at e_machine; nothing of aarch64 has a number that x86_64 knows.
  Machine machine;
  model::ElfFacts library = make_library();
  library.machine = EM_AARCH64;
  library.relative_relocations = 7;
  add_relocation(library, R_AARCH64_JUMP_SLOT, undefined("puts"));
  library.relocations.back().table = RelocationTable::jmprel;
  add_relocation(library, R_AARCH64_GLOB_DAT, undefined("nowhere"));
  machine.files.add("/app/x", make_program({.needed = {"liba.so", "libc.so.6"}}));
  machine.files.add("/lib/liba.so", library);
  const model::LoadResult result = machine.start("/app/x");
  CHECK(texts_of(result) == Texts{"Error relocating /lib/liba.so: unsupported relocation type 1026",
                                  "Error relocating /lib/liba.so: unsupported relocation type 1027",
                                  "Error relocating /lib/liba.so: nowhere: symbol not found"});
  CHECK(result.errors[1].count == 7);
}

TEST_CASE("TLS descriptors without support are told apart by their kind", "[loader]") {
  struct Row {
    std::uint16_t machine;
    std::uint32_t type;
    bool descriptor;
  };
  const auto row =
      GENERATE(Row{EM_X86_64, 36, true}, Row{EM_AARCH64, 1031, true}, Row{EM_ARM, 13, true},
               Row{EM_386, 41, true}, Row{EM_RISCV, 12, true}, Row{EM_LOONGARCH, 14, true},
               Row{EM_PPC64, 36, false}, Row{EM_X86_64, 37, false});
  CAPTURE(row.machine, row.type);
  Machine machine;
  machine.target.machine = row.machine;
  machine.target.relocations.clear();
  model::ElfFacts program = make_program();
  program.machine = row.machine;
  add_bare_relocation(program, row.type);
  machine.files.add("/app/x", program);
  const model::LoadResult result = machine.list("/app/x");
  REQUIRE(result.errors.size() == 1);
  CHECK((result.errors[0].kind == LoadErrorKind::tls_descriptor) == row.descriptor);
  CHECK(result.errors[0].text ==
        "Error relocating /app/x: unsupported relocation type " + std::to_string(row.type));
}

TEST_CASE("a weak TLS symbol that nobody defines crashes the loader", "[loader]") {
  // do_relocs reads def.dso->tls_id of a null def.dso; DTPOFF and all other types do not.
  struct Row {
    std::uint32_t type;
    bool crashes;
  };
  const auto row =
      GENERATE(Row{R_X86_64_TPOFF64, true}, Row{R_X86_64_DTPMOD64, true},
               Row{R_X86_64_TLSDESC, true}, Row{R_X86_64_DTPOFF64, false}, Row{R_X86_64_64, false});
  CAPTURE(row.type);
  Machine machine;
  model::ElfFacts program = make_program();
  add_relocation(program, row.type, weak(undefined("nowhere")));
  machine.files.add("/app/x", program);
  CHECK(texts_of(machine.start("/app/x")) == (row.crashes ? Texts{"Segmentation fault"} : Texts{}));
}

TEST_CASE("DT_RELR", "[loader]") {
  // do_relr_relocs exists from 1.2.4 on; before, nothing is said and the program crashes.
  Machine machine;
  model::ElfFacts library = make_library();
  library.has_relr = true;
  machine.files.add("/app/x", make_program({.needed = {"liba.so"}}));
  machine.files.add("/lib/liba.so", library);
  SECTION("supported") { CHECK(machine.start("/app/x").errors.empty()); }
  SECTION("ignored by the loader") {
    machine.target.relr = target::Support::no;
    const model::LoadResult result = machine.start("/app/x");
    CHECK(result.outcome == Outcome::fails_to_start);
    CHECK(result.errors[0].kind == LoadErrorKind::relr_ignored);
    CHECK(result.errors[0].needed_by == "/lib/liba.so");
  }
  SECTION("not known") {
    machine.target.relr = target::Support::unknown;
    const model::LoadResult result = machine.start("/app/x");
    CHECK(result.outcome == Outcome::loads);
    CHECK(result.confidence == model::Confidence::likely);
    CHECK(result.assumptions ==
          Texts{"musl of alpine:3.22 applies DT_RELR, which /lib/liba.so has"});
  }
}

TEST_CASE("a relocation whose symbol index is out of range is taken to have none", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_program();
  program.relocations.push_back({.type = R_X86_64_64, .symbol = 1000});
  machine.files.add("/app/x", program);
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
}
