// Which symbols a module really gets from musl's libc, and which files of the image checks see.

#include "migrate/traits.hpp"

#include <elf.h>

#include <string>
#include <utility>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"

namespace muslcheck {
namespace {

using migrate::MatchedFiles;
using model::ElfFacts;
using model::Module;
using Texts = std::vector<std::string>;

rules::RuleSet make_rules(rules::Condition when) {
  rules::RuleSet rules;
  rules.checks.push_back({.id = "MC301", .kind = "module-trait", .when = std::move(when)});
  return rules;
}

/// An object that asks for `imports` with a relocation and defines `defines`.
ElfFacts make_elf(const std::vector<std::string_view>& imports,
                  const std::vector<std::string_view>& defines = {}) {
  ElfFacts facts;
  facts.machine = EM_X86_64;
  for (const std::string_view name : imports) {
    facts.relocations.push_back(
        {.type = R_X86_64_JUMP_SLOT, .symbol = static_cast<std::uint32_t>(facts.symbols.size())});
    facts.symbols.push_back({.name = name});
  }
  for (const std::string_view name : defines)
    facts.symbols.push_back({.name = name, .defined = true});
  return facts;
}

struct Image {
  model::LayerFacts layer;
  std::vector<Module> modules;  // add in the order of their paths

  Module& add(const std::string& path, ElfFacts facts, model::Role role = model::Role::plugin) {
    layer.entries.push_back({.path = path, .size = 1});
    layer.elf_files.emplace(path, std::move(facts));
    layer.elf_sha256.emplace(path, std::string(64, '0'));
    Module module;
    module.path = path;
    module.role = role;
    return modules.emplace_back(std::move(module));
  }

  void need(std::size_t module, const std::string& library) {
    modules[module].load.libraries.push_back(
        {.name = library, .source = model::LibrarySource::image, .path = library});
  }

  const std::vector<Module>& fill(const rules::RuleSet& rules) {
    const filesystem::FileTree tree({layer});
    migrate::fill_traits(modules, tree, rules);
    return modules;
  }
};

const rules::RuleSet kRegexec = make_rules({.imports = {"regexec"}});

}  // namespace

TEST_CASE("only imports that a relocation names and a check asks for are traits") {
  Image image;
  ElfFacts facts = make_elf({"regexec", "malloc"});
  facts.symbols.push_back({.name = "regcomp"});
  image.add("app/a.so", facts);
  const rules::RuleSet rules = make_rules({.imports = {"regcomp", "regexec"}});
  CHECK(image.fill(rules)[0].traits.imports == Texts{"regexec"});
}

TEST_CASE("names of all lists of a condition are looked for") {
  Image image;
  image.add("app/a.so", make_elf({"b", "c", "d"}, {"e", "f", "g"}));
  const rules::RuleSet rules = make_rules({.imports = {"b"},
                                           .also_imports = {"c"},
                                           .without_imports = {"d"},
                                           .defines = {"e"},
                                           .without_defines = {"f"}});
  const model::ModuleTraits& traits = image.fill(rules)[0].traits;
  CHECK(traits.imports == Texts{"b", "c", "d"});
  CHECK(traits.defines == Texts{"e", "f"});
}

TEST_CASE("a symbol that another file of the load has is not libc's") {
  Image image;
  image.add("app/a.so", make_elf({"regexec"}));
  image.add("app/librx.so", make_elf({}, {"regexec"}), model::Role::library);
  CHECK(image.fill(kRegexec)[0].traits.imports == Texts{"regexec"});
  image.need(0, "app/librx.so");
  CHECK(image.fill(kRegexec)[0].traits.imports.empty());
}

TEST_CASE("a library gets what the program that loads it has") {
  Image image;
  image.add("app/a", make_elf({}, {"regexec"}), model::Role::executable);
  image.add("app/libx.so", make_elf({"regexec"}), model::Role::library);
  image.need(0, "app/libx.so");
  CHECK(image.fill(kRegexec)[1].traits.imports.empty());
}

TEST_CASE("a library of two programs gets libc's function if it does in one of them") {
  Image image;
  image.add("app/a", make_elf({}, {"regexec"}), model::Role::executable);
  image.add("app/b", make_elf({}), model::Role::executable);
  image.add("app/libx.so", make_elf({"regexec"}), model::Role::library);
  image.need(0, "app/libx.so");
  image.need(1, "app/libx.so");
  CHECK(image.fill(kRegexec)[2].traits.imports == Texts{"regexec"});
}

TEST_CASE("a local definition shadows nothing") {
  Image image;
  ElfFacts facts = make_elf({"regexec"}, {"regexec"});
  facts.symbols.back().binding = model::Binding::local;
  image.add("app/a.so", facts);
  CHECK(image.fill(kRegexec)[0].traits.imports == Texts{"regexec"});
}

TEST_CASE("the stack, the class and the texts of a file are traits") {
  Image image;
  ElfFacts facts = make_elf({});
  facts.elf_class = model::ElfClass::elf32;
  facts.needed = {"libz.so.1", "libc.so.6"};
  facts.mentions = {"fopen64"};
  facts.has_gnu_stack = true;
  facts.stack_flags = PF_R | PF_W | PF_X;
  facts.stack_size = 4096;
  image.add("app/a.so", facts);
  facts.has_gnu_stack = false;
  image.add("app/b.so", facts);
  const auto& modules = image.fill(kRegexec);
  CHECK(modules[0].traits == model::ModuleTraits{.needed = {"libz.so.1", "libc.so.6"},
                                                 .mentions = {"fopen64"},
                                                 .bits = 32,
                                                 .stack_size = 4096,
                                                 .executable_stack = true});
  CHECK_FALSE(modules[1].traits.executable_stack);
}

TEST_CASE("modules that do not move have no traits") {
  Image image;
  image.add("app/a.so", make_elf({"regexec"})).disposition = model::Disposition::replaced;
  CHECK(image.fill(kRegexec)[0].traits == model::ModuleTraits{});
}

TEST_CASE("a symbol index beyond the table is no import") {
  Image image;
  ElfFacts facts = make_elf({"regexec"});
  facts.relocations.push_back({.type = R_X86_64_JUMP_SLOT, .symbol = 12345});
  facts.relocations.push_back({.type = R_X86_64_RELATIVE, .symbol = model::kNoSymbol});
  image.add("app/a.so", facts);
  CHECK(image.fill(kRegexec)[0].traits.imports == Texts{"regexec"});
}

TEST_CASE("files are matched by path, and links by where they point as well") {
  model::LayerFacts layer;
  layer.entries.push_back({.path = "etc/localtime",
                           .kind = model::FileKind::symlink,
                           .link_target = "/usr/share/zoneinfo/Europe/Berlin"});
  layer.entries.push_back({.path = "etc/localtime.bak"});
  for (int i = 0; i < 7; ++i)
    layer.entries.push_back({.path = "opt/ca/" + std::to_string(i) + ".crt"});
  const filesystem::FileTree tree({layer});
  const auto files = migrate::match_files(
      tree, make_rules({.files = {"etc/localtime -> *zoneinfo/*", "etc/localtime", "opt/ca/*.crt"},
                        .without_files = {"etc/localtime -> *UTC", "etc/localtime*"}}));
  CHECK(files.size() == 4);
  const Texts link{"etc/localtime -> /usr/share/zoneinfo/Europe/Berlin"};
  CHECK(files.at("etc/localtime -> *zoneinfo/*").paths == link);
  CHECK(files.at("etc/localtime").paths == link);
  CHECK(files.at("etc/localtime*").count == 2);
  CHECK(files.at("opt/ca/*.crt").count == 7);
  CHECK(files.at("opt/ca/*.crt").paths.size() == core::limits::kMaxMatchedFiles);
}

TEST_CASE("the first layer that has a matching file is told by its path") {
  model::LayerFacts lower;
  lower.entries.push_back({.path = "opt/b.crt"});
  model::LayerFacts upper;
  upper.entries.push_back({.path = "opt/a.crt"});
  const filesystem::FileTree tree({lower, upper});
  const auto files = migrate::match_files(tree, make_rules({.files = {"opt/*.crt"}}));
  CHECK(files.at("opt/*.crt").layer == 1);
}

TEST_CASE("invariant mode is a setting of the image if all its applications have it") {
  packages::PackageIndex packages;
  CHECK(migrate::find_settings(packages).empty());
  packages.nuget[0] = {.app = {.name = "a", .invariant = true}, .is_application = true};
  packages.nuget[1] = {.app = {.name = "a"}};
  CHECK(migrate::find_settings(packages) == Texts{"System.Globalization.Invariant=true"});
  packages.nuget[2] = {.app = {.name = "b"}, .is_application = true};
  CHECK(migrate::find_settings(packages).empty());
}

}  // namespace muslcheck
