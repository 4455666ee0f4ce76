// Which file a needed name becomes: load_library, path_open, fixup_rpath, load_direct_deps and
// load_preload of musl's ldso/dynlink.c.

#include "fixture.hpp"

using namespace muslcheck;
using namespace muslcheck::test;
using model::LibrarySource;
using model::LoadErrorKind;
using model::Outcome;

namespace {

/// A program in /app that needs `name` and calls `function`, which only the right file has.
model::ElfFacts program_needing(std::string_view name, std::string_view runpath = {}) {
  return make_program({.needed = {name}, .calls = {"function"}, .runpath = runpath});
}

model::ElfFacts the_library() { return make_library({.exports = {"function"}}); }

}  // namespace

TEST_CASE("names that musl answers itself", "[loader]") {
  // `reserved` in load_library; the dot is part of the match.
  struct Row {
    const char* name;
    bool reserved;
  };
  const auto row = GENERATE(
      Row{"libc.so.6", true}, Row{"libc.musl-x86_64.so.1", true}, Row{"libm.anything", true},
      Row{"libpthread.so.0", true}, Row{"librt.so.1", true}, Row{"libdl.so.2", true},
      Row{"libutil.so.1", true}, Row{"libxnet.so", true}, Row{"libmvec.so.1", false},
      Row{"libcrypt.so.1", false}, Row{"libresolv.so.2", false}, Row{"ld-linux-x86-64.so.2", false},
      Row{"libc", false}, Row{"c.so", false}, Row{"/lib/libc.so.6", false});
  CAPTURE(row.name);
  CHECK(loader::is_reserved_library(row.name) == row.reserved);

  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {row.name}}));
  const model::LoadResult result = machine.start("/app/x");
  REQUIRE(result.libraries.size() == 1);
  CHECK((result.libraries[0].source == LibrarySource::libc) == row.reserved);
  CHECK((result.outcome == Outcome::loads) == row.reserved);
}

TEST_CASE("a missing library is reported with who needs it", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"ld-linux-x86-64.so.2"}}));
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::fails_to_start);
  CHECK(texts_of(result) == Texts{"Error loading shared library ld-linux-x86-64.so.2: No such file "
                                  "or directory (needed by /app/x)"});
  CHECK(result.errors[0].kind == LoadErrorKind::library_missing);
  CHECK(result.errors[0].subject == "ld-linux-x86-64.so.2");
  CHECK(result.errors[0].needed_by == "/app/x");
  CHECK(result.libraries[0].source == LibrarySource::missing);
}

TEST_CASE("every place tried is recorded in order", "[loader]") {
  Machine machine;
  machine.request.ld_library_path = "/env";
  machine.files.add("/app/x", program_needing("liba.so", "$ORIGIN/lib"));
  machine.files.add("/env/liba.so", Kind::denied);
  machine.files.add("/usr/local/lib/liba.so", the_library());
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::loads);
  CHECK(result.libraries[0].steps ==
        std::vector<model::SearchStep>{{"/env/liba.so", "permission denied"},
                                       {"/app/lib/liba.so", "absent"},
                                       {"/lib/liba.so", "absent"},
                                       {"/usr/local/lib/liba.so", "found"}});
  CHECK(result.libraries[0].path == "/usr/local/lib/liba.so");
  CHECK(result.libraries[0].source == LibrarySource::image);
}

TEST_CASE("search directories", "[loader]") {
  // path_open: ":" and newline separate, empty elements are skipped. Order: LD_LIBRARY_PATH,
  // rpath, the loader's own directories. Never the multiarch ones.
  struct Row {
    const char* name;
    const char* ld_library_path;
    const char* runpath;
    const char* library;  ///< where the file is
    bool found;
  };
  const auto row = GENERATE(
      Row{"LD_LIBRARY_PATH, colon", "/a:/b", "", "/b/liba.so", true},
      Row{"LD_LIBRARY_PATH, newline", "/a\n/b", "", "/b/liba.so", true},
      Row{"LD_LIBRARY_PATH, empty elements", "::/a:", "", "/a/liba.so", true},
      Row{"LD_LIBRARY_PATH, an empty element is not the working directory", "/a::", "",
          "/app/liba.so", false},
      Row{"LD_LIBRARY_PATH, an empty element is not the root", "/a::/b", "", "/liba.so", false},
      Row{"LD_LIBRARY_PATH, trailing slash", "/a/", "", "/a/liba.so", true},
      Row{"runpath", "", "/r:/s", "/s/liba.so", true},
      Row{"default, first", "", "", "/lib/liba.so", true},
      Row{"default, last", "", "", "/usr/lib/liba.so", true},
      Row{"multiarch directory", "", "", "/usr/lib/x86_64-linux-gnu/liba.so", false},
      Row{"64-bit directory", "", "", "/lib64/liba.so", false},
      Row{"beside the program", "", "", "/app/liba.so", false},
      Row{"relative directory", "lib", "", "/app/lib/liba.so", false});
  CAPTURE(row.name);
  Machine machine;
  machine.request.ld_library_path = row.ld_library_path;
  machine.files.add("/app/x", program_needing("liba.so", row.runpath));
  machine.files.add(row.library, the_library());
  CHECK((machine.start("/app/x").outcome == Outcome::loads) == row.found);
}

TEST_CASE("relative directories and names start at the working directory", "[loader]") {
  Machine machine;
  machine.request.working_directory = "/app";
  machine.files.add("/app/x", program_needing("liba.so", "lib"));
  machine.files.add("/app/lib/liba.so", the_library());
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
  CHECK(machine.start("/app/x").libraries[0].path == "lib/liba.so");
  machine.files.add("/app/y", program_needing("./lib/liba.so"));
  CHECK(machine.start("/app/y").outcome == Outcome::loads);
}

TEST_CASE("$ORIGIN and other tokens in an rpath", "[loader]") {
  // fixup_rpath: any token but ORIGIN discards the whole rpath.
  struct Row {
    const char* rpath;
    bool found;
  };
  const auto row = GENERATE(Row{"$ORIGIN/lib", true}, Row{"${ORIGIN}/lib", true},
                            Row{"/nowhere:$ORIGIN/../app/lib", true}, Row{"/app/lib", true},
                            Row{"$ORIGIN/lib:/opt/$LIB", false}, Row{"/app/lib:$PLATFORM", false},
                            Row{"${LIB}:$ORIGIN/lib", false}, Row{"$ORIGIN", false});
  CAPTURE(row.rpath);
  Machine machine;
  machine.files.add("/app/x", program_needing("liba.so", row.rpath));
  machine.files.add("/app/lib/liba.so", the_library());
  CHECK((machine.start("/app/x").outcome == Outcome::loads) == row.found);
}

TEST_CASE(
    "the origin of a program is its real directory, that of a library the one it was found in",
    "[loader]") {
  // fixup_rpath: readlink("/proc/self/exe") for a program that the kernel mapped, else dso->name.
  Machine machine;
  machine.files.add("/opt/tool/x", program_needing("liba.so", "$ORIGIN"));
  machine.files.add("/opt/tool/liba.so", the_library());
  machine.files.add_link("/usr/bin/x", "/opt/tool/x");
  loader::LoadRequest request{.path = "/usr/bin/x", .object = &machine.files.facts("/opt/tool/x")};
  CHECK(loader::load(request, machine.files, machine.target).outcome == Outcome::loads);

  SECTION("with --list the loader knows only the name it was given") {
    request.mode = loader::Mode::list;
    CHECK(loader::load(request, machine.files, machine.target).outcome == Outcome::fails_to_start);
  }
  SECTION("a library found through a link has the link's directory") {
    machine.files.add("/store/libb.so",
                      make_library({.needed = {"libc1.so"}, .runpath = "$ORIGIN"}));
    machine.files.add("/store/libc1.so", make_library());
    machine.files.add_link("/usr/lib/libb.so", "/store/libb.so");
    machine.files.add("/app/y", make_program({.needed = {"libb.so"}}));
    CHECK(texts_of(machine.start("/app/y")) ==
          Texts{"Error loading shared library libc1.so: No such file or directory (needed by "
                "/usr/lib/libb.so)"});
  }
}

TEST_CASE("RUNPATH wins over RPATH in one object", "[loader]") {
  // decode_dyn: DT_RUNPATH overwrites what DT_RPATH set.
  Machine machine;
  model::ElfFacts program = program_needing("liba.so", "/new");
  program.rpath = "/old";
  machine.files.add("/app/x", program);
  machine.files.add("/old/liba.so", the_library());
  CHECK(machine.start("/app/x").outcome == Outcome::fails_to_start);
  program.runpath = {};
  machine.files.add("/app/x", program);
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
}

TEST_CASE("rpaths are inherited along the chain of needers", "[loader]") {
  // load_library: `for (p=needed_by; fd == -1 && p; p=p->needed_by)`. glibc's RUNPATH is not.
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"liba.so"}, .runpath = "$ORIGIN/lib"}));
  machine.files.add("/app/lib/liba.so", make_library({.needed = {"libb.so"}}));
  machine.files.add("/app/lib/libb.so", make_library());
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::loads);
  CHECK(result.libraries[1].path == "/app/lib/libb.so");
  CHECK(result.libraries[1].needed_by == "/app/lib/liba.so");
}

TEST_CASE("a sibling's rpath is not searched", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"liba.so", "libb.so"}}));
  machine.files.add("/usr/lib/liba.so", make_library({.runpath = "/private"}));
  machine.files.add("/private/libb.so", make_library());
  CHECK(machine.start("/app/x").errors.size() == 1);
}

TEST_CASE("which failures stop the search", "[loader]") {
  // path_open goes on after ENOENT, ENOTDIR, EACCES and ENAMETOOLONG; a file that opens is taken
  // whatever it is.
  struct Row {
    const char* name;
    Kind kind;
    const char* error;  ///< empty: the search goes on and finds the library
    LoadErrorKind error_kind;
  };
  const auto row = GENERATE(
      Row{"absent", Kind::absent, "", {}}, Row{"not a directory", Kind::not_a_directory, "", {}},
      Row{"denied", Kind::denied, "", {}},
      Row{"link loop", Kind::too_many_links, "Symbolic link loop", LoadErrorKind::library_missing},
      Row{"directory", Kind::directory, "Is a directory", LoadErrorKind::library_unusable},
      Row{"junk", Kind::not_elf, "Exec format error", LoadErrorKind::library_unusable});
  CAPTURE(row.name);
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"liba.so"}}));
  machine.files.add("/lib/liba.so", row.kind);
  machine.files.add("/usr/lib/liba.so", the_library());
  const model::LoadResult result = machine.start("/app/x");
  if (std::string(row.error).empty()) {
    CHECK(result.outcome == Outcome::loads);
  } else {
    CHECK(texts_of(result) == Texts{"Error loading shared library liba.so: " +
                                    std::string(row.error) + " (needed by /app/x)"});
    CHECK(result.errors[0].kind == row.error_kind);
  }
}

TEST_CASE("the message has the errno of the last place tried", "[loader]") {
  // error("... %m"): errno is whatever the last open left.
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"liba.so"}}));
  machine.files.add("/usr/lib/liba.so", Kind::denied);
  CHECK(texts_of(machine.start("/app/x")) ==
        Texts{"Error loading shared library liba.so: Permission denied (needed by /app/x)"});
}

TEST_CASE("files that open and cannot be mapped", "[loader]") {
  // map_library: ENOEXEC unless ET_DYN or ET_EXEC with PT_DYNAMIC. Another class or byte order is
  // read from the wrong offsets, with the same result. e_machine is not looked at.
  struct Row {
    const char* name;
    bool loads;
    void (*change)(model::ElfFacts&);
  };
  const auto row =
      GENERATE(Row{"shared object", true, [](model::ElfFacts&) {}},
               Row{"executable", true, [](auto& f) { f.type = model::ElfType::executable; }},
               Row{"core file", false, [](auto& f) { f.type = model::ElfType::core; }},
               Row{"object file", false, [](auto& f) { f.type = model::ElfType::other; }},
               Row{"static", false, [](auto& f) { f.has_dynamic = false; }},
               Row{"32-bit", false, [](auto& f) { f.elf_class = model::ElfClass::elf32; }},
               Row{"big-endian", false, [](auto& f) { f.byte_order = model::ElfByteOrder::big; }},
               Row{"other machine", true, [](auto& f) { f.machine = EM_AARCH64; }});
  CAPTURE(row.name);
  Machine machine;
  model::ElfFacts library = make_library();
  row.change(library);
  machine.files.add("/app/x", make_program({.needed = {"liba.so"}}));
  machine.files.add("/lib/liba.so", library);
  machine.files.add("/usr/lib/liba.so", make_library());
  const Texts expected{
      "Error loading shared library liba.so: Exec format error (needed by /app/x)"};
  CHECK(texts_of(machine.start("/app/x")) == (row.loads ? Texts{} : expected));
}

TEST_CASE("DT_SONAME is never read", "[loader]") {
  // load_library compares searched names and device and inode, nothing else.
  Machine machine;
  model::ElfFacts library = the_library();
  library.soname = "liba.so.1";
  machine.files.add("/opt/renamed.so", library);
  machine.files.add("/app/x", make_program({.needed = {"/opt/renamed.so", "liba.so.1"}}));
  CHECK(texts_of(machine.start("/app/x")) ==
        Texts{"Error loading shared library liba.so.1: No such file or directory (needed by "
              "/app/x)"});
}

TEST_CASE("a library is loaded once", "[loader]") {
  // Each copy would report its missing symbol, under its own name.
  Machine machine;
  const model::ElfFacts broken = make_library({.calls = {"nowhere"}});
  SECTION("under the same searched name, wherever the second search would lead") {
    machine.files.add("/app/x", make_program({.needed = {"liba.so", "libb.so"}, .runpath = "/r"}));
    machine.files.add("/r/liba.so", broken);
    machine.files.add("/r/libb.so", make_library({.needed = {"liba.so"}, .runpath = "/s"}));
    machine.files.add("/s/liba.so", broken);
  }
  SECTION("as the same file under two names") {
    machine.files.add("/app/x", make_program({.needed = {"liba.so", "liba.so.1"}}));
    machine.files.add("/lib/liba.so", broken);
    machine.files.add_link("/lib/liba.so.1", "/lib/liba.so");
  }
  SECTION("by path first, then by name") {
    machine.files.add("/app/x", make_program({.needed = {"/lib/liba.so", "liba.so", "liba.so"}}));
    machine.files.add("/lib/liba.so", broken);
  }
  CHECK(machine.start("/app/x").errors.size() == 1);
}

TEST_CASE("a library found by inode answers to the name of its file afterwards", "[loader]") {
  // load_library: `p->shortname = strrchr(p->name, '/')+1`, not the name that was searched for.
  Machine machine;
  machine.files.add("/opt/liba.so.1.2", make_library());
  machine.files.add_link("/lib/liba.so.1", "/opt/liba.so.1.2");
  machine.files.add("/app/x",
                    make_program({.needed = {"/opt/liba.so.1.2", "liba.so.1", "liba.so.1.2"}}));
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
}

TEST_CASE("cycles of needs end", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"liba.so"}}));
  machine.files.add("/lib/liba.so", make_library({.needed = {"libb.so"}}));
  machine.files.add("/lib/libb.so", make_library({.needed = {"liba.so", "libb.so"}}));
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::loads);
  CHECK(result.libraries.size() == 4);
}

TEST_CASE("the main program is not found by name or inode", "[loader]") {
  // load_library searches from head->next.
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"/app/plugin"}, .calls = {"nowhere"}}));
  machine.files.add_link("/app/plugin", "/app/x");
  CHECK(texts_of(machine.start("/app/x")) ==
        Texts{"Error relocating /app/plugin: nowhere: symbol not found",
              "Error relocating /app/x: nowhere: symbol not found"});
}

TEST_CASE("a needed name with a slash is opened as it is", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", program_needing("/opt/liba.so", "/r"));
  machine.files.add("/r/liba.so", the_library());
  CHECK(machine.start("/app/x").outcome == Outcome::fails_to_start);
  machine.files.add("/opt/liba.so", the_library());
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
}

TEST_CASE("the loader's own name is musl", "[loader]") {
  // load_library: `if (!strcmp(name, ldso.name)) is_self = 1`, and the file, when a search finds
  // it, is a libc. ldso.name is PT_INTERP.
  Machine machine;
  SECTION("by its path") {
    machine.files.add("/app/x", make_program({.needed = {"/lib/ld-musl-x86_64.so.1"}}));
  }
  SECTION("by search") {
    machine.files.add("/app/x", make_program({.needed = {"ld-musl-x86_64.so.1"}}));
  }
  SECTION("by a PT_INTERP that leads to it") {
    model::ElfFacts program = make_program({.needed = {"/lib64/ld-linux-x86-64.so.2"}});
    program.interpreter = "/lib64/ld-linux-x86-64.so.2";
    machine.files.add("/app/x", program);
    machine.files.add_found("/lib64/ld-linux-x86-64.so.2",
                            {.kind = Kind::elf, .real_path = "/lib/ld-musl-x86_64.so.1"});
  }
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::loads);
  CHECK(result.libraries[0].source == LibrarySource::libc);
}

TEST_CASE("with --list the name of the interpreter is musl even where it is missing", "[loader]") {
  // __dls3: "Find the name that would have been used for the dynamic linker".
  Machine machine;
  model::ElfFacts program = make_program({.needed = {"/lib64/ld-linux-x86-64.so.2"}});
  program.interpreter = "/lib64/ld-linux-x86-64.so.2";
  machine.files.add("/app/x", program);
  CHECK(machine.list("/app/x").outcome == Outcome::loads);
  CHECK(machine.start("/app/x").errors.size() == 2);
}

TEST_CASE("a bundled libc is replaced by musl", "[loader]") {
  // load_library: a file that defines both __libc_start_main and stdin is unmapped again.
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"libbundle.so"}, .calls = {"puts"}}));
  model::ElfFacts bundled = make_library({.exports = {"__libc_start_main", "only_in_glibc"}});
  bundled.needed = {"ld-linux-x86-64.so.2"};
  SECTION("both symbols: dropped, with what it needs") {
    add_symbol(bundled, defined("stdin", model::SymbolType::object));
    machine.files.add("/lib/libbundle.so", bundled);
    const model::LoadResult result = machine.start("/app/x");
    CHECK(result.outcome == Outcome::loads);
    CHECK(result.libraries[0].source == LibrarySource::libc);
    CHECK(result.libraries[0].steps.back().result == "a copy of libc: musl itself is used instead");
  }
  SECTION("one of them: an ordinary library") {
    machine.files.add("/lib/libbundle.so", bundled);
    CHECK(machine.start("/app/x").errors[0].subject == "ld-linux-x86-64.so.2");
  }
}

TEST_CASE("LD_PRELOAD", "[loader]") {
  // load_preload ignores the result of load_library; preloads come before all needed libraries.
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"liba.so"}, .calls = {"extra"}}));
  machine.files.add("/lib/liba.so", make_library());
  machine.files.add("/opt/pre.so", make_library({.needed = {"libgone.so"}, .exports = {"extra"}}));
  SECTION("its symbols count") {
    machine.files.add("/opt/pre.so", make_library({.exports = {"extra"}}));
    machine.request.ld_preload = {"/opt/pre.so"};
    const model::LoadResult result = machine.start("/app/x");
    CHECK(result.outcome == Outcome::loads);
    CHECK(result.libraries[0].needed_by == "LD_PRELOAD");
  }
  SECTION("its needs are checked") {
    machine.request.ld_preload = {"/opt/pre.so"};
    CHECK(texts_of(machine.start("/app/x")) ==
          Texts{"Error loading shared library libgone.so: No such file or directory (needed by "
                "/opt/pre.so)"});
  }
  SECTION("a missing one is ignored") {
    machine.request.ld_preload = {"/opt/gone.so"};
    CHECK(texts_of(machine.start("/app/x")) ==
          Texts{"Error relocating /app/x: extra: symbol not found"});
  }
}

TEST_CASE("odd names", "[loader]") {
  Machine machine;
  SECTION("empty") {
    machine.files.add("/app/x", make_program({.needed = {""}}));
    CHECK(texts_of(machine.start("/app/x")) ==
          Texts{"Error loading shared library : Invalid argument (needed by /app/x)"});
  }
  SECTION("longer than NAME_MAX: given up before the first open") {
    static const std::string name(256, 'a');
    machine.files.add("/app/x", make_program({.needed = {name}}));
    CHECK(texts_of(machine.start("/app/x")) == Texts{"Error loading shared library " + name +
                                                     ": No error information (needed by /app/x)"});
  }
  SECTION("composed paths of 512 bytes and more are skipped") {
    // load_library: char buf[2*NAME_MAX+2].
    static const std::string deep = "/" + std::string(503, 'd');
    machine.files.add("/app/x", make_program({.needed = {"lib.so"}, .runpath = deep}));
    machine.files.add(deep + "/lib.so", make_library());
    CHECK(machine.start("/app/x").outcome == Outcome::loads);
    static const std::string deeper = deep + "d";
    machine.files.add("/app/x", make_program({.needed = {"lib.so"}, .runpath = deeper}));
    machine.files.add(deeper + "/lib.so", make_library());
    CHECK(machine.start("/app/x").outcome == Outcome::fails_to_start);
  }
}

TEST_CASE("all library errors come first, breadth-first, then relocation with the program last",
          "[loader]") {
  // __dls3: load_deps, then reloc_all(app.next), reloc_all(&app).
  Machine machine;
  machine.files.add("/app/x",
                    make_program({.needed = {"liba.so", "libgone1.so"}, .calls = {"in_program"}}));
  machine.files.add("/lib/liba.so",
                    make_library({.needed = {"libb.so", "libgone2.so"}, .calls = {"in_a"}}));
  machine.files.add("/lib/libb.so", make_library({.needed = {"libgone1.so"}, .calls = {"in_b"}}));
  const std::string gone = ": No such file or directory (needed by ";
  CHECK(texts_of(machine.start("/app/x")) ==
        Texts{"Error loading shared library libgone1.so" + gone + "/app/x)",
              "Error loading shared library libgone2.so" + gone + "/lib/liba.so)",
              "Error loading shared library libgone1.so" + gone + "/lib/libb.so)",
              "Error relocating /lib/liba.so: in_a: symbol not found",
              "Error relocating /lib/libb.so: in_b: symbol not found",
              "Error relocating /app/x: in_program: symbol not found"});
}
