// Reads the `when` of a check. A condition that names what does not exist would silently never
// hold, so every id in it must be known by now.

#include <algorithm>
#include <array>

#include "muslcheck/core/search.hpp"
#include "rules/json_reader.hpp"
#include "rules/parts.hpp"

namespace muslcheck::rules {
namespace {

struct ListField {
  std::string_view key;
  std::vector<std::string> Condition::*list;
};

/// All lists of a condition, each sorted.
constexpr std::array kLists{
    ListField{"imports", &Condition::imports},
    ListField{"also_imports", &Condition::also_imports},
    ListField{"without_imports", &Condition::without_imports},
    ListField{"defines", &Condition::defines},
    ListField{"without_defines", &Condition::without_defines},
    ListField{"needed", &Condition::needed},
    ListField{"without_needed", &Condition::without_needed},
    ListField{"mentions", &Condition::mentions},
    ListField{"hosts", &Condition::hosts},
    ListField{"roles", &Condition::roles},
    ListField{"packages", &Condition::packages},
    ListField{"without_packages", &Condition::without_packages},
    ListField{"runtimes", &Condition::runtimes},
    ListField{"bases", &Condition::bases},
    ListField{"without_bases", &Condition::without_bases},
    ListField{"environment", &Condition::environment},
    ListField{"without_environment", &Condition::without_environment},
    ListField{"files", &Condition::files},
    ListField{"without_files", &Condition::without_files},
    ListField{"releases", &Condition::releases},
};

template <typename IsKnown>
void require_known(const JsonObject& object, std::string_view key,
                   const std::vector<std::string>& names, const IsKnown& is_known) {
  for (const std::string& name : names)
    if (!is_known(name)) object.fail(key, "unknown name " + name);
}

bool is_role(const std::string& word) {
  for (const auto role : {model::Role::executable, model::Role::library, model::Role::plugin})
    if (word == name_of(role)) return true;
  return false;
}

bool is_libc(const std::string& word) {
  for (const auto libc : {model::Libc::glibc, model::Libc::musl})
    if (word == name_of(libc)) return true;
  return false;
}

void require_known_ids(const JsonObject& object, const Condition& condition, const RuleSet& rules) {
  const auto is_runtime = [&](const std::string& id) {
    return core::find_where(rules.runtimes, [&](const model::RuntimeRecogniser& runtime) {
             return runtime.id == id;
           }) != nullptr;
  };
  require_known(object, "roles", condition.roles, is_role);
  require_known(object, "hosts", condition.hosts, [&](const std::string& id) {
    return id == "unknown" || rules.find_host(id) != nullptr;
  });
  require_known(object, "runtimes", condition.runtimes, is_runtime);
  require_known(object, "bases", condition.bases, is_runtime);
  require_known(object, "without_bases", condition.without_bases, is_runtime);
  require_known(object, "releases", condition.releases,
                [&](const std::string& name) { return rules.find_release(name) != nullptr; });
}

std::string read_musl(const JsonObject& object, std::string_view key, const RuleSet& rules) {
  if (!object.has(key)) return {};
  std::string version = object.text(key);
  if (!core::contains(rules.musl_versions, version))
    object.fail(key, "there is no symbol table of musl " + version);
  return version;
}

int read_bits(const JsonObject& object) {
  if (!object.has("bits")) return 0;
  const int bits = object.number("bits");
  if (bits != 32 && bits != 64) object.fail("bits", "must be 32 or 64");
  return bits;
}

}  // namespace

Condition read_condition(const JsonObject& object, const RuleSet& rules) {
  object.allow_only({"imports",
                     "also_imports",
                     "without_imports",
                     "defines",
                     "without_defines",
                     "needed",
                     "without_needed",
                     "mentions",
                     "hosts",
                     "roles",
                     "packages",
                     "without_packages",
                     "runtimes",
                     "bases",
                     "without_bases",
                     "environment",
                     "without_environment",
                     "files",
                     "without_files",
                     "releases",
                     "libc",
                     "bits",
                     "musl_since",
                     "musl_until",
                     "small_stack",
                     "executable_stack"});
  Condition condition;
  for (const ListField& field : kLists)
    if (object.has(field.key)) condition.*field.list = object.texts(field.key, ListOrder::sorted);
  if (object.has("libc")) condition.libc = object.text("libc");
  if (!condition.libc.empty() && !is_libc(condition.libc))
    object.fail("libc", "must be glibc or musl");
  condition.bits = read_bits(object);
  condition.musl_since = read_musl(object, "musl_since", rules);
  condition.musl_until = read_musl(object, "musl_until", rules);
  condition.small_stack = object.has("small_stack") && object.boolean("small_stack");
  condition.executable_stack = object.has("executable_stack") && object.boolean("executable_stack");
  require_known_ids(object, condition, rules);
  return condition;
}

}  // namespace muslcheck::rules
