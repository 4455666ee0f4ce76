// Libraries that are not in the image but on the target or in its packages, and what may be
// taken for granted where their exports are not known. This is beyond musl: it is about what we
// know.

#include "fixture.hpp"

using namespace muslcheck;
using namespace muslcheck::test;
using model::Confidence;
using model::LibrarySource;
using model::Outcome;

namespace {

/// A program that needs libfoo.so.1 and calls `symbol`.
Machine machine_calling(const model::Symbol& symbol) {
  Machine machine;
  model::ElfFacts program = make_program({.needed = {"libfoo.so.1", "libc.so.6"}});
  add_relocation(program, R_X86_64_JUMP_SLOT, symbol);
  machine.files.add("/app/x", program);
  return machine;
}

}  // namespace

TEST_CASE("a library that a package has is installable, with the package named", "[loader]") {
  Machine machine = machine_calling(undefined("foo_new"));
  target::TargetLibrary& library = add_target_library(machine.target, "libfoo.so.1", "foo");
  set_exports(library, {"foo_new"});
  const model::LoadResult installable = machine.start("/app/x");
  CHECK(installable.outcome == Outcome::loads);
  CHECK(installable.confidence == Confidence::certain);
  CHECK(installable.libraries[0].source == LibrarySource::installable);
  CHECK(installable.libraries[0].apk == "foo");
  CHECK(installable.libraries[0].path == "/usr/lib/libfoo.so.1");
  CHECK(installable.libraries[0].steps.back() ==
        model::SearchStep{"/usr/lib/libfoo.so.1", "apk package foo of alpine:3.22"});

  library.in_base = true;
  const model::LoadResult base = machine.start("/app/x");
  CHECK(base.libraries[0].source == LibrarySource::target_base);
  CHECK(base.libraries[0].apk.empty());
}

TEST_CASE("a file of the image beats the target's", "[loader]") {
  Machine machine = machine_calling(undefined("foo_own"));
  set_exports(add_target_library(machine.target, "libfoo.so.1", "foo"), {"foo_new"});
  CHECK(machine.start("/app/x").errors.size() == 1);
  machine.files.add("/usr/lib/libfoo.so.1", make_library({.exports = {"foo_own"}}));
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::loads);
  CHECK(result.libraries[0].source == LibrarySource::image);
}

TEST_CASE("a library of the target asked for by path", "[loader]") {
  Machine machine;
  set_exports(add_target_library(machine.target, "libfoo.so.1", "foo"), {});
  machine.files.add("/app/x", make_program({.needed = {"/usr/lib/libfoo.so.1"}}));
  machine.files.add("/app/y", make_program({.needed = {"/opt/libfoo.so.1"}}));
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
  CHECK(machine.start("/app/y").outcome == Outcome::fails_to_start);
}

TEST_CASE("a library of the target brings libc into the search", "[loader]") {
  Machine machine;
  set_exports(add_target_library(machine.target, "libfoo.so.1", "foo"), {});
  machine.files.add("/app/x", make_program({.needed = {"libfoo.so.1"}, .calls = {"puts"}}));
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
}

TEST_CASE("which missing symbols a library of unknown exports may have", "[loader]") {
  struct Row {
    const char* name;
    model::Symbol symbol;
    bool assumed;
  };
  const auto row =
      GENERATE(Row{"of its version", undefined("foo_new", "FOO_1", "libfoo.so.1"), true},
               Row{"without a version", undefined("foo_new"), true},
               Row{"of another library", undefined("bar", "BAR_1", "libbar.so.1"), false},
               Row{"of glibc's libc", undefined("__memcpy_chk", "GLIBC_2.3.4", "libc.so.6"), false},
               Row{"of glibc's libm", undefined("exp10f128", "GLIBC_2.26", "libm.so.6"), false},
               Row{"of glibc's loader",
                   undefined("_rtld_global", "GLIBC_2.2.5", "ld-linux-x86-64.so.2"), false});
  CAPTURE(row.name);
  Machine machine = machine_calling(row.symbol);
  add_target_library(machine.target, "libfoo.so.1", "foo");
  const model::LoadResult result = machine.start("/app/x");
  CHECK((result.outcome == Outcome::loads) == row.assumed);
  CHECK((result.confidence == Confidence::likely) == row.assumed);
  if (row.assumed)
    CHECK(result.assumptions ==
          Texts{"libfoo.so.1 of apk foo exports " + std::string(row.symbol.name)});
}

TEST_CASE("a symbol that its object defines itself is not assumed of another", "[loader]") {
  model::Symbol own = defined("own");
  own.hidden = true;
  Machine machine = machine_calling(own);
  add_target_library(machine.target, "libfoo.so.1", "foo");
  CHECK(texts_of(machine.start("/app/x")) ==
        Texts{"Error relocating /app/x: own: symbol not found"});
}

TEST_CASE("glibc's loader as an installable file gives no symbol by assumption", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_program({.needed = {"ld-linux-x86-64.so.2"}});
  add_relocation(program, R_X86_64_GLOB_DAT,
                 undefined("_rtld_global", "GLIBC_PRIVATE", "ld-linux-x86-64.so.2"));
  machine.files.add("/app/x", program);
  target::TargetLibrary& library =
      add_target_library(machine.target, "ld-linux-x86-64.so.2", "gcompat");
  CHECK(machine.start("/app/x").errors.size() == 1);
  set_exports(library, {"_rtld_global"});
  CHECK(machine.start("/app/x").errors.empty());
}

TEST_CASE("known exports leave nothing to assume", "[loader]") {
  Machine machine = machine_calling(undefined("foo_gone", "FOO_1", "libfoo.so.1"));
  set_exports(add_target_library(machine.target, "libfoo.so.1", "foo"), {"foo_new"});
  const model::LoadResult result = machine.start("/app/x");
  CHECK(texts_of(result) == Texts{"Error relocating /app/x: foo_gone: symbol not found"});
  CHECK(result.confidence == Confidence::certain);
}

TEST_CASE("what is found elsewhere or may be absent is not assumed", "[loader]") {
  Machine machine;
  model::ElfFacts program =
      make_program({.needed = {"libfoo.so.1", "libc.so.6"}, .calls = {"puts"}});
  add_relocation(program, R_X86_64_GLOB_DAT, weak(undefined("__gmon_start__")));
  machine.files.add("/app/x", program);
  add_target_library(machine.target, "libfoo.so.1", "foo");
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::loads);
  CHECK(result.assumptions.empty());
  CHECK(result.confidence == Confidence::certain);
}

TEST_CASE("a symbol without a version is credited to a library that its object needs", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"libbar.so.1", "liba.so"}}));
  machine.files.add("/lib/liba.so", make_library({.needed = {"libfoo.so.1"}, .calls = {"foo"}}));
  add_target_library(machine.target, "libbar.so.1", "bar");
  add_target_library(machine.target, "libfoo.so.1", "foo");
  CHECK(machine.start("/app/x").assumptions == Texts{"libfoo.so.1 of apk foo exports foo"});
}

TEST_CASE("a symbol without a version is not assumed of a library that its object does not need",
          "[loader]") {
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"libfoo.so.1", "liba.so"}}));
  machine.files.add("/lib/liba.so", make_library({.needed = {"libc.so.6"}, .calls = {"palloc0"}}));
  add_target_library(machine.target, "libfoo.so.1", "foo");
  const model::LoadResult result = machine.start("/app/x");
  CHECK(texts_of(result) == Texts{"Error relocating /lib/liba.so: palloc0: symbol not found"});
  CHECK(result.assumptions.empty());
}

TEST_CASE("the old base's library of the same name tells what may be assumed", "[loader]") {
  struct Row {
    const char* name;
    model::Symbol symbol;
    bool assumed;
  };
  const auto row = GENERATE(
      Row{"without a version", undefined("foo_new"), true},
      Row{"of its version", undefined("foo_new", "FOO_1", "libfoo.so.1"), true},
      Row{"absent", undefined("palloc0"), false},
      Row{"absent, with its version", undefined("foo_gone", "FOO_1", "libfoo.so.1"), false},
      Row{"only referred to", undefined("foo_elsewhere"), false});
  CAPTURE(row.name);
  Machine machine = machine_calling(row.symbol);
  add_target_library(machine.target, "libfoo.so.1", "foo");
  const model::ElfFacts old = make_library({.exports = {"foo_new"}, .calls = {"foo_elsewhere"}});
  const loader::OldLibraries old_libraries{{"libfoo.so.1", &old}};
  machine.request.old_libraries = &old_libraries;
  const model::LoadResult result = machine.start("/app/x");
  CHECK((result.outcome == Outcome::loads) == row.assumed);
  CHECK((result.confidence == Confidence::likely) == row.assumed);
}

TEST_CASE("an old library brings what it needs itself", "[loader]") {
  Machine machine = machine_calling(undefined("daxpy_"));
  add_target_library(machine.target, "libfoo.so.1", "foo");
  const model::ElfFacts foo = make_library({.needed = {"libblas.so.3", "libc.so.6"}});
  const model::ElfFacts blas = make_library({.needed = {"libfoo.so.1"}, .exports = {"daxpy_"}});
  const model::ElfFacts libc = make_library({.exports = {"daxpy_"}});
  loader::OldLibraries old_libraries{{"libfoo.so.1", &foo}, {"libc.so.6", &libc}};
  machine.request.old_libraries = &old_libraries;
  CHECK(machine.start("/app/x").outcome == Outcome::fails_to_start);
  old_libraries.emplace("libblas.so.3", &blas);
  CHECK(machine.start("/app/x").assumptions == Texts{"libfoo.so.1 of apk foo exports daxpy_"});
}

TEST_CASE("a compiler's runtime is not assumed to have names outside those reserved for it",
          "[loader]") {
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"libgcc_s.so.1"}, .calls = {"daxpy_"}}));
  machine.files.add("/app/y", make_program({.needed = {"libgcc_s.so.1"}, .calls = {"__addtf9"}}));
  add_target_library(machine.target, "libgcc_s.so.1", "libgcc");
  CHECK(machine.start("/app/x").outcome == Outcome::fails_to_start);
  CHECK(machine.start("/app/y").outcome == Outcome::loads);
}

TEST_CASE("a symbol without a version is credited to the old library that has it", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"libbar.so.1", "liba.so"}}));
  machine.files.add("/lib/liba.so", make_library({.needed = {"libfoo.so.1"}, .calls = {"bar"}}));
  add_target_library(machine.target, "libbar.so.1", "bar");
  add_target_library(machine.target, "libfoo.so.1", "foo");
  const model::ElfFacts old = make_library({.exports = {"bar"}});
  const loader::OldLibraries old_libraries{{"libbar.so.1", &old}};
  machine.request.old_libraries = &old_libraries;
  CHECK(machine.start("/app/x").assumptions == Texts{"libbar.so.1 of apk bar exports bar"});
}

TEST_CASE("assumptions on one library are one sentence", "[loader]") {
  Machine machine;
  machine.files.add("/app/x", make_program({.needed = {"libfoo.so.1"},
                                            .calls = {"a", "b", "c", "d", "e", "f", "g"}}));
  add_target_library(machine.target, "libfoo.so.1", "foo");
  CHECK(machine.start("/app/x").assumptions ==
        Texts{"libfoo.so.1 of apk foo exports a, b, c, d, e, and 2 more"});
}

TEST_CASE("a package that this release may not have lowers the confidence", "[loader]") {
  Machine machine = machine_calling(undefined("foo_new"));
  target::TargetLibrary& library = add_target_library(machine.target, "libfoo.so.1", "foo");
  set_exports(library, {"foo_new"});
  library.confidence = Confidence::hint;
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::loads);
  CHECK(result.confidence == Confidence::hint);
  CHECK(result.libraries[0].confidence == Confidence::hint);
  CHECK(result.assumptions == Texts{"alpine:3.22 has libfoo.so.1 in apk foo"});
}

TEST_CASE("a file of the image that could not be examined is taken to load", "[loader]") {
  Machine machine = machine_calling(undefined("foo_new", "FOO_1", "libfoo.so.1"));
  SECTION("not at all") { machine.files.add("/lib/libfoo.so.1", Kind::unreadable); }
  SECTION("only its header") {
    model::ElfFacts library = make_library();
    library.completeness = model::Completeness::header_only;
    machine.files.add("/lib/libfoo.so.1", library);
  }
  const model::LoadResult result = machine.start("/app/x");
  CHECK(result.outcome == Outcome::loads);
  CHECK(result.confidence == Confidence::likely);
  CHECK(result.assumptions == Texts{"/lib/libfoo.so.1 could not be examined and is taken to load",
                                    "/lib/libfoo.so.1 exports foo_new"});
}

TEST_CASE("a file that could not be examined brings libc into the search", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_program({.needed = {"libfoo.so.1"}});
  add_relocation(program, R_X86_64_JUMP_SLOT, undefined("puts", "GLIBC_2.2.5", "libc.so.6"));
  machine.files.add("/app/x", program);
  machine.files.add("/lib/libfoo.so.1", Kind::unreadable);
  CHECK(machine.start("/app/x").outcome == Outcome::loads);
}

TEST_CASE("initial-exec TLS of a package's library fails in a dlopened module", "[loader]") {
  Machine machine;
  model::ElfFacts module = make_library({.needed = {"libfoo.so.1"}});
  add_relocation(module, R_X86_64_TPOFF64, undefined("counter"));
  machine.files.add("/app/module.node", module);
  set_exports(add_target_library(machine.target, "libfoo.so.1", "foo"), {"counter"});
  CHECK(texts_of(machine.dlopen_now("/app/module.node")) ==
        Texts{"Error relocating /app/module.node: counter: initial-exec TLS resolves to dynamic "
              "definition in /usr/lib/libfoo.so.1"});
  machine.request.host.loaded_before = {"libfoo.so.1"};
  CHECK(machine.dlopen_now("/app/module.node").outcome == Outcome::loads);
}
