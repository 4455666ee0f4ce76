// What if gcompat was installed: the cases that were seen under the real loader on Alpine (a glibc
// module in musl's node sees its symbols only by LD_PRELOAD or by a name that links to it).

#include <elf.h>

#include <string>
#include <vector>

#include "muslcheck/migrate/migrate.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/model_builders.hpp"
#include "support/tree_builder.hpp"

namespace muslcheck {
namespace {

using model::GcompatHelp;
using Texts = std::vector<std::string>;

/// The answer for a file of an image that holds it alone.
std::optional<model::GcompatAnswer> answer_for(const std::string& path, model::ElfFacts facts,
                                               std::string_view release = "3.22") {
  facts.version_needs = {{.library = "libc.so.6", .version = "GLIBC_2.34"}};
  const filesystem::FileTree tree = test::TreeBuilder().elf(path, std::move(facts)).build();
  const rules::RuleSet& rules = test::embedded_rules();
  const auto target = target::make_target(rules, release, "x86_64");
  REQUIRE(target);
  const packages::PackageIndex packages;
  model::SourceInfo source;
  source.layers.resize(1);
  const auto migration =
      migrate::migrate({.source = source, .tree = tree, .packages = packages}, *target, rules);
  REQUIRE(migration.modules.size() == 1);
  return migration.modules[0].gcompat;
}

model::ElfFacts addon(std::vector<std::string_view> needed, std::vector<std::string_view> calls) {
  calls.push_back("napi_create_function");
  return test::make_library({.needed = std::move(needed), .calls = std::move(calls)});
}

}  // namespace

TEST_CASE("gcompat gives a program that starts through its loader the symbols it has") {
  const auto program = [](std::vector<std::string_view> calls) {
    model::ElfFacts facts = test::make_program(
        {.needed = {"libc.so.6", "ld-linux-x86-64.so.2"}, .calls = std::move(calls)});
    facts.interpreter = "/lib64/ld-linux-x86-64.so.2";
    return facts;
  };
  const auto helped = answer_for("app/tool", program({"__memcpy_chk"}));
  REQUIRE(helped);
  CHECK(*helped == model::GcompatAnswer{.help = GcompatHelp::installed, .version = "1.1.0"});
  const auto lacking = answer_for("app/tool", program({"__memcpy_chk", "fcntl64"}));
  REQUIRE(lacking);
  CHECK(lacking->help == GcompatHelp::no);
  CHECK(lacking->remaining == Texts{"Error relocating /app/tool: fcntl64: symbol not found"});
}

TEST_CASE("a module sees gcompat by LD_PRELOAD, or by a name that is a link to it") {
  struct Row {
    std::string name;
    std::vector<std::string_view> needed;
    std::vector<std::string_view> calls;
    GcompatHelp help;
  };
  const std::vector<Row> rows{
      {"@swc/core: the loader's name alone", {"ld-linux-x86-64.so.2"}, {}, GcompatHelp::installed},
      {"rollup: fortified as well",
       {"ld-linux-x86-64.so.2"},
       {"__memcpy_chk"},
       GcompatHelp::preloaded},
      {"libresolv is gcompat's library", {"libresolv.so.2"}, {"__memcpy_chk"},
       GcompatHelp::installed},
      {"libc.so.6 is musl's own name", {"libc.so.6"}, {"__memcpy_chk"}, GcompatHelp::preloaded},
      {"obstack comes with it", {"libc.so.6"}, {"_obstack_begin"}, GcompatHelp::preloaded},
      {"next-swc: what gcompat lacks", {"ld-linux-x86-64.so.2"}, {"__res_init"}, GcompatHelp::no},
      {"a library of nobody", {"libmvec.so.1"}, {}, GcompatHelp::no},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto answer = answer_for("app/a.node", addon(row.needed, row.calls));
    REQUIRE(answer);
    CHECK(answer->help == row.help);
    CHECK(answer->remaining.empty() == (row.help != GcompatHelp::no));
  }
}

TEST_CASE("what would not load whatever symbols there are is not helped") {
  model::ElfFacts facts = addon({"ld-linux-x86-64.so.2"}, {"__memcpy_chk", "__res_init"});
  facts.relocations.push_back({.type = R_X86_64_IRELATIVE});
  const auto answer = answer_for("app/a.node", facts);
  REQUIRE(answer);
  CHECK(answer->help == GcompatHelp::no);
  // What keeps it from loading comes before what would crash later.
  CHECK(answer->remaining == Texts{"Error relocating /app/a.node: unsupported relocation type 37",
                                   "Error relocating /app/a.node: __res_init: symbol not found"});
}

TEST_CASE("a function that gcompat has in name only is a caveat") {
  const auto answer = answer_for("app/a.node", addon({"libresolv.so.2"}, {"getcontext"}));
  REQUIRE(answer);
  CHECK(answer->help == GcompatHelp::installed);
  REQUIRE(answer->caveats.size() == 1);
  CHECK(answer->caveats[0].starts_with("getcontext of gcompat is a stub"));
}

TEST_CASE("nobody asks of a module that loads, or of a release without the package") {
  CHECK_FALSE(answer_for("app/a.node", addon({"libc.so.6"}, {"malloc"})));
  CHECK(answer_for("app/a.node", addon({"ld-linux-x86-64.so.2"}, {})));
  CHECK_FALSE(answer_for("app/a.node", addon({"ld-linux-x86-64.so.2"}, {}), "3.16"));
}

}  // namespace muslcheck
