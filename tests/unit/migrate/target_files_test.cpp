// The payload laid over the files of a real target.

#include <elf.h>

#include <string>
#include <utility>

#include "migrate/moved_files.hpp"
#include "muslcheck/migrate/migrate.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/model_builders.hpp"
#include "support/tree_builder.hpp"

namespace muslcheck {
namespace {

using loader::FoundFile;
using model::LibrarySource;
using model::Outcome;
using test::make_library;
using test::TreeBuilder;

/// The only module of `image`, moved onto `target_files`.
model::Module moved(const filesystem::FileTree& image, const filesystem::FileTree& target_files,
                    const std::string& path = "app/x.node") {
  const rules::RuleSet& rules = test::embedded_rules();
  const auto target = target::make_target(rules, "3.22", "x86_64");
  REQUIRE(target);
  const packages::PackageIndex packages;
  model::SourceInfo source;
  source.layers.resize(1);
  const auto migration = migrate::migrate(
      {.source = source, .tree = image, .packages = packages, .target_files = &target_files},
      *target, rules);
  for (const model::Module& module : migration.modules)
    if (module.path == path) return module;
  FAIL("no such module");
  return {};
}

filesystem::FileTree addon() {
  model::ElfFacts facts =
      make_library({.needed = {"libmine.so.1"}, .calls = {"napi_create_function", "mine"}});
  facts.bind_now = true;
  return TreeBuilder().elf("app/x.node", std::move(facts)).build();
}

}  // namespace

TEST_CASE("a module finds the libraries that the target itself has, with their symbols") {
  const auto with = TreeBuilder()
                        .elf("usr/lib/libmine.so.1.2", make_library({.exports = {"mine"}}))
                        .link("usr/lib/libmine.so.1", "libmine.so.1.2")
                        .build();
  const model::Module module = moved(addon(), with);
  CHECK(module.outcome == Outcome::loads);
  REQUIRE(module.load.libraries.size() == 1);
  CHECK(module.load.libraries[0].source == LibrarySource::target_base);
  CHECK(module.load.libraries[0].path == "/usr/lib/libmine.so.1");
}

TEST_CASE("what the target's library lacks is missing, and without the library all is") {
  const auto without_symbol =
      TreeBuilder().elf("usr/lib/libmine.so.1", make_library({.exports = {"other"}})).build();
  const model::Module lacking = moved(addon(), without_symbol);
  CHECK(lacking.outcome == Outcome::fails_to_load);
  REQUIRE(lacking.load.errors.size() == 1);
  CHECK(lacking.load.errors[0].text == "Error relocating /app/x.node: mine: symbol not found");
  const model::Module missing = moved(addon(), filesystem::FileTree());
  REQUIRE_FALSE(missing.load.errors.empty());
  CHECK(missing.load.errors[0].kind == model::LoadErrorKind::library_missing);
}

TEST_CASE("a file of the payload hides that of the target") {
  const auto target =
      TreeBuilder().elf("usr/lib/liba.so", make_library({.exports = {"old"}})).build();
  const auto payload =
      TreeBuilder().elf("usr/lib/liba.so", make_library({.exports = {"new"}})).build();
  const migrate::MovedFiles files(payload, {}, 0, &target);
  CHECK(files.open("/usr/lib/liba.so").facts == payload.find("usr/lib/liba.so")->elf);
  CHECK_FALSE(files.is_of_target("/usr/lib/liba.so"));
}

TEST_CASE("what is replaced in the image is the target's, if the target has it") {
  const auto image = TreeBuilder().elf("usr/lib/liba.so").elf("usr/lib/libb.so").build();
  const auto target = TreeBuilder().elf("usr/lib/liba.so").directory("opt/x").build();
  const migrate::MovedFiles files(image, {"usr/lib/liba.so", "usr/lib/libb.so"}, 0, &target);
  CHECK(files.open("/usr/lib/liba.so").facts == target.find("usr/lib/liba.so")->elf);
  CHECK(files.is_of_target("/usr/lib/liba.so"));
  CHECK(files.open("/usr/lib/libb.so").kind == FoundFile::Kind::absent);
  CHECK_FALSE(files.is_of_target("/usr/lib/libb.so"));
  CHECK(files.open("/opt/x").kind == FoundFile::Kind::directory);
  CHECK(files.open("/usr/lib/liba.so/x").kind == FoundFile::Kind::not_a_directory);
}

TEST_CASE("a link of the target may lead to a file of the payload") {
  const auto target = TreeBuilder()
                          .elf("usr/lib/liba.so.1.0", make_library({.exports = {"old"}}))
                          .link("usr/lib/liba.so.1", "liba.so.1.0")
                          .build();
  const auto payload =
      TreeBuilder().elf("usr/lib/liba.so.1.0", make_library({.exports = {"new"}})).build();
  const migrate::MovedFiles files(payload, {}, 0, &target);
  CHECK(files.open("/usr/lib/liba.so.1").facts == payload.find("usr/lib/liba.so.1.0")->elf);
}

TEST_CASE("a file of the target that could not be read is not taken for absent") {
  model::ElfFacts broken;
  broken.completeness = model::Completeness::header_only;
  const auto target = TreeBuilder().elf("usr/lib/liba.so", broken).file("usr/lib/x.so").build();
  const filesystem::FileTree nothing;
  const migrate::MovedFiles files(nothing, {}, 0, &target);
  CHECK(files.open("/usr/lib/liba.so").kind == FoundFile::Kind::unreadable);
  CHECK(files.open("/usr/lib/x.so").kind == FoundFile::Kind::not_elf);
}

}  // namespace muslcheck
