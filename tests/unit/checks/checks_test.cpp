#include "muslcheck/checks/checks.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>

#include "rule_cases.hpp"
#include "script_cases.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/migration_builders.hpp"

namespace muslcheck {
namespace {

using migrate::Migration;
using model::Finding;
using model::LoadErrorKind;
using model::Module;
using test::embedded_rules;
using testing::failing_module;
using testing::make_migration;
using testing::make_module;

std::vector<Finding> check(const Migration& migration) {
  return checks::run_checks(migration, embedded_rules());
}

Migration with_symbol(const std::string& symbol, const std::string& library = "libc.so.6") {
  return make_migration({failing_module(LoadErrorKind::symbol_missing, symbol, library)});
}

Migration with_error(LoadErrorKind kind, const std::string& subject) {
  return make_migration({failing_module(kind, subject)});
}

Migration with_lazy_symbol(bool lazy) {
  Migration migration = with_symbol("fcntl64");
  model::LoadError& error = migration.modules[0].load.errors[0];
  error.lazy = lazy;
  error.fatal = !lazy;
  return migration;
}

Migration with_library(model::LibrarySource source) {
  Module module = make_module();
  module.load.libraries.push_back({.name = "libvips.so.42",
                                   .needed_by = module.path,
                                   .source = source,
                                   .path = {},
                                   .apk = "vips",
                                   .confidence = model::Confidence::certain,
                                   .steps = {}});
  return make_migration({module});
}

Migration of_other_architecture(const std::string& path) {
  Module module = make_module(path);
  module.architecture = "aarch64";
  module.disposition = model::Disposition::foreign;
  return make_migration({module});
}

Migration with_problem(const std::string& stage) {
  Migration migration = make_migration({});
  if (!stage.empty())
    migration.problems.push_back(
        {.path = "app/x.so", .stage = stage, .code = "truncated", .message = "ends early"});
  return migration;
}

Migration with_outcome(model::Outcome outcome) {
  Module module = make_module();
  module.outcome = outcome;
  return make_migration({module});
}

/// A module that its host passes over; the variant that it looks for is published or not.
Module passed_over(model::Availability availability, std::string path = {}) {
  Module module = failing_module(LoadErrorKind::variant_missing, "demo-linux-x64-musl");
  if (!path.empty()) module.path = std::move(path);
  module.missing_variant = model::MissingVariant{.name = "demo-linux-x64-musl",
                                                 .availability = availability,
                                                 .basis = "optionalDependencies of demo@1.0.0",
                                                 .text = module.load.errors[0].text};
  return module;
}

/// A module that makes its package faster and is not needed otherwise.
Module passed_over_optional() {
  Module module = passed_over(model::Availability::published);
  module.missing_variant->optional = true;
  return module;
}

Migration with_runtime(bool in_new_base, bool distribution = false) {
  Migration migration = make_migration({});
  migration.source.runtimes = {{.id = "node",
                                .name = "Node.js",
                                .version = "20.11.1",
                                .program = "root/.nvm/versions/node/v20.11.1/bin/node",
                                .image = "node:20.11-alpine",
                                .in_new_base = in_new_base,
                                .distribution = distribution}};
  return migration;
}

/// One row per rule over loading.
testing::RuleCases loading_cases() {
  const Migration fine = make_migration({make_module()});
  return {
      {"MC101",
       {with_error(LoadErrorKind::interpreter_missing, "/lib64/ld-linux-x86-64.so.2"), fine}},
      {"MC102",
       {with_error(LoadErrorKind::library_missing, "ld-linux-x86-64.so.2"),
        with_error(LoadErrorKind::library_missing, "libld-linux.so.1")}},
      {"MC103",
       {with_error(LoadErrorKind::library_missing, "libmvec.so.1"),
        with_library(model::LibrarySource::target_base)}},
      {"MC104",
       {with_error(LoadErrorKind::library_missing, "libjpeg.so.62"),
        with_error(LoadErrorKind::library_missing, "libmvec.so.1")}},
      {"MC105",
       {with_library(model::LibrarySource::installable), with_library(model::LibrarySource::host)}},
      {"MC106", {with_error(LoadErrorKind::library_unusable, "libjunk.so"), fine}},
      {"MC107",
       {of_other_architecture("app/node_modules/demo/build/Release/demo.node"),
        of_other_architecture("app/node_modules/demo/prebuilds/linux-arm64/demo.node")}},
      {"MC108", {with_error(LoadErrorKind::relr_ignored, "DT_RELR"), fine}},
      {"MC109", {with_error(LoadErrorKind::tls_initial_exec, "tls_buffer"), fine}},
      {"MC110",
       {with_error(LoadErrorKind::relocation_unsupported, "9"),
        with_error(LoadErrorKind::relocation_unsupported, "37")}},
      {"MC111",
       {with_error(LoadErrorKind::relocation_unsupported, "37"),
        with_error(LoadErrorKind::relocation_unsupported, "9")}},
      {"MC112", {with_error(LoadErrorKind::hash_missing, "libold.so"), fine}},
      {"MC113", {with_error(LoadErrorKind::tls_descriptor, "12"), fine}},
      {"MC120",
       {make_migration({passed_over(model::Availability::published)}),
        make_migration({passed_over(model::Availability::not_published)})}},
      {"MC121",
       {make_migration({passed_over(model::Availability::unknown)}),
        make_migration({passed_over(model::Availability::published)})}},
      {"MC122",
       {make_migration({passed_over_optional()}),
        make_migration({passed_over(model::Availability::published)})}},
      {"MC123", {with_runtime(false), with_runtime(true)}},
      {"MC201", {with_symbol("__memcpy_chk"), with_symbol("my_memcpy_chk")}},
      {"MC202", {with_symbol("__isoc23_strtol"), with_symbol("__isoc99_sscanf")}},
      {"MC203", {with_symbol("fcntl64"), with_symbol("float64")}},
      {"MC204", {with_symbol("__register_atfork"), with_symbol("register_atfork_mine")}},
      {"MC205", {with_symbol("makecontext"), with_symbol("makecontext_mine")}},
      {"MC206", {with_lazy_symbol(true), with_lazy_symbol(false)}},
      {"MC207", {with_symbol("_ZSt9terminatev", "libstdc++.so.6"), with_symbol("_ZSt9terminatev")}},
      {"MC208", {with_symbol("SSL_new", "libssl.so.1.1"), with_symbol("SSL_new")}},
      {"MC209", {with_symbol("no_family_has_this"), with_symbol("fcntl64")}},
      {"MC901", {with_problem("elf"), with_problem("layer")}},
      {"MC902", {with_problem("layer"), with_problem("packages")}},
      {"MC903", {with_outcome(model::Outcome::unknown), with_outcome(model::Outcome::loads)}},
      {"MC904", {with_problem("packages"), with_problem("elf")}},
  };
}

testing::RuleCases rule_cases() {
  testing::RuleCases cases = loading_cases();
  cases.merge(testing::abi_cases());
  cases.merge(testing::behaviour_cases());
  cases.merge(testing::script_cases());
  return cases;
}

bool has_rule(const std::vector<Finding>& findings, const std::string& id) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.rule_id == id; });
}

}  // namespace

TEST_CASE("every rule catches its cause and stays quiet on the nearest other thing") {
  const auto cases = rule_cases();
  for (const rules::Check& rule : embedded_rules().checks) {
    INFO(rule.id << " " << rule.name);
    const auto found = cases.find(rule.id);
    REQUIRE(found != cases.end());
    CHECK(has_rule(check(found->second.catches), rule.id));
    CHECK_FALSE(has_rule(check(found->second.quiet), rule.id));
  }
}

TEST_CASE("a rule of a kind that the code does not know is refused") {
  CHECK(checks::require_known_kinds(embedded_rules()).has_value());
  rules::RuleSet rules;
  rules.checks.push_back({.id = "MC999", .kind = "library-absnt"});
  const auto result = checks::require_known_kinds(rules);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().reason == "unknown-check-kind");
  CHECK(result.error().message == "the rule MC999 is of the unknown kind \"library-absnt\"");
}

TEST_CASE("every kind of check that the code knows has a rule, and no rule names another") {
  for (const std::string& kind : checks::known_kinds()) {
    INFO(kind);
    CHECK(embedded_rules().find_check_of_kind(kind) != nullptr);
  }
  for (const rules::Check& rule : embedded_rules().checks) {
    INFO(rule.id << " " << rule.kind);
    const auto& kinds = checks::known_kinds();
    CHECK(std::find(kinds.begin(), kinds.end(), rule.kind) != kinds.end());
  }
}

TEST_CASE("a rule's name that serves as subject does not stand in a text") {
  for (const auto& [id, rule_case] : rule_cases())
    for (const Finding& finding : check(rule_case.catches)) {
      INFO(id << ": " << finding.message << " / " << finding.remedy.text);
      // c23 stands in __isoc23_strtol for good reason.
      if (finding.subject != finding.name || finding.name == "c23") continue;
      CHECK(finding.message.find(finding.name) == std::string::npos);
      CHECK(finding.remedy.text.find(finding.name) == std::string::npos);
    }
}

TEST_CASE("texts have no placeholder left") {
  for (const auto& [id, rule_case] : rule_cases())
    for (const Finding& finding : check(rule_case.catches)) {
      INFO(id << ": " << finding.message << " / " << finding.remedy.text);
      CHECK(finding.message.find('{') == std::string::npos);
      CHECK(finding.remedy.text.find('{') == std::string::npos);
      CHECK(finding.remedy.command.find('{') == std::string::npos);
    }
}

TEST_CASE("missing symbols of one family are one finding with all of them") {
  Module module = failing_module(LoadErrorKind::symbol_missing, "__memcpy_chk", "libc.so.6");
  model::LoadError second = module.load.errors[0];
  second.subject = "__memset_chk";
  second.text = "Error about __memset_chk";
  module.load.errors.push_back(second);
  const auto findings = check(make_migration({module}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].evidence ==
        std::vector<std::string>{"Error about __memcpy_chk", "Error about __memset_chk"});
}

TEST_CASE("a payload library's error is reported at the library, with who loads it") {
  Module library = failing_module(LoadErrorKind::symbol_missing, "__memcpy_chk", "libc.so.6");
  library.path = "app/lib/libdemo.so";
  library.role = model::Role::library;
  library.load.errors[0].needed_by = library.path;
  Module plugin = make_module();
  plugin.load.errors = library.load.errors;
  plugin.load.libraries.push_back({.name = "libdemo.so",
                                   .needed_by = plugin.path,
                                   .source = model::LibrarySource::image,
                                   .path = library.path,
                                   .apk = {},
                                   .confidence = model::Confidence::certain,
                                   .steps = {}});
  const auto findings = check(make_migration({library, plugin}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].path == library.path);
  CHECK(findings[0].evidence.back() == "loaded by /" + plugin.path);
}

TEST_CASE("replaced, inert and foreign-system files make no finding") {
  for (const auto disposition : {model::Disposition::replaced, model::Disposition::inert}) {
    Module module = failing_module(LoadErrorKind::symbol_missing, "__memcpy_chk", "libc.so.6");
    module.disposition = disposition;
    CHECK(check(make_migration({module})).empty());
  }
  Module android = make_module();
  android.disposition = model::Disposition::foreign;
  android.libc = {model::Libc::android, "Android ABI note"};
  CHECK(check(make_migration({android})).empty());
}

TEST_CASE("a file with a problem is not reported as undecided as well") {
  Migration migration = with_outcome(model::Outcome::unknown);
  migration.problems.push_back({.path = migration.modules[0].path,
                                .stage = "elf",
                                .code = "truncated",
                                .message = "ends early"});
  const auto findings = check(migration);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule_id == "MC901");
}

TEST_CASE("a finding is likely where the host is not known, not where something else was assumed") {
  Module module = failing_module(LoadErrorKind::symbol_missing, "__memcpy_chk", "libc.so.6");
  module.confidence = model::Confidence::likely;
  CHECK(check(make_migration({module})).at(0).confidence == model::Confidence::certain);
  module.host = "unknown";
  CHECK(check(make_migration({module})).at(0).confidence == model::Confidence::likely);
}

TEST_CASE("a fingerprint survives a new layer, a new version and another order of symbols") {
  const auto fingerprint = [](const std::string& version, int layer, const std::string& symbol) {
    Module module = failing_module(LoadErrorKind::symbol_missing, symbol, "libc.so.6");
    module.layer = layer;
    module.package = 0;
    Migration migration = make_migration({module});
    migration.packages.push_back({.purl = "pkg:npm/demo@" + version,
                                  .ecosystem = "npm",
                                  .name = "demo",
                                  .version = version,
                                  .path = "app/node_modules/demo",
                                  .owners = {},
                                  .maintainer = {},
                                  .distribution = false});
    return check(migration).at(0).fingerprint;
  };
  CHECK(fingerprint("1.0.0", 1, "__memcpy_chk") == fingerprint("2.0.0", 4, "__memset_chk"));
  CHECK(fingerprint("1.0.0", 1, "__memcpy_chk") != fingerprint("1.0.0", 1, "fcntl64"));
}

TEST_CASE("an npm platform package with a musl sibling is reinstalled by name of its parent") {
  Module module = failing_module(LoadErrorKind::symbol_missing, "__memcpy_chk", "libc.so.6");
  module.path = "app/node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node";
  module.load.errors[0].needed_by = module.path;
  module.package = 0;
  Migration migration = make_migration({module});
  model::Package package{.purl = "pkg:npm/%40img/sharp-linux-x64@0.35.5",
                         .ecosystem = "npm",
                         .name = "@img/sharp-linux-x64",
                         .version = "0.35.5",
                         .path = "app/node_modules/@img/sharp-linux-x64",
                         .owners = {},
                         .maintainer = {},
                         .distribution = false};
  migration.packages.push_back(package);

  const Finding from_data = check(migration).at(0);
  CHECK(from_data.remedy.kind == "reinstall");
  CHECK(from_data.remedy.command == "npm install --os=linux --libc=musl --cpu=x64 sharp");
  CHECK(from_data.remedy.text.find("@img/sharp-linuxmusl-x64") != std::string::npos);

  migration.packages[0].owners = {"next", "sharp"};
  CHECK(check(migration).at(0).remedy.command ==
        "npm install --os=linux --libc=musl --cpu=x64 next");

  migration.packages[0].owners = {"x; rm -rf ~"};
  CHECK(check(migration).at(0).remedy.command.empty());

  SECTION("with pnpm's own command where pnpm installed it") {
    migration.packages[0].owners = {"next", "sharp"};
    migration.packages[0].path =
        "app/node_modules/.pnpm/@img+sharp-linux-x64@0.35.5/node_modules/@img/sharp-linux-x64";
    const model::Remedy remedy = check(migration).at(0).remedy;
    CHECK(remedy.command == "pnpm install --os=linux --libc=musl --cpu=x64");
    CHECK(remedy.text.find("npm ci") == std::string::npos);
  }

  SECTION("also one that only the packages of the image know") {
    migration.packages[0].name = "@mine/x-linux-x64-gnu";
    migration.packages[0].owners = {"@mine/x"};
    migration.modules[0].missing_variant =
        model::MissingVariant{.name = "@mine/x-linux-x64-musl",
                              .availability = model::Availability::published,
                              .basis = "optionalDependencies of @mine/x@1.0.0",
                              .text = {}};
    migration.modules[0].load.errors[0].kind = LoadErrorKind::variant_missing;
    const model::Remedy remedy = check(migration).at(0).remedy;
    CHECK(remedy.command == "npm install --os=linux --libc=musl --cpu=x64 @mine/x");
    CHECK(remedy.text.find("@mine/x-linux-x64-musl") != std::string::npos);
  }

  SECTION("but the application itself is not npm's to reinstall") {
    migration.packages[0].path = "app";
    CHECK(check(migration).at(0).remedy.command.find("npm") == std::string::npos);
  }
}

TEST_CASE("a program that the container starts with comes first and says so") {
  const auto program = [](const char* path) {
    Module module =
        failing_module(LoadErrorKind::interpreter_missing, "/lib64/ld-linux-x86-64.so.2");
    module.path = path;
    module.role = model::Role::executable;
    module.outcome = model::Outcome::fails_to_start;
    module.load.errors[0].needed_by = path;
    return module;
  };
  Migration migration = make_migration({program("app/a"), program("app/server")});
  REQUIRE(check(migration).size() == 2);
  CHECK(check(migration)[0].path == "app/a");
  CHECK_FALSE(check(migration)[0].entrypoint);

  migration.source.program = {{.what = "server", .path = "app/server", .how = "Cmd"}};
  const std::vector<Finding> findings = check(migration);
  CHECK(findings[0].path == "app/server");
  CHECK(findings[0].entrypoint);
  CHECK(findings[0].evidence.back() == "the container starts with /app/server");
  CHECK_FALSE(findings[1].entrypoint);

  SECTION("not if it starts, with a warning only") {
    migration.modules[1].outcome = model::Outcome::loads_lazily;
    CHECK(check(migration)[0].path == "app/a");
  }
  SECTION("not if the new base brings it") {
    migration.modules[1].disposition = model::Disposition::replaced;
    CHECK(check(migration).size() == 1);
  }
}

TEST_CASE("an entry point that is not there is no finding: it does not start today either") {
  Migration migration = make_migration({});
  migration.problems = {
      {.path = "x", .stage = "config", .code = "entrypoint-not-found", .message = "gone"}};
  CHECK(check(migration).empty());
}

TEST_CASE("a variant that is missing for all files of a package is one finding") {
  Migration migration =
      make_migration({passed_over(model::Availability::published, "app/demo/a.node"),
                      passed_over(model::Availability::published, "app/demo/b.node"),
                      passed_over(model::Availability::published, "app/demo/c.node")});
  migration.packages.push_back({.purl = "pkg:npm/demo@1.0.0", .ecosystem = "npm", .name = "demo"});
  for (Module& module : migration.modules) module.package = 0;
  const auto findings = check(migration);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].path == "app/demo/a.node");
  CHECK(findings[0].evidence ==
        std::vector<std::string>{"Error about demo-linux-x64-musl",
                                 "basis: optionalDependencies of demo@1.0.0",
                                 "the same for 2 more files of the package"});
}

TEST_CASE("a variant whose existence is not known is likely not published") {
  const auto findings = check(make_migration({passed_over(model::Availability::unknown)}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule_id == "MC121");
  CHECK(findings[0].confidence == model::Confidence::likely);
}

TEST_CASE("a Python package gets the remedy that its wheels allow") {
  struct Row {
    std::string name;
    std::string kind;
    std::string command;
  };
  for (const Row& row : {
           Row{"numpy", "reinstall", "pip install --no-cache-dir --only-binary=numpy numpy"},
           Row{"psycopg2", "rebuild",
               "apk add --no-cache build-base postgresql-dev && "
               "pip install --no-cache-dir psycopg2"},
           Row{"opencv-python", "replace", "apk add --no-cache python3 py3-opencv"},
           Row{"torch", "stay", ""},
           Row{"unheard-of", "reinstall", "pip install --no-cache-dir unheard-of"},
           Row{"a; rm -rf /", "reinstall", ""},
       }) {
    CAPTURE(row.name);
    Migration migration = with_symbol("__memcpy_chk");
    migration.packages.push_back({.purl = "p", .ecosystem = "pypi", .name = row.name});
    migration.modules[0].package = 0;
    const auto findings = check(migration);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].remedy.kind == row.kind);
    CHECK(findings[0].remedy.command == row.command);
    CHECK(findings[0].remedy.text.find('{') == std::string::npos);
  }
}

TEST_CASE("a remedy of the package's ecosystem goes before the check's own") {
  rules::RuleSet rules = embedded_rules();
  for (rules::Check& check : rules.checks)
    if (check.id == "MC120")
      check.remedies["pypi"] = {.kind = "reinstall", .text = "pip it", .command = "pip {package}"};
  Migration migration = make_migration({passed_over(model::Availability::published)});
  migration.packages.push_back({.purl = "pkg:pypi/demo@1", .ecosystem = "pypi", .name = "demo"});
  migration.modules[0].package = 0;
  const auto findings = checks::run_checks(migration, rules);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].remedy.command == "pip demo");
}

TEST_CASE("symbols of an absent library are told with it, those of glibc are not") {
  struct Case {
    std::string absent;
    std::string symbol;
    std::string library;
    std::vector<std::string> rules;
  };
  const std::vector<Case> cases{
      {"libraqm.so.0", "raqm_create", "libraqm.so.0", {"MC103"}},
      {"libraqm.so.0", "raqm_create", "", {"MC103"}},
      {"libraqm.so.0", "SSL_new", "libssl.so.1.1", {"MC103", "MC208"}},
      {"libraqm.so.0", "__memcpy_chk", "", {"MC103", "MC201"}},
      {"ld-linux-x86-64.so.2", "my_own_name", "", {"MC102", "MC209"}},
      {"libresolv.so.2", "ns_parse_it", "", {"MC103", "MC209"}},
  };
  for (const Case& a : cases) {
    CAPTURE(a.absent, a.symbol, a.library);
    Migration migration = with_error(LoadErrorKind::library_missing, a.absent);
    model::LoadError error = migration.modules[0].load.errors[0];
    error.kind = LoadErrorKind::symbol_missing;
    error.subject = a.symbol;
    error.library = a.library;
    error.text = "about " + a.symbol;
    migration.modules[0].load.errors.push_back(error);
    const auto findings = check(migration);
    std::vector<std::string> rules;
    for (const Finding& finding : findings) rules.push_back(finding.rule_id);
    CHECK(rules == a.rules);
    const std::vector<std::string>& evidence = findings.at(0).evidence;
    const bool told = std::find(evidence.begin(), evidence.end(), error.text) != evidence.end();
    CHECK(told == (a.rules.size() == 1));
  }
}

}  // namespace muslcheck
