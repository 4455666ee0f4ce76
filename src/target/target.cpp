// The profile of an Alpine release on an architecture: what musl's loader there finds in libc,
// which relocation types it knows, and which libraries it can have.

#include "muslcheck/target/target.hpp"

#include <array>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "target/architecture.hpp"
#include "target/libraries.hpp"
#include "target/parts.hpp"
#include "target/release_name.hpp"

namespace muslcheck::target {
namespace {

struct RoleName {
  std::string_view role;
  RelocationClass relocation_class;
};

constexpr std::array kRoles{
    RoleName{"none", RelocationClass::none},
    RoleName{"relative", RelocationClass::relative},
    RoleName{"symbolic", RelocationClass::symbolic},
    RoleName{"got", RelocationClass::got},
    RoleName{"plt", RelocationClass::plt},
    RoleName{"copy", RelocationClass::copy},
    RoleName{"offset", RelocationClass::offset},
    RoleName{"dtpmod", RelocationClass::dtpmod},
    RoleName{"dtpoff", RelocationClass::dtpoff},
    RoleName{"tpoff", RelocationClass::tpoff},
    RoleName{"tlsdesc", RelocationClass::tlsdesc},
};

RelocationClass class_of(std::string_view role) {
  const RoleName* found =
      core::find_where(kRoles, [&](const RoleName& entry) { return entry.role == role; });
  return found == nullptr ? RelocationClass::none : found->relocation_class;
}

/// "1.2.4" for "1.2.4_git20230717-r5".
std::string musl_version(const rules::Release& release) {
  return release.musl_package.substr(0, release.musl_package.find_first_of("_-"));
}

NameMap<LibcSymbol> make_libc_symbols(const std::vector<rules::SymbolHistory>& history,
                                      const rules::Release& release) {
  NameMap<LibcSymbol> symbols;
  symbols.reserve(history.size());
  for (const rules::SymbolHistory& entry : history) {
    if (rules::compare_versions(entry.first, release.symbol_table) > 0) continue;
    if (rules::compare_versions(entry.last, release.symbol_table) < 0) continue;
    symbols.emplace(entry.name, LibcSymbol{entry.type, entry.binding});
  }
  for (const std::string& name : release.symbols_added) symbols.emplace(name, LibcSymbol{});
  for (const std::string& name : release.symbols_removed) symbols.erase(name);
  return symbols;
}

Support support_of(const std::optional<bool>& answer) {
  if (!answer) return Support::unknown;
  return *answer ? Support::yes : Support::no;
}

tl::unexpected<core::Error> unknown_arch(const rules::Release& release, std::string_view arch) {
  return core::fail(core::ErrorCode::usage, "unknown-arch",
                    "alpine:" + release.release + " has no architecture \"" +
                        core::printable(arch) + "\"; it has: " + core::join(release.arches, ", "));
}

}  // namespace

Target bare_target(const Architecture& architecture) {
  Target target;
  target.info.arch = std::string(architecture.alpine);
  target.machine = architecture.machine;
  target.elf_class = architecture.elf_class;
  target.byte_order = architecture.byte_order;
  target.loader_path = "/lib/ld-musl-" + std::string(architecture.musl) + ".so.1";
  target.library_path = {"/lib", "/usr/local/lib", "/usr/lib"};
  return target;
}

NameMap<std::string> make_lfs64_names(const rules::RuleSet& rules, const std::string& musl,
                                      const NameMap<LibcSymbol>& symbols) {
  NameMap<std::string> names;
  for (const std::string& base : rules.lfs64_bases) names.emplace(base + "64", base);
  for (const auto& [name, base] : rules.lfs64_extra) names.emplace(name, base);
  if (const auto found = rules.lfs64_exceptions.find(musl); found != rules.lfs64_exceptions.end())
    for (const std::string& name : found->second) names.erase(name);
  std::erase_if(names, [&](const auto& entry) { return !symbols.contains(entry.second); });
  return names;
}

std::unordered_map<std::uint32_t, RelocationClass> make_relocations(
    const std::vector<rules::RelocationRule>& list, const std::string& musl) {
  std::unordered_map<std::uint32_t, RelocationClass> relocations;
  for (const rules::RelocationRule& rule : list)
    if (rules::compare_versions(rule.since_musl, musl) <= 0)
      relocations.emplace(rule.number, class_of(rule.role));
  return relocations;
}

const LibcSymbol* Target::find_libc_symbol(std::string_view name) const {
  if (const auto found = libc_symbols.find(name); found != libc_symbols.end())
    return &found->second;
  if (lfs64 != Lfs64::remap) return nullptr;
  const auto base = lfs64_names.find(name);
  if (base == lfs64_names.end()) return nullptr;
  const auto found = libc_symbols.find(base->second);
  return found == libc_symbols.end() ? nullptr : &found->second;
}

const TargetLibrary* Target::find_library(std::string_view soname) const {
  const auto found = libraries.find(soname);
  return found == libraries.end() ? nullptr : &found->second;
}

core::Result<Target> make_target(const rules::RuleSet& rules, std::string_view name,
                                 std::string_view arch) {
  const auto release = find_release(rules, name);
  if (!release) return tl::make_unexpected(release.error());
  const rules::Release& chosen = **release;
  const Architecture* architecture = find_architecture(arch);
  if (architecture == nullptr) return unknown_arch(chosen, arch);
  const std::string alpine(architecture->alpine);
  const auto symbols = rules.musl_symbols.find(alpine);
  const auto relocations = rules.relocations.find(alpine);
  const bool has_arch = core::contains(chosen.arches, alpine);
  if (!has_arch || symbols == rules.musl_symbols.end() || relocations == rules.relocations.end())
    return unknown_arch(chosen, arch);

  Target target = bare_target(*architecture);
  const std::string image = "alpine:" + chosen.release;
  target.info = {image, chosen.release, musl_version(chosen), alpine, image};
  target.libc_symbols = make_libc_symbols(symbols->second, chosen);
  target.lfs64 = chosen.lfs64 == "exported" ? Lfs64::exported : Lfs64::remap;
  if (target.lfs64 == Lfs64::remap)
    target.lfs64_names = make_lfs64_names(rules, target.info.musl, target.libc_symbols);
  target.relocations = make_relocations(relocations->second, target.info.musl);
  target.relr = support_of(chosen.relr);
  target.libraries = make_libraries(rules, chosen, alpine);
  return target;
}

}  // namespace muslcheck::target
