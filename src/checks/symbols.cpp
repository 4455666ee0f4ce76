// MC2xx: missing symbols, grouped into the families that people search for. A symbol that a lazy
// host only needs when it is called is a finding of its own kind: the module loads.

#include <algorithm>
#include <array>

#include "checks/cause.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::checks {

using model::LoadError;
using model::LoadErrorKind;
using model::Module;

namespace {

/// Libraries that are glibc itself: a missing symbol of theirs is musl's lack, not a library's.
bool is_libc_library(std::string_view library) {
  constexpr std::array kNames{"libc.so.",  "libm.so.",    "libpthread.so.", "librt.so.",
                              "libdl.so.", "libutil.so.", "libanl.so."};
  const auto is_named = [&](const char* name) { return library.starts_with(name); };
  return library.empty() || model::is_glibc_loader(library) ||
         std::any_of(kNames.begin(), kNames.end(), is_named);
}

const rules::Check* find_family(const LoadError& error, const Context& context) {
  for (const rules::Check& check : context.rules.checks) {
    if (check.kind != "symbols") continue;
    if (core::matches_any(check.symbols, error.subject)) return &check;
  }
  return nullptr;
}

const rules::Check* find_check(const LoadError& error, const Context& context) {
  if (error.lazy) return context.rules.find_check_of_kind("symbols-lazy");
  if (error.library.starts_with("libstdc++.so.") || error.library.starts_with("libgcc_s.so."))
    return context.rules.find_check_of_kind("symbols-of-library");
  if (!is_libc_library(error.library))
    return context.rules.find_check_of_kind("symbols-of-other-library");
  if (const rules::Check* family = find_family(error, context)) return family;
  return context.rules.find_check_of_kind("symbols-any");
}

/// What a family's finding is about. Not the symbols: they change from build to build, and the
/// ticket should stay the same.
std::string subject_of(const rules::Check& check, const LoadError& error) {
  const bool about_library =
      check.kind == "symbols-of-library" || check.kind == "symbols-of-other-library";
  return about_library ? error.library : check.name;
}

void add_symbol(std::vector<Cause>& causes, const LoadError& error, const Context& context) {
  const rules::Check* check = find_check(error, context);
  if (check == nullptr) return;
  const std::string subject = subject_of(*check, error);
  auto cause = std::find_if(causes.begin(), causes.end(), [&](const Cause& other) {
    return other.check == check && other.subject == subject;
  });
  if (cause == causes.end()) {
    Cause fresh;
    fresh.check = check;
    fresh.subject = subject;
    fresh.library = error.library;
    cause = causes.insert(causes.end(), std::move(fresh));
  }
  add_once(cause->symbols, error.subject);
  add_once(cause->evidence, error.text);
}

}  // namespace

std::vector<Cause> find_symbol_causes(const Module& module, const Context& context) {
  std::vector<Cause> causes;
  if (module.disposition != model::Disposition::payload) return causes;
  for (const LoadError* error : own_errors(module, context))
    if (error->kind == LoadErrorKind::symbol_missing) add_symbol(causes, *error, context);
  for (Cause& cause : causes) std::sort(cause.symbols.begin(), cause.symbols.end());
  return causes;
}

}  // namespace muslcheck::checks
