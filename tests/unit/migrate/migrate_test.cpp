#include "muslcheck/migrate/migrate.hpp"

#include <elf.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

namespace muslcheck {
namespace {

using model::Disposition;
using model::ElfFacts;
using model::Module;
using model::Outcome;

// A small target by hand: x86_64 musl with two functions.
target::Target make_target() {
  target::Target target;
  target.info = {
      .name = "alpine:3.22", .release = "3.22", .musl = "1.2.5", .arch = "x86_64", .image = {}};
  target.machine = EM_X86_64;
  target.loader_path = "/lib/ld-musl-x86_64.so.1";
  target.library_path = {"/lib", "/usr/local/lib", "/usr/lib"};
  target.libc_symbols = {{"malloc", {}}, {"memcpy", {}}};
  target.libraries["libpq.so.5"] = {.soname = "libpq.so.5", .apk = "libpq"};
  target.relocations = {{R_X86_64_JUMP_SLOT, target::RelocationClass::plt},
                        {R_X86_64_GLOB_DAT, target::RelocationClass::got}};
  return target;
}

rules::RuleSet make_rules() {
  rules::RuleSet rules;
  model::Host node;
  node.id = "node";
  node.name = "Node.js";
  node.mode = model::DlopenMode::lazy;
  node.imports = {"napi_*"};
  node.paths = {"*.node"};
  node.executables = {"usr/lib/libnode.so.*", "usr/local/bin/node"};
  node.provides = {"napi_*"};
  rules.hosts.push_back(node);
  model::Host preload;
  preload.id = "preload";
  preload.mode = model::DlopenMode::preload;
  preload.environment = {"LD_PRELOAD"};
  rules.hosts.push_back(preload);
  model::Host nss;
  nss.id = "nss";
  nss.exports = {"_nss_*"};
  nss.absent_on_musl = "musl has no such thing";
  rules.hosts.push_back(nss);
  model::Host server;
  server.id = "server";
  server.imports = {"server_*"};
  server.provides = {"server_*"};
  server.own_libraries = {"libserver.so.1"};
  server.loaded_before = {"libpq.so.5", "libpq.so.4"};
  rules.hosts.push_back(server);
  model::Host unlisted;
  unlisted.id = "unlisted";
  unlisted.imports = {"unlisted_*"};
  unlisted.executables = {"usr/bin/unlisted"};
  rules.hosts.push_back(unlisted);
  rules.commands = {{.name = "known", .apk = {"known"}}};
  return rules;
}

/// A glibc x86_64 shared object that calls these functions.
ElfFacts make_elf(const std::vector<std::string_view>& calls) {
  ElfFacts facts;
  facts.machine = EM_X86_64;
  facts.needed = {"libc.so.6"};
  facts.version_needs = {{.library = "libc.so.6", .version = "GLIBC_2.34", .weak = false}};
  for (const std::string_view name : calls) {
    model::Symbol symbol;
    symbol.name = name;
    symbol.has_value = false;
    facts.symbols.push_back(symbol);
    model::RelocationGroup relocation;
    relocation.type = R_X86_64_JUMP_SLOT;
    relocation.symbol = static_cast<std::uint32_t>(facts.symbols.size() - 1);
    relocation.table = model::RelocationTable::jmprel;
    facts.relocations.push_back(relocation);
  }
  return facts;
}

ElfFacts make_program(const std::vector<std::string_view>& calls) {
  ElfFacts facts = make_elf(calls);
  facts.interpreter = "/lib64/ld-linux-x86-64.so.2";
  return facts;
}

struct Image {
  model::LayerFacts layer;
  packages::PackageIndex packages;
  model::SourceInfo source;

  void add(const std::string& path, ElfFacts facts) {
    model::FileEntry entry;
    entry.path = path;
    entry.size = 1;
    layer.entries.push_back(entry);
    layer.elf_files.emplace(path, std::move(facts));
    layer.elf_sha256.emplace(path, std::string(64, '0'));
  }

  migrate::Migration migrate() const {
    const filesystem::FileTree tree({layer});
    return migrate::migrate({.source = source, .tree = tree, .packages = packages}, make_target(),
                            make_rules());
  }
};

const Module& module_at(const migrate::Migration& migration, const std::string& path) {
  const auto found = std::find_if(migration.modules.begin(), migration.modules.end(),
                                  [&](const Module& module) { return module.path == path; });
  REQUIRE(found != migration.modules.end());
  return *found;
}

}  // namespace

TEST_CASE("a node addon is judged with node's lazy dlopen and node's own symbols") {
  Image image;
  image.add("app/a.node", make_elf({"napi_create_function", "memcpy"}));
  image.add("app/b.node", make_elf({"napi_create_function", "__memcpy_chk"}));
  const auto migration = image.migrate();
  CHECK(module_at(migration, "app/a.node").host == "node");
  CHECK(module_at(migration, "app/a.node").outcome == Outcome::loads);
  CHECK(module_at(migration, "app/b.node").outcome == Outcome::loads_lazily);
}

TEST_CASE("a program with the glibc interpreter does not start") {
  Image image;
  image.add("app/tool", make_program({"malloc"}));
  CHECK(module_at(image.migrate(), "app/tool").outcome == Outcome::fails_to_start);
}

TEST_CASE("files of distribution packages are replaced and their libraries are gone") {
  Image image;
  image.add("usr/lib/libdistro.so.1", make_elf({}));
  ElfFacts program = make_elf({});
  program.needed.push_back("libdistro.so.1");
  image.add("app/x.node", program);
  model::Package package;
  package.ecosystem = "deb";
  package.name = "libdistro1";
  package.distribution = true;
  image.packages.packages.push_back(package);
  image.packages.files.emplace("usr/lib/libdistro.so.1", 0);

  const auto migration = image.migrate();
  CHECK(module_at(migration, "usr/lib/libdistro.so.1").disposition == Disposition::replaced);
  const Module& addon = module_at(migration, "app/x.node");
  REQUIRE(addon.load.errors.size() == 1);
  CHECK(addon.load.errors[0].subject == "libdistro.so.1");

  SECTION("but a vendor's package moves along") {
    image.packages.packages[0].distribution = false;
    const auto with_vendor = image.migrate();
    CHECK(module_at(with_vendor, "usr/lib/libdistro.so.1").disposition == Disposition::payload);
    CHECK(module_at(with_vendor, "app/x.node").load.errors.empty());
  }
}

TEST_CASE("without a package database what lies in the distribution's folders is replaced") {
  Image image;
  image.packages.unowned_libc_layer = 0;
  image.source.program = {{.what = "own", .path = "usr/bin/own"}, {.path = "usr/bin/known"}};
  for (const char* library : {"usr/lib/x86_64-linux-gnu/libx.so.1", "lib64/libx.so.1"})
    image.add(library, make_elf({}));
  for (const char* program : {"usr/bin/other", "usr/bin/own", "usr/bin/known", "app/server"})
    image.add(program, make_program({}));
  const auto disposition = [&](const char* path) {
    return module_at(image.migrate(), path).disposition;
  };
  CHECK(disposition("usr/lib/x86_64-linux-gnu/libx.so.1") == Disposition::replaced);
  CHECK(disposition("lib64/libx.so.1") == Disposition::replaced);
  CHECK(disposition("usr/bin/other") == Disposition::replaced);
  // What the container starts is its own unless it is a command that Alpine has, too.
  CHECK(disposition("usr/bin/own") == Disposition::payload);
  CHECK(disposition("usr/bin/known") == Disposition::replaced);
  CHECK(disposition("app/server") == Disposition::payload);

  SECTION("but not what nobody knows, where nothing tells what the image is for") {
    image.source.program.clear();
    CHECK(disposition("usr/bin/other") == Disposition::payload);
    CHECK(disposition("usr/bin/known") == Disposition::replaced);
  }
  SECTION("but not what a package has") {
    image.packages.packages.push_back({.ecosystem = "golang", .name = "other"});
    image.packages.files.emplace("usr/bin/other", 0);
    CHECK(disposition("usr/bin/other") == Disposition::payload);
  }
  SECTION("nor programs of another layer than the C library's") {
    image.packages.unowned_libc_layer = 1;
    CHECK(disposition("usr/bin/other") == Disposition::payload);
    CHECK(disposition("usr/bin/known") == Disposition::replaced);
  }
}

TEST_CASE("the runtime that the official image installed is replaced") {
  Image image;
  image.source.runtimes = {{.name = "Node.js",
                            .version = "20.11.1",
                            .how = "NODE_VERSION and /usr/local/bin/node",
                            .image = "node:20.11-alpine",
                            .in_new_base = true,
                            .brings = {"usr/local/bin/node", "usr/local/lib/*"},
                            .keeps = {"usr/local/lib/mine/*"}}};
  image.add("usr/local/bin/node", make_program({"malloc"}));
  image.add("usr/local/lib/mine/addon.so", make_elf({}));
  SECTION("with the new base") {
    const auto migration = image.migrate();
    const Module& node = module_at(migration, "usr/local/bin/node");
    CHECK(node.disposition == Disposition::replaced);
    CHECK(node.disposition_reason ==
          "part of Node.js 20.11.1 (NODE_VERSION and /usr/local/bin/node): node:20.11-alpine "
          "brings it");
    CHECK(module_at(migration, "usr/local/lib/mine/addon.so").disposition == Disposition::payload);
  }
  SECTION("by another image") {
    image.source.runtimes[0].in_new_base = false;
    CHECK(module_at(image.migrate(), "usr/local/bin/node").disposition_reason ==
          "part of Node.js 20.11.1 (NODE_VERSION and /usr/local/bin/node): that of "
          "node:20.11-alpine takes its place");
  }
  SECTION("unless it is the distribution's") {
    image.source.runtimes[0].distribution = true;
    CHECK(module_at(image.migrate(), "usr/local/bin/node").disposition == Disposition::payload);
  }
}

TEST_CASE("files of the base image's layers are replaced, those above move") {
  Image base;
  Image application;
  base.add("usr/local/bin/tool", make_program({"malloc"}));
  base.add("usr/local/lib/libtool.so.1", make_elf({}));
  base.add("opt/agent/agent", make_program({}));
  base.add("opt/overwritten", make_program({}));
  ElfFacts arm = make_elf({});
  arm.machine = EM_AARCH64;
  base.add("opt/arm.so", arm);
  application.add("opt/overwritten", make_program({}));
  ElfFacts addon = make_elf({});
  addon.needed.push_back("libtool.so.1");
  application.add("app/x.node", addon);
  model::Package vendor;
  vendor.ecosystem = "deb";
  vendor.name = "agent";
  base.packages.packages.push_back(vendor);
  base.packages.files.emplace("opt/agent/agent", 0);
  const auto migrate_with = [&](std::size_t layers) {
    model::SourceInfo source;
    source.base = {.name = "node:20", .digest = {}, .how = "history", .layers = layers};
    const filesystem::FileTree tree({base.layer, application.layer});
    return migrate::migrate({.source = source, .tree = tree, .packages = base.packages},
                            make_target(), make_rules());
  };
  const auto migration = migrate_with(1);
  const auto disposition = [&](const char* path) { return module_at(migration, path).disposition; };
  CHECK(disposition("usr/local/bin/tool") == Disposition::replaced);
  CHECK(disposition("opt/agent/agent") == Disposition::replaced);
  CHECK(disposition("opt/arm.so") == Disposition::replaced);
  CHECK(disposition("opt/overwritten") == Disposition::payload);
  CHECK(disposition("app/x.node") == Disposition::payload);
  CHECK(module_at(migration, "usr/local/bin/tool").disposition_reason ==
        "from the base image node:20 (history)");
  CHECK(module_at(migration, "app/x.node").outcome == Outcome::fails_to_load);

  SECTION("where the base ends is not known, nothing is replaced for it") {
    const auto unknown = migrate_with(0);
    CHECK(module_at(unknown, "usr/local/bin/tool").disposition == Disposition::payload);
    CHECK(module_at(unknown, "app/x.node").outcome == Outcome::loads);
  }
}

TEST_CASE("a text file of the base is not found in place of a library") {
  Image base;
  base.layer.entries.push_back({.path = "usr/lib/libtext.so.1", .size = 1, .link_target = {}});
  Image application;
  ElfFacts addon = make_elf({});
  addon.needed.push_back("libtext.so.1");
  application.add("app/x.node", addon);
  const filesystem::FileTree tree({base.layer, application.layer});
  model::SourceInfo source;
  const auto first_error = [&] {
    const auto migration = migrate::migrate(
        {.source = source, .tree = tree, .packages = base.packages}, make_target(), make_rules());
    return module_at(migration, "app/x.node").load.errors.at(0).kind;
  };
  CHECK(first_error() == model::LoadErrorKind::library_unusable);
  source.base = {.name = "debian:12", .digest = {}, .how = "history", .layers = 1};
  CHECK(first_error() == model::LoadErrorKind::library_missing);
}

TEST_CASE("another architecture and another system are foreign") {
  Image image;
  ElfFacts arm = make_elf({});
  arm.machine = EM_AARCH64;
  image.add("app/arm.node", arm);
  ElfFacts freebsd = make_elf({});
  freebsd.os_abi = ELFOSABI_FREEBSD;
  image.add("app/freebsd.node", freebsd);
  const auto migration = image.migrate();
  CHECK(module_at(migration, "app/arm.node").disposition == Disposition::foreign);
  CHECK(module_at(migration, "app/freebsd.node").disposition == Disposition::foreign);
}

TEST_CASE("a library is judged by the loads it takes part in") {
  // libx uses a function of the program that needs it: alone it would fail.
  Image image;
  ElfFacts library = make_elf({"program_callback"});
  image.add("usr/lib/libx.so.1", library);
  ElfFacts program = make_elf({});
  program.interpreter = "/lib/ld-musl-x86_64.so.1";
  program.needed.push_back("libx.so.1");
  model::Symbol callback;
  callback.name = "program_callback";
  callback.defined = true;
  program.symbols.push_back(callback);
  image.add("app/program", program);

  const auto migration = image.migrate();
  const Module& judged = module_at(migration, "usr/lib/libx.so.1");
  CHECK(judged.outcome == Outcome::loads);
  CHECK(judged.confidence == model::Confidence::certain);
  CHECK(module_at(migration, "app/program").outcome == Outcome::loads);
}

TEST_CASE("an error of a library that two modules open under two names is one error") {
  Image image;
  image.add("app/lib/libx.so", make_elf({"__memcpy_chk"}));
  for (const char* folder : {"app/a", "app/b"}) {
    ElfFacts addon = make_elf({});
    addon.needed.push_back("libx.so");
    addon.runpath = "$ORIGIN/../lib";
    image.add(std::string(folder) + "/x.node", addon);
  }
  const auto migration = image.migrate();
  CHECK(module_at(migration, "app/lib/libx.so").load.errors.size() == 1);
}

TEST_CASE("a library that nothing needs is judged strictly and said to be likely") {
  Image image;
  image.add("opt/lib/libalone.so", make_elf({"__memcpy_chk"}));
  const auto migration = image.migrate();
  const Module& alone = module_at(migration, "opt/lib/libalone.so");
  CHECK(alone.outcome == Outcome::fails_to_load);
  CHECK(alone.confidence == model::Confidence::likely);
}

TEST_CASE("a module is judged in the program of the image that has what it asks for") {
  Image image;
  ElfFacts program = make_program({});
  for (const char* name : {"palloc0", "errfinish"}) {
    model::Symbol symbol;
    symbol.name = name;
    symbol.defined = true;
    program.symbols.push_back(symbol);
  }
  image.add("opt/bin/postgres", program);
  image.add("opt/lib/dict.so", make_elf({"palloc0", "errfinish"}));
  const auto outcome_of = [&](const char* path) {
    return module_at(image.migrate(), path).outcome;
  };

  SECTION("the only one") {
    const auto migration = image.migrate();
    const Module& module = module_at(migration, "opt/lib/dict.so");
    CHECK(module.outcome == Outcome::loads);
    CHECK(module.confidence == model::Confidence::likely);
    CHECK(module.load.assumptions == std::vector<std::string>{"/opt/bin/postgres loads it"});
  }
  SECTION("what it does not have is missing still") {
    image.add("opt/lib/other.so", make_elf({"palloc0", "gone"}));
    const auto migration = image.migrate();
    const Module& other = module_at(migration, "opt/lib/other.so");
    REQUIRE(other.load.errors.size() == 1);
    CHECK(other.load.errors[0].subject == "gone");
  }
  SECTION("one of two that are equally good is no answer") {
    image.add("opt/bin/postgres-old", program);
    CHECK(outcome_of("opt/lib/dict.so") == Outcome::fails_to_load);
  }
  SECTION("the one that has more") {
    ElfFacts other = make_program({});
    other.symbols.push_back(program.symbols[0]);
    image.add("opt/bin/psql", other);
    CHECK(outcome_of("opt/lib/dict.so") == Outcome::loads);
  }
  SECTION("a plugin of a known host keeps what that host has") {
    image.add("opt/lib/x.node", make_elf({"napi_create_function", "palloc0"}));
    CHECK(outcome_of("opt/lib/x.node") == Outcome::loads);
  }
  SECTION("unless it asks for that host's library itself") {
    ElfFacts embedding = make_elf({"napi_create_function", "palloc0"});
    embedding.needed.emplace_back("libnode.so.115");
    image.add("opt/lib/x.node", embedding);
    const auto migration = image.migrate();
    const Module& module = module_at(migration, "opt/lib/x.node");
    REQUIRE(module.load.errors.size() == 2);
    CHECK(module.load.errors[0].subject == "libnode.so.115");
    CHECK(module.load.errors[1].subject == "napi_create_function");
  }
}

TEST_CASE("the old base's own library tells what an Alpine library of unknown exports has") {
  Image image;
  ElfFacts old = make_elf({});
  old.soname = "libpq.so.5";
  model::Symbol known;
  known.name = "PQconnectdb";
  known.defined = true;
  old.symbols.push_back(known);
  image.add("usr/lib/libpq.so.5.15", old);
  model::Package package;
  package.ecosystem = "deb";
  package.name = "libpq5";
  package.distribution = true;
  image.packages.packages.push_back(package);
  image.packages.files.emplace("usr/lib/libpq.so.5.15", 0);
  for (const std::string name : {"PQconnectdb", "palloc0"}) {
    ElfFacts addon = make_elf({name == "palloc0" ? "palloc0" : "PQconnectdb"});
    addon.needed = {"libpq.so.5", "libc.so.6"};
    image.add("app/" + name + ".node", addon);
  }
  const auto migration = image.migrate();
  CHECK(module_at(migration, "app/PQconnectdb.node").outcome == Outcome::loads);
  CHECK(module_at(migration, "app/palloc0.node").outcome == Outcome::loads_lazily);
  SECTION("as does one of the image that no search finds") {
    image.packages.packages[0].distribution = false;
    const auto with_vendor = image.migrate();
    CHECK(module_at(with_vendor, "app/palloc0.node").outcome == Outcome::loads_lazily);
  }
}

TEST_CASE("LD_LIBRARY_PATH of the image's environment is searched, the last one wins") {
  Image image;
  image.add("opt/lib/libx.so.1", make_elf({}));
  ElfFacts addon = make_elf({});
  addon.needed.push_back("libx.so.1");
  image.add("app/x.node", addon);
  CHECK(module_at(image.migrate(), "app/x.node").outcome == Outcome::fails_to_load);
  image.source.config.env = {"LD_LIBRARY_PATH=/nowhere", "LD_LIBRARY_PATH=/opt/lib"};
  CHECK(module_at(image.migrate(), "app/x.node").outcome == Outcome::loads);
}

TEST_CASE("a file whose dynamic section could not be read has an unknown outcome") {
  Image image;
  ElfFacts damaged = make_elf({});
  damaged.completeness = model::Completeness::header_only;
  image.add("app/damaged.node", damaged);
  CHECK(module_at(image.migrate(), "app/damaged.node").outcome == Outcome::unknown);
}

TEST_CASE("a library that only unused modules need is not used either") {
  Image image;
  ElfFacts gnu = make_elf({"napi_create_function", "helper"});
  gnu.needed.push_back("libhelper.so");
  gnu.runpath = "$ORIGIN/lib";
  ElfFacts musl = make_elf({"napi_create_function"});
  musl.needed = {"libc.musl-x86_64.so.1"};
  musl.version_needs.clear();
  image.add("app/index.linux-x64-gnu.node", std::move(gnu));
  image.add("app/index.linux-x64-musl.node", std::move(musl));
  image.add("app/lib/libhelper.so", make_elf({"__memcpy_chk"}));
  const auto migration = image.migrate();
  const Module& helper = module_at(migration, "app/lib/libhelper.so");
  CHECK(helper.disposition == Disposition::inert);
  CHECK(helper.disposition_reason ==
        "only app/index.linux-x64-gnu.node needs it, which is not used on musl");
  CHECK(module_at(migration, "app/index.linux-x64-musl.node").outcome == Outcome::loads);
}

TEST_CASE("a preloaded library is judged as a part of every program's start") {
  Image image;
  image.source.config.env = {"LD_PRELOAD=/opt/agent.so"};
  image.add("opt/agent.so", make_elf({"memcpy", "__memcpy_chk"}));
  const auto migration = image.migrate();
  const Module& agent = module_at(migration, "opt/agent.so");
  CHECK(agent.host == "preload");
  CHECK(agent.host_evidence == "named by LD_PRELOAD of the image's Env");
  CHECK(agent.outcome == Outcome::fails_to_start);
  REQUIRE(agent.load.errors.size() == 1);
  CHECK(agent.load.errors[0].text ==
        "Error relocating /opt/agent.so: __memcpy_chk: symbol not found");
}

TEST_CASE("what nothing on musl loads is inert") {
  Image image;
  ElfFacts facts = make_elf({"__memcpy_chk"});
  model::Symbol entry;
  entry.name = "_nss_ldap_getpwnam_r";
  entry.defined = true;
  facts.symbols.push_back(entry);
  image.add("lib/libnss_ldap.so.2", std::move(facts));
  const auto migration = image.migrate();
  CHECK(module_at(migration, "lib/libnss_ldap.so.2").disposition == Disposition::inert);
  CHECK(module_at(migration, "lib/libnss_ldap.so.2").disposition_reason ==
        "musl has no such thing");
}

TEST_CASE("a host has the distribution's libraries only on releases that have them") {
  Image image;
  for (const char* needed : {"libserver.so.1", "libpq.so.5", "libpq.so.4"}) {
    ElfFacts facts = make_elf({"server_run"});
    facts.needed.emplace_back(needed);
    image.add(std::string("app/") + needed + "-user.so", std::move(facts));
  }
  const auto migration = image.migrate();
  CHECK(module_at(migration, "app/libserver.so.1-user.so").outcome == Outcome::loads);
  CHECK(module_at(migration, "app/libpq.so.5-user.so").outcome == Outcome::loads);
  CHECK(module_at(migration, "app/libpq.so.4-user.so").outcome == Outcome::fails_to_load);
}

TEST_CASE("symbols of a host that lists none are taken for its own unless its file is there") {
  Image image;
  ElfFacts plugin = make_elf({"unlisted_run", "helper", "__memcpy_chk"});
  plugin.symbols.back().library = "libc.so.6";
  plugin.symbols.back().version = "GLIBC_2.14";
  image.add("app/plugin.so", plugin);
  {
    const auto migration = image.migrate();
    const Module& module = module_at(migration, "app/plugin.so");
    CHECK(module.host == "unlisted");
    REQUIRE(module.load.errors.size() == 1);
    CHECK(module.load.errors[0].subject == "__memcpy_chk");
    CHECK(module.load.assumptions ==
          std::vector<std::string>{"unlisted exports unlisted_run, helper"});
  }
  ElfFacts program = make_program({});
  model::Symbol own;
  own.name = "unlisted_run";
  own.defined = true;
  program.symbols.push_back(own);
  image.add("usr/bin/unlisted", program);
  const auto migration = image.migrate();
  CHECK(module_at(migration, "app/plugin.so").load.errors.size() == 2);
  CHECK(module_at(migration, "app/plugin.so").load.assumptions.empty());
}

TEST_CASE("a missing symbol is that of the library that had it on the old base") {
  Image image;
  image.packages.packages.push_back({.ecosystem = "deb", .name = "libraqm0", .distribution = true});
  image.packages.files["usr/lib/libraqm.so.0"] = 0;
  ElfFacts raqm = make_elf({});
  raqm.soname = "libraqm.so.0";
  model::Symbol create;
  create.name = "raqm_create";
  create.defined = true;
  raqm.symbols.push_back(create);
  image.add("usr/lib/libraqm.so.0", std::move(raqm));
  ElfFacts user = make_elf({"raqm_create", "raqm_unheard_of"});
  user.needed.emplace_back("libraqm.so.0");
  image.add("app/user.so", std::move(user));
  const auto migration = image.migrate();
  const Module& module = module_at(migration, "app/user.so");
  REQUIRE(module.load.errors.size() == 3);
  CHECK(module.load.errors[1].subject == "raqm_create");
  CHECK(module.load.errors[1].library == "libraqm.so.0");
  CHECK(module.load.errors[2].library.empty());
}

}  // namespace muslcheck
