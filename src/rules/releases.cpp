// Reads what decides loading on an Alpine release: rules/targets/releases.json, relocations.json
// (arch/ARCH/reloc.h of musl) and lfs64.json (get_lfs64 of ldso/dynlink.c).

#include <array>

#include "muslcheck/core/search.hpp"
#include "rules/json_reader.hpp"
#include "rules/parts.hpp"

namespace muslcheck::rules {
namespace {

constexpr std::array<std::string_view, 11> kRoles{"none",   "relative", "symbolic", "got",
                                                  "plt",    "copy",     "offset",   "dtpmod",
                                                  "dtpoff", "tpoff",    "tlsdesc"};

Release read_release(const JsonObject& object) {
  object.allow_only({"release", "musl_package", "symbol_table", "symbols_added", "symbols_removed",
                     "lfs64", "relr", "gcc", "glibcxx_max", "cxxabi_max", "arches", "base_sonames",
                     "note", "evidence"});
  Release release;
  release.release = object.text("release");
  release.musl_package = object.text("musl_package");
  release.symbol_table = object.text("symbol_table");
  release.symbols_added = object.texts("symbols_added", ListOrder::sorted);
  release.symbols_removed = object.texts("symbols_removed", ListOrder::sorted);
  release.lfs64 = object.text("lfs64");
  if (release.lfs64 != "exported" && release.lfs64 != "remap")
    object.fail("lfs64", "must be exported or remap");
  release.relr = object.answer("relr");
  release.gcc = object.text("gcc");
  release.glibcxx_max = object.number("glibcxx_max");
  release.cxxabi_max = object.number("cxxabi_max");
  release.arches = object.texts("arches", ListOrder::given);
  release.base_sonames = object.texts("base_sonames", ListOrder::sorted);
  release.note = object.optional_text("note");
  if (object.texts("evidence", ListOrder::given).empty())
    object.fail("evidence", "must not be empty");
  return release;
}

void require_order(const JsonObject& top, std::string_view key,
                   const std::vector<std::string>& versions) {
  for (std::size_t i = 1; i < versions.size(); ++i)
    if (compare_versions(versions[i - 1], versions[i]) >= 0)
      top.fail(key, versions[i] + " must come before " + versions[i - 1]);
  if (versions.empty()) top.fail(key, "must not be empty");
}

void require_known_table(const JsonObject& object, const Release& release, const RuleSet& rules) {
  if (!core::contains(rules.musl_versions, release.symbol_table))
    object.fail("symbol_table", "there is no table of musl " + release.symbol_table);
}

RelocationRule read_relocation(const JsonObject& object) {
  object.allow_only({"number", "name", "role", "since_musl"});
  RelocationRule rule;
  rule.number = static_cast<std::uint32_t>(object.number("number"));
  rule.name = object.text("name");
  rule.role = object.text("role");
  rule.since_musl = object.optional_text("since_musl");
  if (!core::contains(kRoles, rule.role)) object.fail("role", "unknown role");
  return rule;
}

std::vector<RelocationRule> read_relocation_list(const JsonObject& table, const std::string& arch) {
  std::vector<RelocationRule> list;
  for (const JsonObject& object : table.objects(arch)) {
    list.push_back(read_relocation(object));
    if (list.size() > 1 && list[list.size() - 2].number >= list.back().number)
      object.fail("number", "must be greater than the one before");
  }
  return list;
}

}  // namespace

core::Result<void> read_releases(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "musl_versions", "releases"});
    rules.musl_versions = top.texts("musl_versions", ListOrder::given);
    require_order(top, "musl_versions", rules.musl_versions);
    std::vector<std::string> names;
    for (const JsonObject& object : top.objects("releases")) {
      rules.releases.push_back(read_release(object));
      require_known_table(object, rules.releases.back(), rules);
      names.push_back(rules.releases.back().release);
    }
    require_order(top, "releases", names);
  };
  return read_json(file, text, read);
}

core::Result<void> read_relocations(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "irelative", "relocations"});
    const JsonObject table = top.object("relocations");
    for (const std::string& arch : table.keys())
      rules.relocations[arch] = read_relocation_list(table, arch);
    const JsonObject irelative = top.object("irelative");
    for (const std::string& arch : irelative.keys())
      rules.irelative[arch] = static_cast<std::uint32_t>(irelative.number(arch));
  };
  return read_json(file, text, read);
}

core::Result<void> read_lfs64(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "bases", "extra", "exceptions"});
    rules.lfs64_bases = top.texts("bases", ListOrder::sorted);
    const JsonObject extra = top.object("extra");
    for (const std::string& name : extra.keys()) rules.lfs64_extra[name] = extra.text(name);
    const JsonObject exceptions = top.object("exceptions");
    for (const std::string& version : exceptions.keys())
      rules.lfs64_exceptions[version] = exceptions.texts(version, ListOrder::sorted);
  };
  return read_json(file, text, read);
}

}  // namespace muslcheck::rules
