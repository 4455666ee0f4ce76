// Modules as npm packages ship them, reduced to what decides: what musl's loader was seen to say
// about each, with dlopen(RTLD_NOW) and with dlopen(RTLD_LAZY).

#include "fixture.hpp"

using namespace muslcheck;
using namespace muslcheck::test;
using model::Outcome;

namespace {

struct Scenario {
  const char* name;
  std::vector<std::string_view> needed;
  std::vector<std::string_view> calls;
  bool irelative;  ///< has R_X86_64_IRELATIVE
  Outcome now;
  Outcome lazy;
  Texts now_texts;
};

constexpr const char* kPath = "/app/addon.node";
constexpr Outcome kLoads = Outcome::loads;
constexpr Outcome kLatent = Outcome::loads_lazily;
constexpr Outcome kFails = Outcome::fails_to_load;

std::string absent(const std::string& name) {
  return "Error loading shared library " + name +
         ": No such file or directory (needed by /app/addon.node)";
}

std::string missing(const std::string& name) {
  return "Error relocating /app/addon.node: " + name + ": symbol not found";
}

const std::string kNoIrelative = "Error relocating /app/addon.node: unsupported relocation type 37";

std::vector<Scenario> scenarios() {
  return {
      {"glibc build of an image library: loader, resolver, fortified calls, IFUNC",
       {"ld-linux-x86-64.so.2", "libresolv.so.2", "libc.so.6"},
       {"__longjmp_chk", "memcpy"},
       true,
       kFails,
       kFails,
       {absent("ld-linux-x86-64.so.2"), absent("libresolv.so.2"), missing("__longjmp_chk"),
        kNoIrelative}},
      {"glibc build that needs only the loader's file",
       {"ld-linux-x86-64.so.2", "libc.so.6"},
       {"memcpy"},
       false,
       kFails,
       kFails,
       {absent("ld-linux-x86-64.so.2")}},
      {"glibc build that uses what musl has too",
       {"libstdc++.so.6", "libm.so.6", "libc.so.6"},
       {"memcpy", "_Znwm", "napi_create_object"},
       false,
       kLoads,
       kLoads,
       {}},
      {"fortified call only",
       {"libc.so.6"},
       {"__explicit_bzero_chk"},
       false,
       kFails,
       kLatent,
       {missing("__explicit_bzero_chk")}},
      {"fcntl64 only",
       {"libstdc++.so.6", "libc.so.6"},
       {"fcntl64", "open64"},
       false,
       kFails,
       kLatent,
       {missing("fcntl64")}},
      {"musl build",
       {"libstdc++.so.6", "libc.musl-x86_64.so.1"},
       {"memcpy", "_Znwm", "napi_create_object"},
       false,
       kLoads,
       kLoads,
       {}},
  };
}

}  // namespace

TEST_CASE("modules of npm packages in Alpine's node", "[loader]") {
  for (const Scenario& scenario : scenarios()) {
    CAPTURE(scenario.name);
    Machine machine;
    set_exports(add_target_library(machine.target, "libstdc++.so.6", "libstdc++"), {"_Znwm"});
    machine.request.host = {
        .name = "node", .provides = {"napi_*", "uv_*"}, .loaded_before = {"libstdc++.so.6"}};
    model::ElfFacts module = make_library({.needed = scenario.needed, .calls = scenario.calls});
    if (scenario.irelative) module.relocations.push_back({.type = R_X86_64_IRELATIVE});
    machine.files.add(kPath, module);
    const model::LoadResult now = machine.dlopen_now(kPath);
    CHECK(now.outcome == scenario.now);
    CHECK(texts_of(now) == scenario.now_texts);
    CHECK(machine.dlopen_lazy(kPath).outcome == scenario.lazy);
  }
}

TEST_CASE("a glibc-built runtime started on Alpine", "[loader]") {
  Machine machine;
  model::ElfFacts program = make_program({.needed = {"libc.so.6", "ld-linux-x86-64.so.2"},
                                          .calls = {"__libc_start_main", "gnu_get_libc_version"}});
  program.interpreter = "/lib64/ld-linux-x86-64.so.2";
  machine.files.add("/usr/local/bin/bun", program);
  CHECK(texts_of(machine.start("/usr/local/bin/bun")) ==
        Texts{"exec /usr/local/bin/bun: no such file or directory",
              "Error loading shared library ld-linux-x86-64.so.2: No such file or directory "
              "(needed by /usr/local/bin/bun)",
              "Error relocating /usr/local/bin/bun: gnu_get_libc_version: symbol not found"});
}

TEST_CASE("Debian's libgcc_s fails on its own hidden symbols", "[loader]") {
  // __cpu_model is defined as __cpu_model@GCC_4.8.0, not as a default version.
  Machine machine;
  model::ElfFacts library = make_library({.needed = {"libc.so.6"}});
  model::Symbol symbol = defined("__cpu_model", model::SymbolType::object);
  symbol.version = "GCC_4.8.0";
  symbol.hidden = true;
  add_relocation(library, R_X86_64_64, symbol);
  machine.files.add("/app/libgcc_s.so.1", library);
  CHECK(texts_of(machine.dlopen_now("/app/libgcc_s.so.1")) ==
        Texts{"Error relocating /app/libgcc_s.so.1: __cpu_model: symbol not found"});
}
