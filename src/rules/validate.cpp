// What only shows when all rule files are read: every release has its tables, and what the files
// say about each other fits.

#include <algorithm>

#include "muslcheck/core/search.hpp"
#include "rules/parts.hpp"

namespace muslcheck::rules {
namespace {

tl::unexpected<core::Error> bad_rules(std::string_view file, std::string message) {
  return core::fail(core::ErrorCode::bad_data, "bad-rule-file", std::move(message),
                    std::string(file));
}

bool has_symbol(const std::vector<SymbolHistory>& table, std::string_view name,
                std::string_view version) {
  return std::any_of(table.begin(), table.end(), [&](const SymbolHistory& entry) {
    return entry.name == name && compare_versions(entry.first, version) <= 0 &&
           compare_versions(version, entry.last) <= 0;
  });
}

core::Result<void> validate_arch(const Release& release, const std::string& arch,
                                 const RuleSet& rules) {
  const auto symbols = rules.musl_symbols.find(arch);
  const std::string who = release.release + " on " + arch;
  if (symbols == rules.musl_symbols.end())
    return bad_rules(kReleases, who + ": there is no symbol table of that architecture");
  if (rules.relocations.find(arch) == rules.relocations.end())
    return bad_rules(kRelocations, who + ": there are no relocations of that architecture");
  if (!has_symbol(symbols->second, "malloc", release.symbol_table))
    return bad_rules(kReleases, who + ": its table has no musl " + release.symbol_table);
  for (const std::string& name : release.symbols_added)
    if (has_symbol(symbols->second, name, release.symbol_table))
      return bad_rules(kReleases, who + ": " + name + " is added but the table has it already");
  for (const std::string& name : release.symbols_removed)
    if (!has_symbol(symbols->second, name, release.symbol_table))
      return bad_rules(kReleases, who + ": " + name + " is removed but the table lacks it");
  return {};
}

bool has_soname(const RuleSet& rules, const std::string& soname, const std::string& release) {
  return std::any_of(rules.sonames.begin(), rules.sonames.end(), [&](const SonamePackage& entry) {
    if (entry.soname != soname) return false;
    for (const auto* list : {&entry.evidenced, &entry.inferred, &entry.extrapolated})
      if (core::contains(*list, release)) return true;
    return false;
  });
}

core::Result<void> validate_release(const Release& release, const RuleSet& rules) {
  if (release.arches.empty()) return bad_rules(kReleases, release.release + " has no architecture");
  for (const std::string& arch : release.arches)
    if (auto valid = validate_arch(release, arch, rules); !valid) return valid;
  for (const std::string& soname : release.base_sonames)
    if (!has_soname(rules, soname, release.release))
      return bad_rules(kSonames, soname + " is in the base image of " + release.release +
                                     " but has no package there");
  return {};
}

}  // namespace

core::Result<void> validate(const RuleSet& rules) {
  for (const Release& release : rules.releases)
    if (auto valid = validate_release(release, rules); !valid) return valid;
  for (const std::string& base : rules.lfs64_bases)
    if (base.ends_with("64"))
      return bad_rules("targets/lfs64.json", base + " is no base name: it ends in 64");
  return {};
}

}  // namespace muslcheck::rules
