#pragma once
/// For each rule about scripts and commands what makes it speak, and the nearest thing that must
/// not.

#include <string>
#include <utility>

#include "rule_cases.hpp"
#include "support/migration_builders.hpp"

namespace muslcheck::testing {

inline migrate::Migration with_call(std::string name, model::Phase phase,
                                    model::CommandSource source, std::string argument = {}) {
  model::CommandUse use{.name = std::move(name), .words = {}, .place = "/app/x.sh:1"};
  use.words = {use.name, std::move(argument)};
  use.phase = phase;
  use.path = phase == model::Phase::health || phase == model::Phase::build ? "" : "app/x.sh";
  use.provision = {.source = source, .apk = "demo"};
  if (source == model::CommandSource::absent) use.provision.apk.clear();
  migrate::Migration migration = make_migration({});
  migration.commands = {std::move(use)};
  return migration;
}

inline migrate::Migration with_program(std::string name) {
  migrate::Migration migration =
      with_call(std::move(name), model::Phase::start, model::CommandSource::installable);
  migration.commands[0].path.clear();
  return migration;
}

inline migrate::Migration with_script(model::Phase phase) {
  migrate::Migration migration = make_migration({});
  migration.scripts = {{.path = "app/x.sh",
                        .first_line = "/bin/bash",
                        .interpreter = "bash",
                        .phase = phase,
                        .provision = {model::CommandSource::installable, "bash"}}};
  return migration;
}

inline migrate::Migration with_user(std::string user, std::string image) {
  migrate::Migration migration = make_migration({});
  migration.source.config.user = std::move(user);
  migration.target.image = std::move(image);
  return migration;
}

inline migrate::Migration with_preload(model::Disposition disposition) {
  model::Module module = make_module("usr/lib/x86_64-linux-gnu/libjemalloc.so.2");
  module.host = "preload";
  module.disposition = disposition;
  return make_migration({module});
}

inline migrate::Migration with_package(std::string name, bool on_purpose) {
  migrate::Migration migration = make_migration({});
  migration.packages = {{.ecosystem = "deb",
                         .name = std::move(name),
                         .path = "var/lib/dpkg/status",
                         .distribution = true,
                         .on_purpose = on_purpose}};
  return migration;
}

/// MC5xx
inline RuleCases script_cases() {
  using model::CommandSource;
  using model::Phase;
  const auto curl = [](Phase phase) {
    return with_call("curl", phase, CommandSource::installable);
  };
  return {
      {"MC501", {with_script(Phase::start), with_script(Phase::unknown)}},
      {"MC502", {with_script(Phase::unknown), with_script(Phase::start)}},
      {"MC503", {with_program("curl"), curl(Phase::start)}},
      {"MC504", {curl(Phase::health), curl(Phase::start)}},
      {"MC505", {curl(Phase::start), with_program("curl")}},
      {"MC506", {curl(Phase::unknown), curl(Phase::start)}},
      {"MC507",
       {with_call("grep", Phase::start, CommandSource::base, "-P"),
        with_call("grep", Phase::start, CommandSource::base, "-E")}},
      {"MC508",
       {with_call("grep", Phase::unknown, CommandSource::base, "-P"),
        with_call("grep", Phase::start, CommandSource::base, "-P")}},
      {"MC509",
       {with_call("useradd", Phase::start, CommandSource::installable),
        with_call("adduser", Phase::start, CommandSource::base)}},
      {"MC510",
       {with_call("systemctl", Phase::start, CommandSource::absent),
        with_call("apt-get", Phase::build, CommandSource::absent)}},
      {"MC511", {with_call("rarely", Phase::start, CommandSource::absent), curl(Phase::start)}},
      {"MC512", {curl(Phase::build), with_call("java", Phase::build, CommandSource::absent)}},
      {"MC513", {with_user("www-data", ""), with_user("nobody", "")}},
      {"MC514", {with_user("www-data", "php:8.3-fpm-alpine"), with_user("node", "node:22-alpine")}},
      {"MC515",
       {with_preload(model::Disposition::replaced), with_preload(model::Disposition::payload)}},
      {"MC516", {with_package("imagemagick", true), with_package("imagemagick", false)}},
  };
}

}  // namespace muslcheck::testing
