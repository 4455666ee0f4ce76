#include <elf.h>

#include <string>
#include <utility>
#include <vector>

#include "muslcheck/runtimes/hosts.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using model::ElfFacts;
using model::ElfType;
using model::Host;
using model::Role;
using runtimes::find_loading;
using test::TreeBuilder;

namespace {

Host host(const char* id, std::vector<std::string> imports, std::vector<std::string> exports,
          std::vector<std::string> paths, std::vector<std::string> executables) {
  Host made;
  made.id = id;
  made.imports = std::move(imports);
  made.exports = std::move(exports);
  made.paths = std::move(paths);
  made.executables = std::move(executables);
  return made;
}

const std::vector<Host> kHosts{
    host("node", {"napi_*"}, {"napi_register_module_v1"}, {"*.node"}, {"usr/local/bin/node"}),
    host("python", {"Py*", "_Py*"}, {"PyInit_*"}, {"*/site-packages/*.so"},
         {"usr/local/lib/libpython3.*.so.1.0", "usr/bin/python3.*"}),
};

ElfFacts shared(std::vector<std::pair<const char*, bool>> symbols = {}) {
  ElfFacts facts;
  for (const auto& [name, defined] : symbols) {
    model::Symbol& symbol = facts.symbols.emplace_back();
    symbol.name = name;
    symbol.defined = defined;
  }
  return facts;
}

std::string describe(std::string_view path, const ElfFacts& facts) {
  const auto loading = find_loading(path, facts, kHosts);
  return std::string(model::name_of(loading.role)) + " " +
         (loading.host == nullptr ? "-" : loading.host->id) + ": " + loading.evidence;
}

}  // namespace

TEST_CASE("a plugin is recognised by what it imports, exports, or where it is") {
  CHECK(describe("a/b.so", shared({{"free", false}, {"napi_create_function", false}})) ==
        "plugin node: imports napi_create_function");
  CHECK(describe("a/b.so", shared({{"PyInit_b", true}})) == "plugin python: exports PyInit_b");
  CHECK(describe("a/b.node", shared()) == "plugin node: path matches *.node");
  CHECK(describe("a/b.so", shared({{"free", false}})) == "library -: no host recognises it");
}

TEST_CASE("a defined symbol is no import and an undefined one no export") {
  CHECK(find_loading("a/b.so", shared({{"napi_x", true}}), kHosts).role == Role::library);
  CHECK(find_loading("a/b.so", shared({{"PyInit_b", false}}), kHosts).evidence ==
        "imports PyInit_b");
}

TEST_CASE("of several hosts the first in order counts") {
  CHECK(describe("a/b.so", shared({{"PyList_New", false}, {"napi_x", false}})) ==
        "plugin node: imports napi_x");
}

TEST_CASE("the result points into the given hosts") {
  CHECK(find_loading("x.node", shared(), kHosts).host == kHosts.data());
}

TEST_CASE("programs are executables, however they are linked") {
  ElfFacts fixed = shared();
  fixed.type = ElfType::executable;
  CHECK(describe("bin/x", fixed) == "executable -: type EXEC");
  ElfFacts pie = shared();
  pie.interpreter = "/lib64/ld-linux-x86-64.so.2";
  CHECK(describe("bin/x", pie) == "executable -: interpreter /lib64/ld-linux-x86-64.so.2");
  ElfFacts static_pie = shared();
  static_pie.dt_flags_1 = DF_1_PIE;
  CHECK(describe("bin/x", static_pie) == "executable -: flag DF_1_PIE");
}

TEST_CASE("a program that exports what plugins import is the host, not a plugin") {
  ElfFacts node = shared({{"napi_create_function", true}, {"napi_register_module_v1", true}});
  node.type = ElfType::executable;
  CHECK(find_loading("usr/local/bin/node", node, kHosts).role == Role::executable);
}

TEST_CASE("a library with an interpreter and a soname is a library") {
  ElfFacts libc = shared();
  libc.interpreter = "/lib64/ld-linux-x86-64.so.2";
  libc.soname = "libc.so.6";
  CHECK(find_loading("lib/libc.so.6", libc, kHosts).role == Role::library);
}

TEST_CASE("a file in a plugin's place is a plugin even with an interpreter, unless it is EXEC") {
  ElfFacts facts = shared();
  facts.interpreter = "/lib64/ld-linux-x86-64.so.2";
  CHECK(find_loading("a/b.node", facts, kHosts).role == Role::plugin);
  facts.type = ElfType::executable;
  CHECK(find_loading("a/b.node", facts, kHosts).role == Role::executable);
}

TEST_CASE("a runtime's own library is no plugin of it") {
  const ElfFacts libpython = shared({{"PyInit__io", true}, {"PyList_New", true}});
  CHECK(find_loading("opt/py/libpython3.11.so.1.0", libpython, kHosts).role == Role::library);
  const ElfFacts stripped = shared({{"PyInit__io", true}});
  CHECK(find_loading("usr/local/lib/libpython3.11.so.1.0", stripped, kHosts).role == Role::library);
  // A module that exports more than its entry point still imports from the host.
  const ElfFacts module = shared({{"PyInit_x", true}, {"PyHelper", true}, {"PyList_New", false}});
  CHECK(find_loading("a/x.so", module, kHosts).role == Role::plugin);
}

TEST_CASE("the runtime's file is found by path, pattern and link, in the order of the patterns") {
  const Host& python = kHosts[1];
  const auto tree = TreeBuilder()
                        .file("usr/local/lib/libpython3.9.so.1.0")
                        .elf("usr/local/lib/libpython3.11.so.1.0")
                        .elf("usr/bin/python3.11")
                        .build();
  CHECK(runtimes::RuntimeFinder(tree).find(python) ==
        tree.find("usr/local/lib/libpython3.11.so.1.0"));
  const auto program = TreeBuilder().elf("opt/py").link("usr/bin/python3.12", "/opt/py").build();
  CHECK(runtimes::RuntimeFinder(program).find(python) == program.find("opt/py"));
  const auto merged = TreeBuilder().elf("srv/bin/node").link("usr/local", "../srv").build();
  CHECK(runtimes::RuntimeFinder(merged).find(kHosts[0]) == merged.find("srv/bin/node"));
  CHECK(runtimes::RuntimeFinder(tree).find(kHosts[0]) == nullptr);
}
