// A module without a version need that says whose a symbol is may get it from the program that
// loads it. Which one that is, the module does not say; but a name like palloc0 that one program
// of the image exports and no library has leaves little doubt.

#include "migrate/programs.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "muslcheck/core/text.hpp"

namespace muslcheck::migrate {
namespace {

using model::Disposition;
using model::Module;

bool is_export(const model::Symbol& symbol) {
  return symbol.defined && symbol.binding != model::Binding::local && symbol.version.empty();
}

bool has(const loader::HostProcess& host, std::string_view name) {
  return std::any_of(host.provides.begin(), host.provides.end(),
                     [&](const std::string& glob) { return core::matches_glob(glob, name); });
}

/// Whether only a host or a library of unknown content can be meant.
bool is_open(const model::Symbol& symbol, const loader::HostProcess& host,
             const target::Target& target) {
  return !symbol.defined && symbol.version.empty() &&
         target.find_libc_symbol(symbol.name) == nullptr && !has(host, symbol.name);
}

}  // namespace

void Programs::index() {
  is_indexed_ = true;
  for (const Module& module : modules_) {
    const model::ElfFacts& facts = *tree_.find(module.path)->elf;
    if (module.role == model::Role::executable && module.disposition != Disposition::foreign &&
        facts.completeness == model::Completeness::complete)
      add(module, facts);
  }
}

void Programs::add(const Module& program, const model::ElfFacts& facts) {
  for (const model::Symbol& symbol : facts.symbols)
    if (is_export(symbol)) exporters_[symbol.name].push_back(&program);
}

const Module* Programs::find_host(const model::ElfFacts& facts, const loader::HostProcess& host,
                                  const target::Target& target) {
  if (!is_indexed_) index();
  std::map<std::string_view, std::size_t> counts;  // by path: the order must not be by address
  std::map<std::string_view, const Module*> programs;
  for (const model::Symbol& symbol : facts.symbols) {
    const auto found = exporters_.find(symbol.name);
    if (found == exporters_.end() || !is_open(symbol, host, target)) continue;
    for (const Module* program : found->second) {
      ++counts[program->path];
      programs[program->path] = program;
    }
  }
  std::size_t most = 0;
  const Module* best = nullptr;
  for (const auto& [path, count] : counts) {
    if (count == most) best = nullptr;
    if (count <= most) continue;
    most = count;
    best = programs[path];
  }
  return best;
}

}  // namespace muslcheck::migrate
