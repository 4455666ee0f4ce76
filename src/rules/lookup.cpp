// Finding things in a RuleSet by name, and the order of version numbers.

#include <algorithm>
#include <charconv>

#include "muslcheck/rules/rules.hpp"

namespace muslcheck::rules {
namespace {

template <typename List, typename Matches>
auto find_first(const List& list, Matches&& matches) {
  const auto found = std::find_if(list.begin(), list.end(), matches);
  return found == list.end() ? nullptr : &*found;
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

const Check* RuleSet::find_check(std::string_view id_or_name) const {
  return find_first(checks, [&](const Check& check) {
    return check.id == id_or_name || check.name == id_or_name;
  });
}

const Check* RuleSet::find_check_of_kind(std::string_view kind) const {
  return find_first(checks, [&](const Check& check) { return check.kind == kind; });
}

const Release* RuleSet::find_release(std::string_view release) const {
  return find_first(releases, [&](const Release& entry) { return entry.release == release; });
}

const NpmPackage* RuleSet::find_npm_package(std::string_view name) const {
  const auto found = std::lower_bound(
      npm_packages.begin(), npm_packages.end(), name,
      [](const NpmPackage& package, std::string_view wanted) { return package.name < wanted; });
  return found == npm_packages.end() || found->name != name ? nullptr : &*found;
}

}  // namespace muslcheck::rules
