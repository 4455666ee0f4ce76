// Modules that load and misbehave: which of them are named, and which are left alone.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "muslcheck/checks/checks.hpp"
#include "rule_cases.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/migration_builders.hpp"

namespace muslcheck {
namespace {

using migrate::Migration;
using model::Finding;
using model::Module;
using test::embedded_rules;
using testing::failing_module;
using testing::make_migration;
using testing::make_module;
using Texts = std::vector<std::string>;

std::vector<Finding> check(const Migration& migration) {
  return checks::run_checks(migration, embedded_rules());
}

Module importing(const std::string& symbol) {
  Module module = make_module();
  module.traits.imports = {symbol};
  return module;
}

Module of_musl(Module module) {
  module.libc = {model::Libc::musl, "needs libc.musl-x86_64.so.1"};
  return module;
}

Module of_bits(int bits, const std::string& symbol) {
  Module module = importing(symbol);
  module.traits.bits = bits;
  return module;
}

model::Package make_package() {
  return {.purl = "pkg:deb/debian/demo@1.0",
          .ecosystem = "deb",
          .name = "demo",
          .version = "1.0",
          .path = "opt/demo"};
}

}  // namespace

testing::RuleCases testing::abi_cases() {
  const auto one = [](Module module) { return make_migration({std::move(module)}); };
  // Output in columns asks for the facet as well: only who asks it for classes is concerned.
  Module widens = importing("_ZNSt5ctypeIcE2idE");
  Module regex = widens;
  regex.traits.defines = {"_ZNKSt7__cxx1112regex_traitsIcE7isctypeEcNS1_10_RegexMaskE"};
  return {
      {"MC301", {one(importing("regexec")), one(of_bits(32, "regexec"))}},
      {"MC302", {one(importing("strerror_r")), one(importing("__xpg_strerror_r"))}},
      {"MC303", {one(importing("basename")), one(importing("__xpg_basename"))}},
      {"MC304", {one(importing("__uselocale")), one(importing("uselocale"))}},
      {"MC305", {one(regex), one(widens)}},
      {"MC306", {one(of_bits(32, "lseek")), one(of_bits(64, "lseek"))}},
  };
}

TEST_CASE("a module that gets a function of another meaning is named with its import") {
  const auto findings = check(make_migration({importing("strerror_r")}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule_id == "MC302");
  CHECK(findings[0].severity == model::Severity::error);
  CHECK(findings[0].confidence == model::Confidence::certain);
  CHECK(findings[0].subject == "strerror-r");
  CHECK(findings[0].evidence ==
        std::vector<std::string>{
            "imports strerror_r (built for glibc: version need GLIBC_2.34 of libc.so.6)"});
}

TEST_CASE("what loads only lazily may still misbehave, what does not load has failed already") {
  Module lazy = importing("regexec");
  lazy.outcome = model::Outcome::loads_lazily;
  CHECK(check(make_migration({lazy})).size() == 1);
  for (const auto outcome :
       {model::Outcome::fails_to_load, model::Outcome::fails_to_start, model::Outcome::unknown}) {
    Module module = importing("regexec");
    module.outcome = outcome;
    for (const Finding& finding : check(make_migration({module})))
      CHECK(finding.rule_id != "MC301");
  }
}

TEST_CASE("modules that do not move, or that the host passes over, are left alone") {
  for (const auto disposition :
       {model::Disposition::replaced, model::Disposition::inert, model::Disposition::foreign}) {
    Module module = importing("regexec");
    module.disposition = disposition;
    module.architecture = "x86_64";
    for (const Finding& finding : check(make_migration({module})))
      CHECK(finding.rule_id != "MC301");
  }
  Module passed_over = importing("regexec");
  passed_over.missing_variant = model::MissingVariant{.name = "demo-linux-x64-musl"};
  for (const Finding& finding : check(make_migration({passed_over})))
    CHECK(finding.rule_id != "MC301");
}

TEST_CASE("a library counts if one of those that load it works") {
  Module library = importing("regexec");
  library.path = "app/lib/libdemo.so";
  library.role = model::Role::library;
  Module plugin = failing_module(model::LoadErrorKind::symbol_missing, "fcntl64", "libc.so.6");
  plugin.load.libraries.push_back({.name = "libdemo.so",
                                   .needed_by = plugin.path,
                                   .source = model::LibrarySource::image,
                                   .path = library.path});
  const auto has_regexec = [](const std::vector<Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.rule_id == "MC301"; });
  };
  CHECK_FALSE(has_regexec(check(make_migration({library, plugin}))));
  Module working = plugin;
  working.path = "app/other.node";
  working.outcome = model::Outcome::loads;
  working.load.errors.clear();
  CHECK(has_regexec(check(make_migration({library, plugin, working}))));
}

TEST_CASE("all files of a package with one cause are one finding") {
  Module first = importing("regexec");
  first.path = "opt/demo/a.so";
  first.package = 0;
  Module second = first;
  second.path = "opt/demo/b.so";
  Migration migration = make_migration({first, second});
  migration.packages.push_back(make_package());
  const auto findings = check(migration);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].path == "opt/demo/a.so");
  CHECK(findings[0].evidence.back() == "the same for 1 more file of the package");
}

TEST_CASE("what a rebuild does not change has the same remedy for every package") {
  Module module = make_module();
  module.package = 0;
  const auto remedy_of = [&](std::string symbol, Texts mentions) {
    module.traits.imports = {std::move(symbol)};
    module.traits.mentions = std::move(mentions);
    Migration migration = make_migration({module});
    migration.packages.push_back({.purl = "pkg:npm/demo@1.0.0",
                                  .ecosystem = "npm",
                                  .name = "demo",
                                  .path = "app/node_modules/demo"});
    return check(migration).at(0).remedy;
  };
  CHECK(remedy_of("iconv_open", {"//TRANSLIT"}).kind == "replace");
  CHECK(remedy_of("regexec", {}).command == "npm rebuild --build-from-source demo");
}

TEST_CASE("a file of an unknown host makes a likely finding of a certain one") {
  Module module = importing("strerror_r");
  module.host = "unknown";
  CHECK(check(make_migration({module})).at(0).confidence == model::Confidence::likely);
}

TEST_CASE("a module built for musl makes no finding whatever it imports") {
  Module module = of_musl(make_module());
  for (const rules::Check& rule : embedded_rules().checks)
    if (rule.when)
      module.traits.imports.insert(module.traits.imports.end(), rule.when->imports.begin(),
                                   rule.when->imports.end());
  module.traits.mentions = {"//TRANSLIT", "fopen64"};
  module.traits.executable_stack = true;
  for (const int bits : {32, 64}) {
    module.traits.bits = bits;
    CHECK(check(make_migration({module})).empty());
  }
}

}  // namespace muslcheck
