// Conditions over modules. Each list is "one of these", and an empty list asks for nothing.

#include "checks/condition.hpp"

#include <algorithm>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::checks {

using model::Module;
using Texts = std::vector<std::string>;

namespace {

bool one_of(const Texts& wanted, const Texts& present) {
  return wanted.empty() || !common(wanted, present).empty();
}

bool is_one_of(const Texts& wanted, const std::string& word) {
  return wanted.empty() || core::contains(wanted, word);
}

bool any_matches(const Texts& globs, const Texts& texts) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return core::matches_any(globs, text); });
}

bool has_symbols(const rules::Condition& when, const model::ModuleTraits& traits) {
  return one_of(when.imports, traits.imports) && one_of(when.also_imports, traits.imports) &&
         common(when.without_imports, traits.imports).empty() &&
         one_of(when.defines, traits.defines) &&
         common(when.without_defines, traits.defines).empty();
}

bool works(const Module& module) {
  return !module.missing_variant && (module.outcome == model::Outcome::loads ||
                                     module.outcome == model::Outcome::loads_lazily);
}

void add_names(Texts& parts, const char* verb, const Texts& names) {
  if (!names.empty()) parts.push_back(verb + core::join(names, ", "));
}

}  // namespace

Texts common(const Texts& wanted, const Texts& present) {
  Texts both;
  for (const std::string& name : wanted)
    if (core::contains(present, name)) both.push_back(name);
  return both;
}

bool is_in_use(const Module& module, const Context& context) {
  if (module.disposition != model::Disposition::payload || !works(module)) return false;
  const auto loaders = context.loaded_by.find(module.path);
  if (module.role != model::Role::library || loaders == context.loaded_by.end()) return true;
  return std::any_of(loaders->second.begin(), loaders->second.end(),
                     [&](const std::string& path) { return works(*context.payload.at(path)); });
}

bool holds_for(const rules::Condition& when, const Module& module) {
  const model::ModuleTraits& traits = module.traits;
  return has_symbols(when, traits) && one_of(when.mentions, traits.mentions) &&
         (when.needed.empty() || any_matches(when.needed, traits.needed)) &&
         !any_matches(when.without_needed, traits.needed) && is_one_of(when.hosts, module.host) &&
         is_one_of(when.roles, name_of(module.role)) &&
         (when.libc.empty() || when.libc == name_of(module.libc.libc)) &&
         (when.bits == 0 || when.bits == traits.bits) &&
         (!when.small_stack || traits.stack_size == 0) &&
         (!when.executable_stack || traits.executable_stack);
}

bool holds_for_target(const rules::Condition& when, const Context& context) {
  const model::TargetInfo& target = context.migration.target;
  const rules::Release* release = context.rules.find_release(target.release);
  // Alpine 3.18 has musl 1.2.4 with the symbols of 1.2.3.
  const std::string& musl = release == nullptr ? target.musl : release->symbol_table;
  return is_one_of(when.releases, target.release) &&
         (when.musl_since.empty() || rules::compare_versions(when.musl_since, musl) <= 0) &&
         (when.musl_until.empty() || rules::compare_versions(musl, when.musl_until) <= 0);
}

std::string describe_traits(const rules::Condition& when, const Module& module) {
  Texts parts;
  Texts imports = common(when.imports, module.traits.imports);
  for (const std::string& name : common(when.also_imports, module.traits.imports))
    add_once(imports, name);
  add_names(parts, "imports ", imports);
  add_names(parts, "defines ", common(when.defines, module.traits.defines));
  add_names(parts, "has the text ", common(when.mentions, module.traits.mentions));
  if (when.small_stack) parts.emplace_back("asks for no stack size");
  if (when.executable_stack) parts.emplace_back("asks for an executable stack");
  return core::join(parts, ", ");
}

}  // namespace muslcheck::checks
