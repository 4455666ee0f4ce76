// Objects that a running host dlopens: dlopen, prepare_lazy, the deferral and the TLS test in
// do_relocs of musl's ldso/dynlink.c.

#include "fixture.hpp"

using namespace muslcheck;
using namespace muslcheck::test;
using model::LibrarySource;
using model::LoadErrorKind;
using model::Outcome;
using model::SymbolType;

namespace {

constexpr const char* kModule = "/app/module.node";

Machine machine_with(model::ElfFacts module) {
  Machine machine;
  machine.files.add(kModule, std::move(module));
  return machine;
}

model::ElfFacts module_with(std::uint32_t type, const model::Symbol& symbol, bool has_tls = false) {
  model::ElfFacts facts = make_library();
  facts.has_tls = has_tls;
  add_relocation(facts, type, symbol);
  return facts;
}

}  // namespace

TEST_CASE("a module uses the host's symbols and libc's", "[loader]") {
  Machine machine = machine_with(make_library({.calls = {"napi_create_object", "puts"}}));
  SECTION("from the host's own file") {
    const model::ElfFacts host = make_program({.exports = {"napi_create_object"}});
    machine.request.host.executable = &host;
    CHECK(machine.dlopen_now(kModule).outcome == Outcome::loads);
  }
  SECTION("from a list of globs") {
    machine.request.host.provides = {"uv_*", "napi_*"};
    CHECK(machine.dlopen_now(kModule).outcome == Outcome::loads);
  }
  SECTION("not from a host that lacks them") {
    const model::LoadResult result = machine.dlopen_now(kModule);
    CHECK(result.outcome == Outcome::fails_to_load);
    CHECK(texts_of(result) ==
          Texts{"Error relocating /app/module.node: napi_create_object: symbol not found"});
  }
}

TEST_CASE("what a glibc build of the host took from glibc does not count", "[loader]") {
  // The file stands for the host's musl build: canonical PLT entries and copied data are glibc's.
  Machine machine = machine_with(module_with(R_X86_64_GLOB_DAT, undefined("from_glibc")));
  model::ElfFacts host = make_program();
  SECTION("canonical PLT entry") {
    model::Symbol symbol = defined("from_glibc");
    symbol.defined = false;
    add_symbol(host, symbol);
  }
  SECTION("copied data") {
    add_relocation(host, R_X86_64_COPY, defined("from_glibc", SymbolType::object));
  }
  machine.request.host.executable = &host;
  CHECK(machine.dlopen_now(kModule).errors.size() == 1);
}

TEST_CASE("libraries that the host has loaded", "[loader]") {
  Machine machine = machine_with(make_library({.needed = {"liba.so"}, .calls = {"function"}}));
  machine.request.host.loaded_before = {"liba.so"};
  SECTION("a library of the target") {
    set_exports(add_target_library(machine.target, "liba.so", "a-libs"), {"function"});
  }
  SECTION("a library of the image") {
    machine.files.add("/usr/lib/liba.so", make_library({.exports = {"function"}}));
  }
  SECTION("one that nobody knows") {}
  const model::LoadResult result = machine.dlopen_now(kModule);
  CHECK(result.outcome == Outcome::loads);
  REQUIRE(result.libraries.size() == 1);
  CHECK(result.libraries[0].source == LibrarySource::host);
  CHECK(result.libraries[0].apk.empty());
}

TEST_CASE("what is wrong with the host's own libraries is not the module's", "[loader]") {
  Machine machine = machine_with(make_library());
  machine.request.host.loaded_before = {"liba.so"};
  machine.files.add("/usr/lib/liba.so", make_library({.needed = {"libgone.so"}}));
  CHECK(machine.dlopen_now(kModule) == model::LoadResult{.outcome = Outcome::loads});
}

TEST_CASE("rpaths of a dlopened module: its own, then the main program's", "[loader]") {
  // dlopen calls load_library(file, head), so the main program is what needs the module.
  Machine machine = machine_with(make_library({.needed = {"liba.so"}, .runpath = "$ORIGIN/own"}));
  const model::ElfFacts host = make_program({.runpath = "$ORIGIN/../lib"});
  machine.request.host.executable = &host;
  machine.request.host.executable_path = "/opt/node/bin/node";
  SECTION("own") { machine.files.add("/app/own/liba.so", make_library()); }
  SECTION("the host's") { machine.files.add("/opt/node/lib/liba.so", make_library()); }
  CHECK(machine.dlopen_now(kModule).outcome == Outcome::loads);
}

TEST_CASE("a module that cannot be mapped", "[loader]") {
  model::ElfFacts module = make_library();
  module.elf_class = model::ElfClass::elf32;
  Machine machine = machine_with(module);
  const model::LoadResult result = machine.dlopen_now(kModule);
  CHECK(result.outcome == Outcome::fails_to_load);
  CHECK(texts_of(result) ==
        Texts{"Error loading shared library /app/module.node: Exec format error"});
  CHECK(result.errors[0].kind == LoadErrorKind::library_unusable);
}

TEST_CASE("errors of a module and what it needs, in order", "[loader]") {
  // dlopen: load_deps, then reloc_all(p) from the module on.
  Machine machine =
      machine_with(make_library({.needed = {"liba.so", "libgone.so"}, .calls = {"in_module"}}));
  machine.files.add("/lib/liba.so", make_library({.calls = {"in_a"}}));
  CHECK(texts_of(machine.dlopen_now(kModule)) ==
        Texts{"Error loading shared library libgone.so: No such file or directory (needed by "
              "/app/module.node)",
              "Error relocating /app/module.node: in_module: symbol not found",
              "Error relocating /lib/liba.so: in_a: symbol not found"});
}

TEST_CASE("which missing symbols RTLD_LAZY defers", "[loader]") {
  // do_relocs: dso->lazy && (type==REL_PLT || type==REL_GOT).
  struct Row {
    std::uint32_t type;
    bool deferred;
  };
  const auto row =
      GENERATE(Row{R_X86_64_JUMP_SLOT, true}, Row{R_X86_64_GLOB_DAT, true}, Row{R_X86_64_64, false},
               Row{R_X86_64_COPY, false}, Row{R_X86_64_DTPMOD64, false}, Row{R_X86_64_PC32, false});
  CAPTURE(row.type);
  Machine machine = machine_with(module_with(row.type, undefined("nowhere")));
  const model::LoadResult lazy = machine.dlopen_lazy(kModule);
  REQUIRE(lazy.errors.size() == 1);
  CHECK(lazy.outcome == (row.deferred ? Outcome::loads_lazily : Outcome::fails_to_load));
  CHECK(lazy.errors[0].lazy == row.deferred);
  CHECK(lazy.errors[0].fatal != row.deferred);
  CHECK(lazy.errors[0].text == "Error relocating /app/module.node: nowhere: symbol not found");
  CHECK(machine.dlopen_now(kModule).outcome == Outcome::fails_to_load);
}

TEST_CASE("BIND_NOW is decided object by object", "[loader]") {
  // prepare_lazy is called for the module and each new library.
  Machine machine = machine_with(make_library({.needed = {"liba.so"}, .calls = {"in_module"}}));
  model::ElfFacts library = make_library({.calls = {"in_a"}});
  machine.files.add("/lib/liba.so", library);
  CHECK(machine.dlopen_lazy(kModule).outcome == Outcome::loads_lazily);
  library.bind_now = true;
  machine.files.add("/lib/liba.so", library);
  const model::LoadResult result = machine.dlopen_lazy(kModule);
  CHECK(result.outcome == Outcome::fails_to_load);
  CHECK(result.errors[0].lazy);
  CHECK_FALSE(result.errors[1].lazy);
}

TEST_CASE("nothing is deferred at start-up", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", make_program({.calls = {"nowhere"}}));
  CHECK(machine.start("/app/x").outcome == Outcome::fails_to_start);
  CHECK_FALSE(machine.start("/app/x").errors[0].lazy);
}

TEST_CASE("one relocation that cannot wait makes the symbol's error fatal, in its place",
          "[loader]") {
  model::ElfFacts module = make_library({.calls = {"both"}});
  add_relocation(module, R_X86_64_64, undefined("data"));
  module.relocations.push_back({.type = R_X86_64_64, .symbol = 0, .count = 2});
  Machine machine = machine_with(module);
  const model::LoadResult result = machine.dlopen_lazy(kModule);
  CHECK(texts_of(result) == Texts{"Error relocating /app/module.node: data: symbol not found",
                                  "Error relocating /app/module.node: both: symbol not found"});
  CHECK(result.errors[1].fatal);
  CHECK(result.errors[1].count == 3);
}

TEST_CASE("initial-exec TLS in a dlopened object", "[loader]") {
  // do_relocs: def.dso->tls_id > static_tls_cnt.
  const std::string before = "Error relocating /app/module.node: ";
  const std::string dynamic = ": initial-exec TLS resolves to dynamic definition in ";
  SECTION("its own symbol") {
    Machine machine =
        machine_with(module_with(R_X86_64_TPOFF64, defined("counter", SymbolType::tls), true));
    const model::LoadResult result = machine.dlopen_lazy(kModule);
    CHECK(result.outcome == Outcome::fails_to_load);
    CHECK(texts_of(result) == Texts{before + "counter" + dynamic + kModule});
    CHECK(result.errors[0].kind == LoadErrorKind::tls_initial_exec);
    CHECK(result.errors[0].subject == "counter");
  }
  SECTION("local, without a symbol: the name is empty") {
    model::ElfFacts module = make_library();
    module.has_tls = true;
    module.relocations.push_back({.type = R_X86_64_TPOFF64});
    Machine machine = machine_with(module);
    CHECK(texts_of(machine.dlopen_now(kModule)) == Texts{before + dynamic + kModule});
  }
  SECTION("local, after a relocation with a symbol: that name is still there") {
    model::ElfFacts module = make_library({.exports = {"first"}});
    module.has_tls = true;
    module.relocations = {{.type = R_X86_64_64, .symbol = 0}, {.type = R_X86_64_TPOFF64}};
    Machine machine = machine_with(module);
    const model::LoadResult result = machine.dlopen_now(kModule);
    CHECK(texts_of(result) == Texts{before + "first" + dynamic + kModule});
    CHECK(result.errors[0].subject.empty());
  }
  SECTION("local, after the end of another table: the name is empty") {
    model::ElfFacts module = make_library({.exports = {"first"}});
    module.has_tls = true;
    module.relocations = {
        {.type = R_X86_64_JUMP_SLOT, .symbol = 0, .table = model::RelocationTable::jmprel},
        {.type = R_X86_64_TPOFF64}};
    Machine machine = machine_with(module);
    CHECK(texts_of(machine.dlopen_now(kModule)) == Texts{before + dynamic + kModule});
  }
  SECTION("of a library that comes with it") {
    model::ElfFacts module = module_with(R_X86_64_TPOFF64, undefined("counter"));
    module.needed = {"liba.so"};
    Machine machine = machine_with(module);
    model::ElfFacts library = make_library();
    library.has_tls = true;
    add_symbol(library, defined("counter", SymbolType::tls));
    machine.files.add("/lib/liba.so", library);
    CHECK(texts_of(machine.dlopen_now(kModule)) ==
          Texts{before + "counter" + dynamic + "/lib/liba.so"});
  }
}

TEST_CASE("initial-exec TLS of what was there at start-up is fine", "[loader]") {
  Machine machine = machine_with(module_with(R_X86_64_TPOFF64, undefined("counter")));
  model::ElfFacts provider = make_program();
  provider.has_tls = true;
  add_symbol(provider, defined("counter", SymbolType::tls));
  SECTION("of the host") {
    machine.request.host.executable = &provider;
    CHECK(machine.dlopen_now(kModule).outcome == Outcome::loads);
  }
  SECTION("of a library of the host") {
    machine.files.add("/lib/liba.so", provider);
    machine.request.host.loaded_before = {"liba.so"};
    CHECK(machine.dlopen_now(kModule).outcome == Outcome::loads);
  }
  SECTION("of a preloaded library") {
    machine.files.add("/lib/liba.so", provider);
    machine.request.ld_preload = {"liba.so"};
    CHECK(machine.dlopen_now(kModule).outcome == Outcome::loads);
  }
}

TEST_CASE("the other TLS models are fine in a dlopened object", "[loader]") {
  const auto type = GENERATE(R_X86_64_DTPMOD64, R_X86_64_DTPOFF64, R_X86_64_TLSDESC);
  CAPTURE(type);
  Machine machine = machine_with(
      module_with(static_cast<std::uint32_t>(type), defined("counter", SymbolType::tls), true));
  CHECK(machine.dlopen_now(kModule).outcome == Outcome::loads);
}

TEST_CASE("a COPY relocation of a module skips the host", "[loader]") {
  Machine machine = machine_with(module_with(R_X86_64_COPY, undefined("data")));
  const model::ElfFacts host = make_program({.exports = {"data"}});
  machine.request.host.executable = &host;
  CHECK(machine.dlopen_now(kModule).errors.size() == 1);
}

TEST_CASE("a libc that is dlopened by path is musl", "[loader]") {
  Machine machine = machine_with(
      make_library({.needed = {"libgone.so"}, .exports = {"__libc_start_main", "stdin"}}));
  CHECK(machine.dlopen_now(kModule) == model::LoadResult{.outcome = Outcome::loads});
}

TEST_CASE("a module that the host has loaded already is not loaded again", "[loader]") {
  Machine machine = machine_with(make_library({.calls = {"nowhere"}}));
  machine.files.add_link("/lib/module.node", kModule);
  machine.request.host.loaded_before = {"module.node"};
  CHECK(machine.dlopen_now(kModule).outcome == Outcome::loads);
}
