// A measured target over what is built in. Three things follow from musl's version and are not in a
// profile: which relocation types the loader knows, which *64 names it maps, and whether it applies
// DT_RELR. Libraries that the profile has are certain; what it does not mention can still be
// installed, as far as the release is known.

#include "muslcheck/target/imported.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "target/architecture.hpp"
#include "target/libraries.hpp"
#include "target/parts.hpp"

namespace muslcheck::target {
namespace {

using rules::ProfileLibrary;
using rules::ProfileSymbol;
using rules::TargetProfile;

/// First version of musl that applies DT_RELR.
constexpr std::string_view kFirstWithRelr = "1.2.4";
/// Alpine has patched it into older ones; which packages of a release did is known for those that
/// are built in.
constexpr std::string_view kAlpine = "alpine";
/// Exported by every libc that has the *64 names.
constexpr std::string_view kLfs64Probe = "open64";

NameMap<LibcSymbol> libc_symbols_of(const TargetProfile& profile) {
  NameMap<LibcSymbol> symbols;
  symbols.reserve(profile.symbols.size());
  for (const ProfileSymbol& symbol : profile.symbols)
    symbols.emplace(symbol.name, LibcSymbol{symbol.type, symbol.binding});
  return symbols;
}

void use_measured_libc(Target& target, const TargetProfile& profile, const rules::RuleSet& rules) {
  target.libc_symbols = libc_symbols_of(profile);
  const bool exported = target.libc_symbols.contains(kLfs64Probe);
  target.lfs64 = exported ? Lfs64::exported : Lfs64::remap;
  target.lfs64_names.clear();
  if (!exported) target.lfs64_names = make_lfs64_names(rules, profile.musl, target.libc_symbols);
}

Support relr_of(const TargetProfile& profile, const Target* built_in) {
  if (rules::compare_versions(profile.musl, kFirstWithRelr) >= 0) return Support::yes;
  if (built_in != nullptr && built_in->info.musl == profile.musl) return built_in->relr;
  return profile.name.starts_with(kAlpine) ? Support::unknown : Support::no;
}

/// Measured exports decide alone: no numbers of versions are needed to judge by another release's.
TargetLibrary measured(const ProfileLibrary& library) {
  return {.soname = library.soname,
          .apk = library.apk,
          .in_base = library.in_base,
          .exports = own_names(library.exports)};
}

void add_library(Target& target, const ProfileLibrary& library) {
  TargetLibrary& entry = target.libraries[library.soname];
  if (library.has_exports) {
    entry = measured(library);
    return;
  }
  entry.soname = library.soname;
  if (!library.apk.empty()) entry.apk = library.apk;
  entry.in_base = entry.in_base || library.in_base;
  entry.confidence = model::Confidence::certain;
}

/// How new a libstdc++ is, by the release that has the same major version of gcc.
void use_gcc_version(Target& target, const std::string& gcc, const rules::RuleSet& rules) {
  const auto major = [](std::string_view version) { return version.substr(0, version.find('.')); };
  const auto found = target.libraries.find("libstdc++.so.6");
  if (gcc.empty() || found == target.libraries.end() || found->second.glibcxx_max == 0) return;
  const rules::Release* release = core::find_where(
      rules.releases, [&](const rules::Release& other) { return major(other.gcc) == major(gcc); });
  if (release == nullptr) return;
  found->second.glibcxx_max = release->glibcxx_max;
  found->second.cxxabi_max = release->cxxabi_max;
}

void use_measured_libraries(Target& target, const TargetProfile& profile,
                            const rules::RuleSet& rules) {
  // A system was looked at: what is not in it is not in the base, whatever the release has.
  if (!profile.symbols.empty())
    for (auto& [soname, library] : target.libraries) library.in_base = false;
  for (const ProfileLibrary& library : profile.libraries) add_library(target, library);
  const bool has_gcompat = core::find_where(profile.libraries, [](const ProfileLibrary& library) {
                             return library.in_base && library.apk == "gcompat";
                           }) != nullptr;
  const auto loaders = rules.gcompat.loaders.find(target.info.arch);
  if (has_gcompat && loaders != rules.gcompat.loaders.end()) {
    target.glibc_loaders = loaders->second;
    target.startup_preload = rules.gcompat.library;
  }
  use_gcc_version(target, profile.gcc, rules);
}

tl::unexpected<core::Error> bad_profile(const char* reason, const std::string& message) {
  return core::fail(core::ErrorCode::usage, reason, "the target profile " + message);
}

bool is_exported(const model::Symbol& symbol) {
  using enum model::SymbolType;
  const bool type = symbol.type == none || symbol.type == object || symbol.type == function ||
                    symbol.type == common || symbol.type == tls;
  const bool binding = symbol.binding == model::Binding::global ||
                       symbol.binding == model::Binding::weak ||
                       symbol.binding == model::Binding::gnu_unique;
  const bool has_value = symbol.has_value || symbol.type == tls;
  return symbol.defined && !symbol.hidden && !symbol.name.empty() && type && binding && has_value;
}

/// As profiles have it: what the loader makes no difference between is one.
ProfileSymbol profile_symbol(const model::Symbol& symbol) {
  const bool weak = symbol.binding == model::Binding::weak;
  const bool common = symbol.type == model::SymbolType::common;
  return {std::string(symbol.name), common ? model::SymbolType::object : symbol.type,
          weak ? model::Binding::weak : model::Binding::global};
}

}  // namespace

core::Result<Target> make_target(const rules::RuleSet& rules, const TargetProfile& profile) {
  const Architecture* architecture = find_architecture(profile.arch);
  if (architecture == nullptr)
    return bad_profile("profile-arch", "is for " + core::printable(profile.arch) +
                                           ", which is no architecture of Alpine");
  const std::string arch(architecture->alpine);
  std::optional<Target> built_in;
  if (!profile.release.empty() && rules.find_release(profile.release) != nullptr)
    if (auto made = make_target(rules, "alpine:" + profile.release, arch); made)
      built_in = std::move(*made);
  if (!built_in && profile.symbols.empty())
    return bad_profile("profile-release", "has no symbols of libc, and Alpine " +
                                              core::printable(profile.release) +
                                              " is not known for " + arch);
  Target target = built_in ? *built_in : bare_target(*architecture);
  target.info.name = profile.name;
  target.info.release = profile.release;
  target.info.musl = profile.musl;
  if (!profile.symbols.empty()) use_measured_libc(target, profile, rules);
  if (const auto known = rules.relocations.find(arch); known != rules.relocations.end())
    target.relocations = make_relocations(known->second, profile.musl);
  target.relr = relr_of(profile, built_in ? &*built_in : nullptr);
  use_measured_libraries(target, profile, rules);
  return target;
}

std::vector<ProfileSymbol> exported_symbols(const model::ElfFacts& facts) {
  std::vector<ProfileSymbol> symbols;
  if (!facts.has_gnu_hash && !facts.has_sysv_hash) return symbols;
  for (const model::Symbol& symbol : facts.symbols)
    if (is_exported(symbol)) symbols.push_back(profile_symbol(symbol));
  const auto by_name = [](const ProfileSymbol& a, const ProfileSymbol& b) {
    return a.name < b.name;
  };
  std::stable_sort(symbols.begin(), symbols.end(), by_name);
  const auto last =
      std::unique(symbols.begin(), symbols.end(),
                  [](const ProfileSymbol& a, const ProfileSymbol& b) { return a.name == b.name; });
  symbols.erase(last, symbols.end());
  return symbols;
}

std::string guess_musl_version(const std::vector<ProfileSymbol>& symbols,
                               const rules::RuleSet& rules, const std::string& arch) {
  const Architecture* architecture = find_architecture(arch);
  if (architecture == nullptr) return {};
  const auto table = rules.musl_symbols.find(std::string(architecture->alpine));
  if (table == rules.musl_symbols.end()) return {};
  std::unordered_set<std::string_view> names;
  for (const ProfileSymbol& symbol : symbols) names.insert(symbol.name);
  // Each row is of one name: it speaks for its versions, or against them. Later ones win a draw.
  std::string best;
  std::size_t most = 0;
  for (const std::string& version : rules.musl_versions) {
    std::size_t agreeing = 0;
    for (const rules::SymbolHistory& row : table->second) {
      const bool has = rules::compare_versions(row.first, version) <= 0 &&
                       rules::compare_versions(row.last, version) >= 0;
      if (has == names.contains(row.name)) ++agreeing;
    }
    if (agreeing < most) continue;
    most = agreeing;
    best = version;
  }
  return best;
}

}  // namespace muslcheck::target
