// Symbol lookup over the loaded objects. Names alone decide: versions are ignored except for the
// hidden bit, and definitions of other types (IFUNC above all) or other bindings are passed over.
// Spec: find_sym2 and get_lfs64 of musl's ldso/dynlink.c. Beyond musl: libraries of the target of
// which not all exports are known.

#include "loader/symbol_lookup.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "muslcheck/core/text.hpp"

namespace muslcheck::loader {
namespace {

using model::Binding;
using model::SymbolType;
using target::Presence;

/// OK_TYPES, OK_BINDS and the tests before them in find_sym2.
bool is_accepted(const model::Symbol& symbol, bool need_definition) {
  const bool is_tls = symbol.type == SymbolType::tls;
  if (!symbol.defined && (need_definition || is_tls)) return false;
  if (!symbol.has_value && !is_tls) return false;
  const bool type_fits = is_tls || symbol.type == SymbolType::none ||
                         symbol.type == SymbolType::object || symbol.type == SymbolType::function ||
                         symbol.type == SymbolType::common;
  const bool binding_fits = symbol.binding == Binding::global || symbol.binding == Binding::weak ||
                            symbol.binding == Binding::gnu_unique;
  return type_fits && binding_fits;
}

/// The host's file may be its glibc build, where an undefined symbol with a value or a copied one
/// says something about glibc, not about the host on the target.
bool host_defines(const Process& process, const Dso& host, const SymbolQuery& query) {
  const std::vector<std::string>& globs = process.request.host.provides;
  const bool is_promised = std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
    return core::matches_glob(glob, query.name);
  });
  if (is_promised || host.facts == nullptr) return is_promised;
  if (process.host_copies.contains(query.name)) return false;
  const model::Symbol* symbol = host.index->find(query.name, query.hash);
  return symbol != nullptr && symbol->defined && is_accepted(*symbol, query.need_definition);
}

Presence presence_in(const Process& process, const Dso& object, const SymbolQuery& query) {
  const auto known = [](bool present) { return present ? Presence::present : Presence::absent; };
  switch (object.kind) {
    case Dso::Kind::object: return known(object_defines(object, query));
    case Dso::Kind::host:
      if (host_defines(process, object, query)) return Presence::present;
      return process.request.host.exports_unknown ? Presence::unknown : Presence::absent;
    case Dso::Kind::libc:
      return known(process.target.libc_symbols.contains(std::string(query.name)));
    case Dso::Kind::target_library: return object.library->find_export(query.name, query.version);
    case Dso::Kind::opaque: return Presence::unknown;
  }
  return Presence::absent;
}

/// get_lfs64 looks in libc itself, whether or not libc takes part in the search.
bool has_lfs64_name(const target::Target& target, std::string_view name) {
  return !target.libc_symbols.contains(std::string(name)) &&
         target.find_libc_symbol(name) != nullptr;
}

/// Libraries of glibc, which nothing on the target stands in for symbol by symbol.
bool is_glibc_library(std::string_view name) {
  return is_reserved_library(name) || model::is_glibc_loader(name);
}

/// Names of libstdc++ and libgcc_s: namespace std, the C++ ABI and the unwinder. An object built on
/// musl asks for them without a version, but no other library is meant.
bool is_compiler_runtime_name(std::string_view name) {
  constexpr std::array kPrefixes{"_ZNSt", "_ZNKSt", "_ZSt",   "_ZTVSt", "_ZTISt",  "_ZTSSt",
                                 "_ZNSs", "_ZNKSs", "__cxa_", "__gxx_", "_Unwind_"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](const char* prefix) { return name.starts_with(prefix); });
}

/// Everything that a compiler's runtime exports has a name reserved for it.
bool may_be_compiler_runtime_name(std::string_view name) {
  return name.starts_with("__") || name.starts_with("_Z") || is_compiler_runtime_name(name);
}

bool is_compiler_runtime(const Dso& object) {
  return object.short_name.starts_with("libstdc++.so.") ||
         object.short_name.starts_with("libgcc_s.so.");
}

bool defines_by_name(Process& process, const model::ElfFacts& facts, const SymbolQuery& query) {
  const model::Symbol* symbol = index_of(process.indexes, facts)->find(query.name, query.hash);
  return symbol != nullptr && symbol->defined;
}

/// Whether the old base's library of the same name has the symbol, or a library that it brings
/// with it (liblapack needs libblas). The hidden bit and the type are glibc's business: they do
/// not say what a build for musl has.
Presence presence_before_move(Process& process, const Dso& object, const SymbolQuery& query) {
  const OldLibraries* libraries = process.request.old_libraries;
  if (libraries == nullptr || !libraries->contains(object.short_name)) return Presence::unknown;
  std::vector<std::string_view> names{object.short_name};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = libraries->find(names[i]);
    if (found == libraries->end()) continue;
    if (defines_by_name(process, *found->second, query)) return Presence::present;
    for (const std::string_view name : found->second->needed)
      if (!is_glibc_library(name) && std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
  }
  return Presence::absent;
}

bool needs(const Dso& asking, const Dso& library) {
  if (asking.facts == nullptr) return false;
  const auto& needed = asking.facts->needed;
  return std::find(needed.begin(), needed.end(), library.short_name) != needed.end();
}

}  // namespace

bool object_defines(const Dso& object, const SymbolQuery& query) {
  const model::Symbol* symbol = object.index->find(query.name, query.hash);
  return symbol != nullptr && is_accepted(*symbol, query.need_definition);
}

const Dso* find_definition(const Process& process, const SymbolQuery& query) {
  for (ObjectId id = query.skip_main ? 1 : 0; id < process.objects.size(); ++id) {
    const Dso& object = process.objects[id];
    if (presence_in(process, object, query) == Presence::present) return &object;
  }
  static const Dso kLibcAlone{.kind = Dso::Kind::libc};
  return has_lfs64_name(process.target, query.name) ? &kLibcAlone : nullptr;
}

const Dso* presumed_provider(Process& process, const SymbolQuery& query, const Dso& asking) {
  if (is_glibc_library(query.library)) return nullptr;
  const bool of_compiler = query.library.empty() && is_compiler_runtime_name(query.name);
  const Dso* needed = nullptr;
  const Dso* host = nullptr;
  for (const Dso& object : process.objects) {
    if (presence_in(process, object, query) != Presence::unknown) continue;
    if (object.kind == Dso::Kind::host) {
      if (query.library.empty() && !may_be_compiler_runtime_name(query.name)) host = &object;
      continue;
    }
    if (of_compiler && !is_compiler_runtime(object)) continue;
    if (is_compiler_runtime(object) && !may_be_compiler_runtime_name(query.name)) continue;
    if (!query.library.empty() && object.short_name != query.library) continue;
    const Presence before = presence_before_move(process, object, query);
    if (before == Presence::absent) continue;
    if (before == Presence::present || !query.library.empty()) return &object;
    if (needed == nullptr && needs(asking, object)) needed = &object;
  }
  return needed != nullptr ? needed : host;
}

std::string describe_library(const Process& process, const Dso& object) {
  if (object.kind == Dso::Kind::host) return process.request.host.name;
  if (object.kind != Dso::Kind::target_library) return object.name;
  return object.library->soname +
         (object.library->apk.empty() ? "" : " of apk " + object.library->apk);
}

}  // namespace muslcheck::loader
