// Which definition a relocation finds: find_sym2, get_lfs64, gnu_lookup, sysv_lookup and the first
// half of do_relocs of musl's ldso/dynlink.c.

#include "fixture.hpp"
#include "loader/symbol_index.hpp"

using namespace muslcheck;
using namespace muslcheck::test;
using model::Binding;
using model::LoadErrorKind;
using model::Outcome;
using model::Symbol;
using model::SymbolType;

namespace {

/// A program whose only relocation is (type, reference), beside a library with `definition`.
model::LoadResult look_up(std::uint32_t type, const Symbol& reference, const Symbol& definition) {
  Machine machine;
  model::ElfFacts program = make_program({.needed = {"liba.so", "libc.so.6"}});
  add_relocation(program, type, reference);
  machine.files.add("/app/x", program);
  model::ElfFacts library = make_library();
  add_symbol(library, definition);
  machine.files.add("/lib/liba.so", library);
  return machine.start("/app/x");
}

Symbol changed(Symbol symbol, void (*change)(Symbol&)) {
  change(symbol);
  return symbol;
}

}  // namespace

TEST_CASE("which definitions the search accepts", "[loader]") {
  struct Row {
    const char* name;
    bool found;
    void (*change)(Symbol&);
  };
  const auto row =
      GENERATE(Row{"function", true, [](Symbol&) {}},
               Row{"object", true, [](Symbol& s) { s.type = SymbolType::object; }},
               Row{"no type", true, [](Symbol& s) { s.type = SymbolType::none; }},
               Row{"common", true, [](Symbol& s) { s.type = SymbolType::common; }},
               Row{"TLS", true, [](Symbol& s) { s.type = SymbolType::tls; }},
               Row{"IFUNC is invisible", false, [](Symbol& s) { s.type = SymbolType::ifunc; }},
               Row{"section", false, [](Symbol& s) { s.type = SymbolType::section; }},
               Row{"file", false, [](Symbol& s) { s.type = SymbolType::file; }},
               Row{"unknown type", false, [](Symbol& s) { s.type = SymbolType::other; }},
               Row{"weak", true, [](Symbol& s) { s.binding = Binding::weak; }},
               Row{"unique", true, [](Symbol& s) { s.binding = Binding::gnu_unique; }},
               Row{"local", false, [](Symbol& s) { s.binding = Binding::local; }},
               Row{"unknown binding", false, [](Symbol& s) { s.binding = Binding::other; }},
               Row{"hidden version", false, [](Symbol& s) { s.hidden = true; }},
               Row{"other version", true, [](Symbol& s) { s.version = "OTHER_9"; }},
               Row{"value 0", false, [](Symbol& s) { s.has_value = false; }},
               Row{"TLS at offset 0", true,
                   [](Symbol& s) {
                     s.type = SymbolType::tls;
                     s.has_value = false;
                   }},
               Row{"undefined", false,
                   [](Symbol& s) {
                     s.defined = false;
                     s.has_value = false;
                   }},
               Row{"undefined TLS with a value", false, [](Symbol& s) {
                     s.defined = false;
                     s.type = SymbolType::tls;
                   }});
  CAPTURE(row.name);
  const Symbol definition = changed(defined("symbol"), row.change);
  const model::LoadResult result =
      look_up(R_X86_64_GLOB_DAT, undefined("symbol", "WANTED_1", "liba.so"), definition);
  CHECK(result.errors.empty() == row.found);
}

TEST_CASE("an undefined entry with a value serves all but PLT relocations", "[loader]") {
  // find_sym2, need_def = (type==REL_PLT): the entry is a canonical PLT address.
  const Symbol canonical = changed(defined("symbol"), [](Symbol& s) { s.defined = false; });
  CHECK(look_up(R_X86_64_GLOB_DAT, undefined("symbol"), canonical).errors.empty());
  CHECK(look_up(R_X86_64_64, undefined("symbol"), canonical).errors.empty());
  CHECK(look_up(R_X86_64_JUMP_SLOT, undefined("symbol"), canonical).errors.size() == 1);
}

TEST_CASE("which references may stay without a definition", "[loader]") {
  // do_relocs: an error unless the symbol is undefined and weak; local ones are not looked up.
  struct Row {
    const char* name;
    bool error;
    Symbol reference;
  };
  const auto row =
      GENERATE(Row{"undefined", true, undefined("symbol")},
               Row{"undefined and weak", false, weak(undefined("symbol"))},
               Row{"own definition", false, defined("symbol")},
               Row{"own hidden definition", true,
                   changed(defined("symbol"), [](Symbol& s) { s.hidden = true; })},
               Row{"own hidden definition, weak", true,
                   changed(weak(defined("symbol")), [](Symbol& s) { s.hidden = true; })},
               Row{"own IFUNC", true, defined("symbol", SymbolType::ifunc)},
               Row{"local", false,
                   changed(defined("symbol"), [](Symbol& s) { s.binding = Binding::local; })},
               Row{"local and undefined", false,
                   changed(undefined("symbol"), [](Symbol& s) { s.binding = Binding::local; })});
  CAPTURE(row.name);
  const model::LoadResult result = look_up(R_X86_64_GLOB_DAT, row.reference, defined("other"));
  CHECK(result.errors.empty() != row.error);
}

TEST_CASE("a symbol without a relocation is never missing", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_program();
  add_symbol(program, undefined("nowhere"));
  machine.files.add("/app/x", program);
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
}

TEST_CASE("a missing symbol carries whom it was wanted from", "[loader]") {
  Symbol reference = undefined("__memcpy_chk", "GLIBC_2.3.4", "libc.so.6");
  const model::LoadResult result = look_up(R_X86_64_JUMP_SLOT, reference, defined("other"));
  REQUIRE(result.errors.size() == 1);
  const model::LoadError& error = result.errors[0];
  CHECK(error.kind == LoadErrorKind::symbol_missing);
  CHECK(error.subject == "__memcpy_chk");
  CHECK(error.needed_by == "/app/x");
  CHECK(error.version == "GLIBC_2.3.4");
  CHECK(error.library == "libc.so.6");
  CHECK(error.binding == "global");
  CHECK(error.fatal);
  CHECK_FALSE(error.lazy);
  CHECK(error.text == "Error relocating /app/x: __memcpy_chk: symbol not found");
}

TEST_CASE("versions of names that exist are ignored", "[loader]") {
  CHECK(look_up(R_X86_64_JUMP_SLOT, undefined("memcpy", "GLIBC_2.99", "libc.so.6"), defined("x"))
            .outcome == Outcome::loads);
}

TEST_CASE("any loaded object may define a symbol, also the program for its libraries", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"liba.so"}, .exports = {"callback"}}));
  machine.files.add("/lib/liba.so", make_library({.needed = {"libb.so"}, .calls = {"callback"}}));
  machine.files.add("/lib/libb.so", make_library({.exports = {"deep"}, .calls = {"callback"}}));
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
}

TEST_CASE("an unacceptable definition hides others of the same object only", "[loader]") {
  // find_sym2: `continue` goes to the next dso, not to the next symbol of the chain.
  Machine machine;
  machine.files.add("/app/x",
                    make_program({.needed = {"liba.so", "libb.so"}, .calls = {"symbol"}}));
  model::ElfFacts library = make_library();
  add_symbol(library, defined("symbol", SymbolType::ifunc));
  add_symbol(library, defined("symbol"));
  machine.files.add("/lib/liba.so", library);
  machine.files.add("/lib/libb.so", make_library());
  CHECK(machine.start("/app/x").errors.size() == 1);
  machine.files.add("/lib/libb.so", make_library({.exports = {"symbol"}}));
  CHECK(machine.start("/app/x").errors.empty());
}

TEST_CASE("libc takes part only where something needs it", "[loader]") {
  // __dls3: ldso is appended to the list by load_library, on the first reserved name.
  Machine machine;
  machine.files.add("/app/x", make_program({.calls = {"puts"}}));
  CHECK(machine.start("/app/x").errors.size() == 1);
  machine.files.add("/app/x", make_program({.needed = {"libm.so.6"}, .calls = {"puts"}}));
  CHECK(machine.start("/app/x").errors.empty());
  machine.files.add("/app/x", make_program({.needed = {"liba.so"}, .calls = {"puts"}}));
  machine.files.add("/lib/liba.so", make_library({.needed = {"libpthread.so.0"}}));
  CHECK(machine.start("/app/x").errors.empty());
}

TEST_CASE("names that the loader maps to libc's", "[loader]") {
  // get_lfs64, from musl 1.2.4; it looks in libc itself even if nothing needs libc.
  Machine machine;
  machine.files.add("/app/x", make_program({.calls = {"open64"}}));
  machine.files.add("/app/y", make_program({.needed = {"libc.so.6"}, .calls = {"fcntl64"}}));
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
  CHECK(machine.start("/app/y").errors.size() == 1);
  SECTION("the first definition in the process wins") {
    machine.files.add("/app/z", make_program({.needed = {"liba.so"}, .calls = {"open64"}}));
    machine.files.add("/lib/liba.so", make_library({.exports = {"open64"}}));
    CHECK(machine.start("/app/z").outcome == Outcome::loads);
  }
  SECTION("before 1.2.4 they are ordinary exports, and libc must take part") {
    machine.target.lfs64 = target::Lfs64::exported;
    machine.target.lfs64_names.clear();
    machine.target.libc_symbols.emplace("open64", target::LibcSymbol{});
    CHECK(machine.start("/app/x").errors.size() == 1);
    machine.files.add("/app/x", make_program({.needed = {"libc.so.6"}, .calls = {"open64"}}));
    CHECK(machine.start("/app/x").errors.empty());
  }
}

TEST_CASE("a COPY relocation is not satisfied by the program itself", "[loader]") {
  // do_relocs: ctx = type==REL_COPY ? head->syms_next : head.
  CHECK(look_up(R_X86_64_COPY, defined("environ", SymbolType::object), defined("other"))
            .errors.size() == 1);
  CHECK(look_up(R_X86_64_COPY, defined("environ", SymbolType::object),
                defined("environ", SymbolType::object))
            .errors.empty());
}

TEST_CASE("an object without a hash table crashes the loader", "[loader]") {
  // sysv_lookup reads through a null pointer.
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"liba.so"}, .calls = {"symbol"}}));
  model::ElfFacts library = make_library({.exports = {"symbol"}});
  library.has_gnu_hash = false;
  machine.files.add("/lib/liba.so", library);
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::fails_to_start);
  CHECK(result.errors[0].kind == LoadErrorKind::hash_missing);
  CHECK(result.errors[0].needed_by == "/lib/liba.so");
  CHECK(result.errors[0].text == "Segmentation fault");
  SECTION("the old table will do") {
    library.has_sysv_hash = true;
    machine.files.add("/lib/liba.so", library);
    CHECK(machine.start("/app/x").outcome == Outcome::loads);
  }
  SECTION("the program itself") {
    model::ElfFacts program = make_program();
    program.has_gnu_hash = false;
    machine.files.add("/app/y", program);
    CHECK(machine.start("/app/y").errors[0].kind == LoadErrorKind::hash_missing);
  }
}

TEST_CASE("which of two equal names a hash table gives", "[loader]") {
  // GNU chains are in symbol order and lack undefined symbols without a value; linkers put later
  // symbols first into DT_HASH chains.
  model::ElfFacts facts = make_library();
  add_symbol(facts, undefined("name"));
  add_symbol(facts, defined("name", SymbolType::function));
  add_symbol(facts, defined("name", SymbolType::object));
  const auto find = [&] {
    return loader::SymbolIndex(facts).find("name", loader::SymbolIndex::hash_name("name"));
  };
  CHECK(find() == &facts.symbols[1]);
  facts.symbols[1].hidden = true;
  CHECK(find() == &facts.symbols[2]);
  facts.has_gnu_hash = false;
  facts.has_sysv_hash = true;
  facts.symbols[1].hidden = false;
  CHECK(find() == &facts.symbols[2]);
  facts.symbols.pop_back();
  facts.symbols.pop_back();
  CHECK(find() == &facts.symbols[0]);
  facts.has_sysv_hash = false;
  CHECK(find() == nullptr);
}

TEST_CASE("an index finds every one of many names and no other", "[loader]") {
  std::vector<std::string> names;
  for (int i = 0; i < 5000; ++i) names.push_back("symbol_" + std::to_string(i));
  model::ElfFacts facts = make_library();
  for (const std::string& name : names) add_symbol(facts, defined(name));
  const loader::SymbolIndex index(facts);
  for (std::uint32_t i = 0; i < facts.symbols.size(); ++i)
    REQUIRE(index.find(names[i], index.hash_of(i)) == &facts.symbols[i]);
  CHECK(index.find("symbol_", loader::SymbolIndex::hash_name("symbol_")) == nullptr);
}

TEST_CASE("a shared index cache changes no answer", "[loader]") {
  Machine machine;
  machine.files.add("/app/x",
                    make_program({.needed = {"liba.so"}, .calls = {"symbol", "nowhere"}}));
  machine.files.add("/lib/liba.so", make_library({.exports = {"symbol"}}));
  const model::LoadResult alone = machine.start("/app/x");
  loader::SymbolIndexCache cache;
  machine.request.symbol_indexes = &cache;
  CHECK(machine.start("/app/x") == alone);
  CHECK(machine.start("/app/x") == alone);
  CHECK(cache.impl().indexes.size() == 2);
}
