// Finding things in a RuleSet by name, and the order of version numbers.

#include <algorithm>
#include <charconv>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/rules/in_general.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::rules {
namespace {

/// The element of a list sorted by `key` that has this one; null if there is none.
template <typename T>
const T* find_sorted(const std::vector<T>& list, std::string T::*key, std::string_view wanted) {
  const auto found =
      std::lower_bound(list.begin(), list.end(), wanted,
                       [&](const T& entry, std::string_view name) { return entry.*key < name; });
  return found == list.end() || (*found).*key != wanted ? nullptr : &*found;
}

/// Takes the number at the start of `text` and the dot behind it; 0 when there is none left.
unsigned long take_number(std::string_view& text) {
  unsigned long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) {
    text = {};
    return 0;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('.')) {
    text.remove_prefix(1);
  } else {
    text = {};
  }
  return number;
}

}  // namespace

int compare_versions(std::string_view left, std::string_view right) {
  while (!left.empty() || !right.empty()) {
    const unsigned long a = take_number(left);
    const unsigned long b = take_number(right);
    if (a != b) return a < b ? -1 : 1;
  }
  return 0;
}

std::vector<model::RuleText> rule_texts(const RuleSet& rules) {
  std::vector<model::RuleText> texts;
  texts.reserve(rules.checks.size());
  for (const Check& check : rules.checks)
    texts.push_back({.id = check.id,
                     .name = check.name,
                     .title = check.title,
                     .cause = check.cause,
                     .help = in_general(check.remedy.text, check),
                     .severity = check.severity,
                     .references = check.references});
  return texts;
}

bool Condition::asks_for_module() const {
  for (const auto* list : {&imports, &also_imports, &without_imports, &defines, &without_defines,
                           &needed, &without_needed, &mentions, &hosts, &roles})
    if (!list->empty()) return true;
  return !libc.empty() || bits != 0 || small_stack || executable_stack;
}

const Check* RuleSet::find_check(std::string_view id_or_name) const {
  return core::find_where(checks, [&](const Check& check) {
    return check.id == id_or_name || check.name == id_or_name;
  });
}

const Check* RuleSet::find_check_of_kind(std::string_view kind) const {
  return core::find_where(checks, [&](const Check& check) { return check.kind == kind; });
}

const Release* RuleSet::find_release(std::string_view release) const {
  return core::find_where(releases, [&](const Release& entry) { return entry.release == release; });
}

const NpmPackage* RuleSet::find_npm_package(std::string_view name) const {
  return find_sorted(npm_packages, &NpmPackage::name, name);
}

const model::PythonPackage* RuleSet::find_python_package(std::string_view name) const {
  return find_sorted(python_packages, &model::PythonPackage::name, name);
}

const model::NugetPackage* RuleSet::find_nuget_package(std::string_view name) const {
  return find_sorted(nuget_packages, &model::NugetPackage::name, core::lower(name));
}

const Command* RuleSet::find_command(std::string_view name) const {
  return find_sorted(commands, &Command::name, name);
}

const DebianCommand* RuleSet::find_debian_command(std::string_view name) const {
  return find_sorted(debian_commands, &DebianCommand::name, name);
}

const DebianPackage* RuleSet::find_debian_package(std::string_view name) const {
  return find_sorted(debian_packages, &DebianPackage::name, name);
}

const TargetImage* RuleSet::find_target_image(std::string_view image) const {
  return find_sorted(target_images, &TargetImage::image, image);
}

std::vector<const TargetImage*> RuleSet::images_behind(std::string_view tag) const {
  std::vector<const TargetImage*> images;
  for (const std::string_view name : {std::string_view("alpine"), tag.substr(0, tag.rfind(':'))})
    if (const TargetImage* known = find_target_image(name)) images.push_back(known);
  return images;
}

const SonameNearMiss* RuleSet::find_near_miss(std::string_view soname) const {
  return find_sorted(near_misses, &SonameNearMiss::debian, soname);
}

const model::Host* RuleSet::find_host(std::string_view id) const {
  return core::find_where(hosts, [&](const model::Host& host) { return host.id == id; });
}

bool RuleSet::names_an_architecture(std::string_view path) const {
  const Check* check = find_check_of_kind("wrong-architecture");
  return check != nullptr && core::matches_any(check->paths, path);
}

}  // namespace muslcheck::rules
