// Executable, library or plugin, decided from the file itself.
//
// A position-independent program and a shared library are both ET_DYN. A program has DF_1_PIE, or
// an interpreter and no soname; libc.so.6 and some others have an interpreter to print their
// version when run, but also a soname, and are libraries. A file in a plugin's place ("*.node")
// stays a plugin even if a linker option gave it an interpreter.
//
// A runtime's own library (libpython3.11.so.1.0) has the entry points of its built-in modules and
// would look like a plugin. It is told apart by what plugins import: the runtime defines that and
// imports none of it.

#include <elf.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "muslcheck/core/text.hpp"
#include "muslcheck/runtimes/hosts.hpp"

namespace muslcheck::runtimes {
namespace {

using model::ElfFacts;
using model::Host;
using model::Role;
using Globs = std::vector<std::string>;

/// The first symbol that matches one of the globs, among those defined or among the others.
std::optional<std::string_view> find_symbol(const ElfFacts& facts, const Globs& globs,
                                            bool defined) {
  for (const model::Symbol& symbol : facts.symbols)
    if (symbol.defined == defined && core::matches_any(globs, symbol.name)) return symbol.name;
  return std::nullopt;
}

/// True for a file that has what plugins of this host import: the host itself or its library.
bool is_runtime_itself(std::string_view path, const ElfFacts& facts, const Host& host) {
  if (core::matches_any(host.executables, path)) return true;
  return std::any_of(facts.symbols.begin(), facts.symbols.end(), [&](const model::Symbol& symbol) {
    return symbol.defined && core::matches_any(host.imports, symbol.name) &&
           !core::matches_any(host.exports, symbol.name);
  });
}

/// Why a file is a plugin of a host; empty if it is none.
std::string plugin_evidence(std::string_view path, const ElfFacts& facts, const Host& host) {
  if (const auto symbol = find_symbol(facts, host.imports, false))
    return "imports " + std::string(*symbol);
  const auto entry_point = find_symbol(facts, host.exports, true);
  if (entry_point && !is_runtime_itself(path, facts, host))
    return "exports " + std::string(*entry_point);
  for (const std::string& glob : host.paths)
    if (core::matches_glob(glob, path)) return "path matches " + glob;
  return {};
}

/// Why a file is a program; empty if it is none.
std::string executable_evidence(const ElfFacts& facts) {
  if (facts.type == model::ElfType::executable) return "type EXEC";
  if ((facts.dt_flags_1 & DF_1_PIE) != 0) return "flag DF_1_PIE";
  if (!facts.interpreter.empty() && facts.soname.empty())
    return "interpreter " + std::string(facts.interpreter);
  return {};
}

bool is_in_plugin_place(std::string_view path, const std::vector<Host>& hosts) {
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const Host& host) { return core::matches_any(host.paths, path); });
}

}  // namespace

Loading find_loading(std::string_view path, const ElfFacts& facts, const std::vector<Host>& hosts) {
  const bool is_fixed = facts.type == model::ElfType::executable;
  if (std::string evidence = executable_evidence(facts);
      !evidence.empty() && (is_fixed || !is_in_plugin_place(path, hosts)))
    return {.role = Role::executable, .host = nullptr, .evidence = std::move(evidence)};
  for (const Host& host : hosts)
    if (std::string evidence = plugin_evidence(path, facts, host); !evidence.empty())
      return {.role = Role::plugin, .host = &host, .evidence = std::move(evidence)};
  return {.role = Role::library, .host = nullptr, .evidence = "no host recognises it"};
}

}  // namespace muslcheck::runtimes
