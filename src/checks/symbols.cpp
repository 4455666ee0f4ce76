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

bool is_part_of_glibc(std::string_view library, const Context& context) {
  const rules::SonameNearMiss* miss = context.rules.find_near_miss(library);
  return is_libc_library(library) || (miss != nullptr && miss->kind == "glibc");
}

const rules::Check* find_check(const LoadError& error, const Context& context) {
  if (error.lazy) return context.rules.find_check_of_kind("symbols-lazy");
  if (error.library.starts_with("libstdc++.so.") || error.library.starts_with("libgcc_s.so."))
    return context.rules.find_check_of_kind("symbols-of-library");
  if (!is_libc_library(error.library))
    return context.rules.find_check_of_kind("symbols-of-other-library");
  if (const rules::Check* family = find_symbol_family(error.subject, context)) return family;
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

const rules::Check* find_symbol_family(std::string_view symbol, const Context& context) {
  for (const rules::Check& check : context.rules.checks)
    if (check.kind == "symbols" && core::matches_any(check.symbols, symbol)) return &check;
  return nullptr;
}

std::string absent_library_of(const LoadError& error, const Module& module,
                              const Context& context) {
  if (error.kind != LoadErrorKind::symbol_missing) return {};
  const bool is_anonymous = error.library.empty();
  if (is_anonymous && find_symbol_family(error.subject, context) != nullptr) return {};
  for (const LoadError& other : module.load.errors) {
    if (other.kind != LoadErrorKind::library_missing || other.needed_by != error.needed_by)
      continue;
    if (is_part_of_glibc(other.subject, context)) continue;
    if (is_anonymous || other.subject == error.library) return other.subject;
  }
  return {};
}

std::vector<Cause> find_symbol_causes(const Module& module, const Context& context) {
  std::vector<Cause> causes;
  if (module.disposition != model::Disposition::payload) return causes;
  for (const LoadError* error : own_errors(module, context))
    if (error->kind == LoadErrorKind::symbol_missing &&
        absent_library_of(*error, module, context).empty())
      add_symbol(causes, *error, context);
  for (Cause& cause : causes) std::sort(cause.symbols.begin(), cause.symbols.end());
  return causes;
}

}  // namespace muslcheck::checks
