// What the image as a whole relies on: each check speaks once, and only with a trigger.

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
using testing::make_migration;
using testing::make_module;
using Texts = std::vector<std::string>;

std::vector<Finding> check(const Migration& migration) {
  return checks::run_checks(migration, embedded_rules());
}

Migration with_imports(Texts imports) {
  Module module = make_module();
  module.traits.imports = std::move(imports);
  return make_migration({module});
}

Migration with_traits(model::ModuleTraits traits) {
  Module module = make_module();
  module.traits = std::move(traits);
  return make_migration({module});
}

Migration with_env(Texts env) {
  Migration migration = make_migration({});
  migration.source.config.env = std::move(env);
  return migration;
}

Migration with_files(const Texts& globs) {
  Migration migration = make_migration({});
  for (const std::string& glob : globs)
    migration.files[glob] = {.paths = {glob}, .count = 1, .layer = 2};
  return migration;
}

model::Runtime make_runtime(const std::string& id, bool in_new_base) {
  return {.id = id,
          .name = "Runtime " + id,
          .version = "1.2",
          .how = "/usr/bin/" + id,
          .image = id + ":1.2-alpine",
          .in_new_base = in_new_base,
          .distribution = !in_new_base};
}

Migration with_runtime(const std::string& id, bool in_new_base = false) {
  Migration migration = make_migration({});
  migration.source.runtimes = {make_runtime(id, in_new_base)};
  return migration;
}

Migration with_zoneinfo(const std::string& runtime, bool in_new_base = false) {
  Migration migration = with_files({"usr/share/zoneinfo"});
  migration.source.runtimes = {make_runtime(runtime, in_new_base)};
  return migration;
}

Migration on_release(Migration migration, const std::string& release, const std::string& musl) {
  migration.target.name = "alpine:" + release;
  migration.target.release = release;
  migration.target.musl = musl;
  return migration;
}

Migration with_env_and_import(const std::string& env, const std::string& import) {
  Migration migration = with_imports({import});
  migration.source.config.env = {env};
  return migration;
}

Migration with_self_contained(const Texts& settings) {
  Migration migration = make_migration({});
  migration.packages.push_back(
      {.purl = "pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@8.0.11", .ecosystem = "nuget"});
  migration.settings = settings;
  return migration;
}

Migration with_sql_client(const std::string& name) {
  Migration migration = with_runtime("dotnet", true);
  migration.packages.push_back({.purl = "pkg:nuget/" + name + "@5.2.2",
                                .ecosystem = "nuget",
                                .owners = {"Microsoft.EntityFrameworkCore.SqlServer"}});
  return migration;
}

/// The glob of a rule's files that has this text in it.
std::string glob_with(const std::string& id, const std::string& text) {
  const rules::Check* rule = embedded_rules().find_check(id);
  REQUIRE(rule != nullptr);
  for (const auto* globs : {&rule->when->files, &rule->when->without_files})
    for (const std::string& glob : *globs)
      if (glob.find(text) != std::string::npos) return glob;
  FAIL("no such glob: " << text);
  return {};
}

}  // namespace

testing::RuleCases testing::behaviour_cases() {
  const std::string zone = "etc/localtime -> *zoneinfo/*";
  const std::string utc = "etc/localtime -> *zoneinfo/Etc/UTC";
  const std::string invariant = "System.Globalization.Invariant=true";
  return {
      {"MC401",
       {with_imports({"pthread_create"}),
        with_imports({"pthread_attr_setstacksize", "pthread_create"})}},
      {"MC402", {with_imports({"malloc", "pthread_create"}), with_imports({"malloc"})}},
      {"MC403",
       {with_files({glob_with("MC403", "libnss_sss")}), with_files({"usr/lib/libnss_files.so*"})}},
      {"MC404", {with_env({"RES_OPTIONS=use-vc"}), with_env({"RES_OPTIONS="})}},
      {"MC405",
       {on_release(with_imports({"getaddrinfo"}), "3.17", "1.2.3"),
        on_release(with_imports({"getaddrinfo"}), "3.18", "1.2.4")}},
      {"MC406",
       {with_env_and_import("LANG=de_DE.UTF-8", "strcoll"),
        with_env_and_import("LANG=C.UTF-8", "strcoll")}},
      {"MC407", {with_runtime("postgres", true), with_runtime("redis", true)}},
      {"MC408",
       {with_traits({.imports = {"iconv_open"}, .mentions = {"//TRANSLIT"}}),
        with_imports({"iconv_open"})}},
      {"MC410", {with_env({"TZ=Europe/Berlin"}), with_env({"TZ=Etc/UTC"})}},
      {"MC411", {with_files({zone}), with_files({utc, zone})}},
      {"MC412", {with_zoneinfo("dotnet", true), with_zoneinfo("python", true)}},
      {"MC415",
       {with_files({"usr/local/share/ca-certificates/*.crt"}), with_files({"etc/ssl/certs"})}},
      {"MC416",
       {with_env({"SSL_CERT_FILE=/etc/pki/tls/certs/ca-bundle.crt"}),
        with_env({"SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"})}},
      {"MC420", {with_runtime("dotnet"), with_runtime("dotnet", true)}},
      {"MC421", {with_self_contained({}), with_self_contained({invariant})}},
      {"MC422", {with_runtime("dotnet", true), with_sql_client("Microsoft.Data.SqlClient")}},
      {"MC423",
       {with_sql_client("Microsoft.Data.SqlClient"), with_sql_client("Microsoft.Data.Sqlite")}},
      {"MC430",
       {with_traits({.imports = {"dlsym"}, .mentions = {"fopen64"}}), with_imports({"dlsym"})}},
      {"MC431", {with_imports({"getopt"}), with_imports({"getopt", "getopt_long"})}},
      {"MC432", {with_imports({"pututxline"}), with_imports({"putenv"})}},
      {"MC433",
       {with_traits({.imports = {"pthread_cancel"}, .needed = {"libstdc++.so.6"}}),
        with_imports({"pthread_cancel"})}},
      {"MC434", {with_traits({.executable_stack = true}), with_traits({})}},
      {"MC435",
       {with_traits({.imports = {"time"}, .bits = 32}),
        with_traits({.imports = {"time"}, .bits = 64})}},
      {"MC436", {with_imports({"crypt"}), with_imports({"encrypt"})}},
  };
}

TEST_CASE("many modules with one behaviour are one finding of the image that names the first") {
  std::vector<Module> modules;
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    Module module = make_module(std::string("app/") + name + ".node");
    module.traits.imports = {"pthread_create"};
    modules.push_back(module);
  }
  const auto findings = check(make_migration(modules));
  REQUIRE(findings.size() == 1);
  const Finding& finding = findings[0];
  CHECK(finding.rule_id == "MC401");
  CHECK(finding.path.empty());
  CHECK(finding.confidence == model::Confidence::hint);
  CHECK(finding.message.ends_with("They are created in 5 files."));
  CHECK(finding.evidence == Texts{"/app/a.node imports pthread_create, asks for no stack size",
                                  "/app/b.node imports pthread_create, asks for no stack size",
                                  "/app/c.node imports pthread_create, asks for no stack size",
                                  "and 2 more files"});
}

TEST_CASE("an own stack size and a failing module are no reason for a hint") {
  CHECK(check(with_traits({.imports = {"pthread_create"}, .stack_size = 8388608})).empty());
  Migration failing = with_imports({"pthread_create"});
  failing.modules[0].outcome = model::Outcome::fails_to_load;
  CHECK(check(failing).empty());
}

TEST_CASE("the ticket of an image's behaviour does not change with the files that show it") {
  const auto fingerprint = [](const std::string& path) {
    Migration migration = with_imports({"pthread_create"});
    migration.modules[0].path = path;
    return check(migration).at(0).fingerprint;
  };
  CHECK(fingerprint("app/a.node") == fingerprint("srv/b.node"));
}

TEST_CASE("a package that shows a behaviour is named with those who brought it") {
  for (const Finding& finding : check(with_sql_client("Microsoft.Data.SqlClient"))) {
    if (finding.rule_id != "MC423") continue;
    CHECK(finding.package == "pkg:nuget/Microsoft.Data.SqlClient@5.2.2");
    CHECK(finding.owners == Texts{"Microsoft.EntityFrameworkCore.SqlServer"});
    return;
  }
  FAIL("there is no MC423");
}

TEST_CASE("a package that helps is the subject, for the plan") {
  const Finding finding = check(with_env({"PATH=/bin", "TZ=Europe/Berlin"})).at(0);
  CHECK(finding.subject == "tzdata");
  CHECK(finding.path.empty());
  CHECK(finding.evidence == Texts{"Env has TZ=Europe/Berlin"});
  CHECK(finding.remedy.kind == "apk");
  CHECK(finding.remedy.command == "apk add --no-cache tzdata");
  CHECK(check(with_self_contained({})).at(0).subject == "icu-data-full icu-libs");
}

TEST_CASE("the last of several values of a variable counts") {
  CHECK(check(with_env({"TZ=Europe/Berlin", "TZ=UTC"})).empty());
}

TEST_CASE("an Alpine image of a runtime that brings the data needs nothing") {
  Migration migration = with_env({"TZ=Europe/Berlin"});
  CHECK(check(migration).size() == 1);
  migration.source.runtimes = {make_runtime("python", true)};
  CHECK(check(migration).empty());
  migration.source.runtimes = {make_runtime("node", true)};
  CHECK(check(migration).size() == 1);
}

TEST_CASE("Python's own package of time zones serves") {
  Migration migration = with_zoneinfo("python");
  CHECK(check(migration).size() == 1);
  migration.packages.push_back({.purl = "pkg:pypi/tzdata@2025.2", .ecosystem = "pypi"});
  CHECK(check(migration).empty());
}

TEST_CASE("a file that shows a behaviour is the finding's place") {
  const Finding finding = check(with_files({"etc/localtime -> *zoneinfo/*"})).at(0);
  CHECK(finding.path == "etc/localtime");
  CHECK(finding.layer == 2);
  CHECK(finding.evidence == Texts{"the image has /etc/localtime -> *zoneinfo/*"});
}

TEST_CASE("a runtime or a module is enough where both are asked for") {
  Migration migration = with_env({"LANG=de_DE.UTF-8"});
  CHECK(check(migration).empty());
  migration.source.runtimes = {make_runtime("php", true)};
  CHECK(check(migration).size() == 1);
}

TEST_CASE("names of 64 bits are exported up to Alpine 3.18, whatever its musl is called") {
  const auto findings = [](const std::string& release, const std::string& musl) {
    return check(
        on_release(with_traits({.imports = {"dlsym"}, .mentions = {"fopen64"}}), release, musl));
  };
  CHECK(findings("3.18", "1.2.4").empty());
  CHECK(findings("3.19", "1.2.4").size() == 1);
}

TEST_CASE("an image that has musl already makes no finding by its environment or files") {
  for (const auto& [id, rule_case] : testing::behaviour_cases()) {
    if (!rule_case.catches.modules.empty()) continue;
    INFO(id);
    Migration migration = rule_case.catches;
    migration.musl_system = true;
    CHECK(check(migration).empty());
  }
}

}  // namespace muslcheck
