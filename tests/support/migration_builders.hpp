#pragma once
/// Hand-made Migrations: one module, one cause.

#include <string>
#include <utility>
#include <vector>

#include "muslcheck/migrate/migrate.hpp"

namespace muslcheck::testing {

inline model::Module make_module(std::string path = "app/node_modules/demo/demo.node") {
  model::Module module;
  module.path = std::move(path);
  module.architecture = "x86_64";
  module.libc = {model::Libc::glibc, "version need GLIBC_2.34 of libc.so.6"};
  module.role = model::Role::plugin;
  module.host = "node";
  module.outcome = model::Outcome::loads;
  return module;
}

inline migrate::Migration make_migration(std::vector<model::Module> modules) {
  migrate::Migration migration;
  migration.target = {
      .name = "alpine:3.22", .release = "3.22", .musl = "1.2.5", .arch = "x86_64", .image = {}};
  migration.modules = std::move(modules);
  return migration;
}

/// A module whose load has this one error of its own.
inline model::Module failing_module(model::LoadErrorKind kind, std::string subject,
                                    std::string library = {}) {
  model::Module module = make_module();
  model::LoadError error;
  error.kind = kind;
  error.subject = std::move(subject);
  error.library = std::move(library);
  error.needed_by = module.path;
  error.text = "Error about " + error.subject;
  module.outcome = model::Outcome::fails_to_load;
  module.load.outcome = module.outcome;
  module.load.errors.push_back(std::move(error));
  return module;
}

}  // namespace muslcheck::testing
