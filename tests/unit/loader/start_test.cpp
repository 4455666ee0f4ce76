// What happens when a file is executed or listed: the kernel's part (load_elf_binary of Linux's
// fs/binfmt_elf.c) and the beginning of __dls3 of musl's ldso/dynlink.c.

#include "fixture.hpp"

using namespace muslcheck;
using namespace muslcheck::test;
using model::LoadErrorKind;
using model::Outcome;

namespace {

model::ElfFacts glibc_program(const LibrarySpec& spec = {}) {
  model::ElfFacts facts = make_program(spec);
  facts.interpreter = "/lib64/ld-linux-x86-64.so.2";
  return facts;
}

}  // namespace

TEST_CASE("a program whose interpreter is missing does not start", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", glibc_program());
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::fails_to_start);
  REQUIRE(result.errors.size() == 1);
  CHECK(result.errors[0].kind == LoadErrorKind::interpreter_missing);
  CHECK(result.errors[0].subject == "/lib64/ld-linux-x86-64.so.2");
  CHECK(result.errors[0].needed_by == "/app/x");
  CHECK(result.errors[0].text == "exec /app/x: no such file or directory");
}

TEST_CASE("what else would fail is told after a missing interpreter", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", glibc_program({.needed = {"libgone.so"}, .calls = {"nowhere"}}));
  CHECK(texts_of(machine.start("/app/x")) ==
        Texts{"exec /app/x: no such file or directory",
              "Error loading shared library libgone.so: No such file or directory (needed by "
              "/app/x)",
              "Error relocating /app/x: nowhere: symbol not found"});
}

TEST_CASE("how the interpreter can be wrong", "[loader]") {
  struct Row {
    const char* name;
    Kind kind;
    const char* text;
  };
  const auto row =
      GENERATE(Row{"absent", Kind::absent, "exec /app/x: no such file or directory"},
               Row{"not a directory", Kind::not_a_directory, "exec /app/x: not a directory"},
               Row{"denied", Kind::denied, "exec /app/x: permission denied"},
               Row{"directory", Kind::directory, "exec /app/x: permission denied"},
               Row{"loop", Kind::too_many_links, "exec /app/x: too many levels of symbolic links"},
               Row{"junk", Kind::not_elf, "exec /app/x: accessing a corrupted shared library"});
  CAPTURE(row.name);
  Machine machine;
  machine.files.add("/app/x", glibc_program());
  machine.files.add("/lib64/ld-linux-x86-64.so.2", row.kind);
  const model::LoadResult result = machine.start("/app/x");
  CHECK(texts_of(result) == Texts{row.text});
  CHECK(result.errors[0].kind == LoadErrorKind::interpreter_missing);
}

TEST_CASE("a glibc interpreter path that leads to musl runs the program", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", glibc_program({.calls = {"puts"}}));
  SECTION("to the target's own") {
    machine.files.add_found("/lib64/ld-linux-x86-64.so.2",
                            {.kind = Kind::elf, .real_path = "lib/ld-musl-x86_64.so.1"});
  }
  SECTION("to a copy in the image") {
    model::ElfFacts musl = make_library({.exports = {"__libc_start_main", "stdin"}});
    machine.files.add("/lib64/ld-linux-x86-64.so.2", musl);
  }
  const model::LoadResult result = machine.start("/app/x");
  CHECK(texts_of(result) == Texts{"Error relocating /app/x: puts: symbol not found"});
}

TEST_CASE("a program with glibc's own loader in the image is not judged", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", glibc_program({.needed = {"libgone.so"}}));
  machine.files.add("/lib64/ld-linux-x86-64.so.2", make_library({.exports = {"__tls_get_addr"}}));
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::unknown);
  CHECK(result.errors.empty());
  CHECK(result.assumptions.size() == 1);
}

TEST_CASE("static programs start whatever else is there", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_library();
  SECTION("without a dynamic table") {
    program.type = model::ElfType::executable;
    program.has_dynamic = false;
    program.has_gnu_hash = false;
  }
  SECTION("position-independent") { program.dt_flags_1 = DF_1_PIE; }
  machine.files.add("/app/x", program);
  CHECK(machine.start("/app/x") == model::LoadResult{.outcome = Outcome::loads});
}

TEST_CASE("a library that is started is judged as if musl loaded it", "[loader]") {
  Machine machine;
  machine.files.add("/app/liba.so", make_library({.needed = {"libgone.so"}}));
  CHECK(machine.start("/app/liba.so").errors.size() == 1);
}

TEST_CASE("the kernel refuses programs of another architecture", "[loader]") {
  struct Row {
    const char* name;
    std::uint16_t machine;
    model::ElfClass elf_class;
    bool refused;
  };
  using model::ElfClass;
  const auto row = GENERATE(Row{"native", EM_X86_64, ElfClass::elf64, false},
                            Row{"i386 on x86_64", EM_386, ElfClass::elf32, false},
                            Row{"x32 on x86_64", EM_X86_64, ElfClass::elf32, true},
                            Row{"aarch64 on x86_64", EM_AARCH64, ElfClass::elf64, true});
  CAPTURE(row.name);
  Machine machine;
  model::ElfFacts program = make_library();
  program.machine = row.machine;
  program.elf_class = row.elf_class;
  machine.files.add("/app/x", program);
  CHECK(texts_of(machine.start("/app/x")) ==
        (row.refused ? Texts{"exec /app/x: exec format error"} : Texts{}));
}

TEST_CASE("a 32-bit program lacks its interpreter on a 64-bit target", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_program({.needed = {"libgone.so"}});
  program.machine = EM_386;
  program.elf_class = model::ElfClass::elf32;
  program.interpreter = "/lib/ld-linux.so.2";
  machine.files.add("/app/x", program);
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::fails_to_start);
  CHECK(texts_of(result) == Texts{"exec /app/x: no such file or directory"});
}

TEST_CASE("an interpreter without a dynamic table crashes the loader", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_program();
  program.has_dynamic = false;
  machine.files.add("/app/x", program);
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::fails_to_start);
  CHECK(result.errors[0].kind == LoadErrorKind::not_dynamic);
}

TEST_CASE("listing needs no interpreter and takes libraries", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", glibc_program());
  machine.files.add("/app/liba.so", make_library({.calls = {"nowhere"}}));
  CHECK(machine.list("/app/x").outcome == Outcome::loads);
  CHECK(machine.list("/app/liba.so").outcome == Outcome::fails_to_load);
  machine.files.add("/app/y", glibc_program({.calls = {"nowhere"}}));
  CHECK(machine.list("/app/y").outcome == Outcome::fails_to_start);
}

TEST_CASE("listing what is no dynamic program", "[loader]") {
  struct Row {
    const char* name;
    void (*change)(model::ElfFacts&);
  };
  const auto row =
      GENERATE(Row{"static", [](auto& f) { f.has_dynamic = false; }},
               Row{"core file", [](auto& f) { f.type = model::ElfType::core; }},
               Row{"32-bit", [](auto& f) { f.elf_class = model::ElfClass::elf32; }},
               Row{"big-endian", [](auto& f) { f.byte_order = model::ElfByteOrder::big; }});
  CAPTURE(row.name);
  Machine machine;
  model::ElfFacts file = make_library();
  row.change(file);
  machine.files.add("/app/x", file);
  const model::LoadResult result = machine.list("/app/x");
  CHECK(texts_of(result) == Texts{"/lib/ld-musl-x86_64.so.1: /app/x: Not a valid dynamic program"});
  CHECK(result.errors[0].kind == LoadErrorKind::not_dynamic);
}

TEST_CASE("a file of which only the header could be read is not judged", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_program();
  program.completeness = model::Completeness::header_only;
  machine.files.add("/app/x", program);
  CHECK(machine.start("/app/x").outcome == Outcome::unknown);
  CHECK(machine.list("/app/x").outcome == Outcome::unknown);
  CHECK(machine.dlopen_now("/app/x").outcome == Outcome::unknown);
  SECTION("but a missing interpreter is certain") {
    program.interpreter = "/lib64/ld-linux-x86-64.so.2";
    machine.files.add("/app/x", program);
    CHECK(machine.start("/app/x").outcome == Outcome::fails_to_start);
  }
}

TEST_CASE("without an object nothing is said", "[loader]") {
  Machine machine;
  CHECK(loader::load({.path = "/app/x"}, machine.files, machine.target).outcome ==
        Outcome::unknown);
}

TEST_CASE("initial-exec TLS is fine in what is loaded at start-up", "[loader]") {
  // static_tls_cnt = tls_cnt after load_deps.
  Machine machine;
  model::ElfFacts library = make_library();
  library.has_tls = true;
  add_relocation(library, R_X86_64_TPOFF64, defined("counter", model::SymbolType::tls));
  machine.files.add("/app/x", make_program({.needed = {"liba.so"}}));
  machine.files.add("/lib/liba.so", library);
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
}
