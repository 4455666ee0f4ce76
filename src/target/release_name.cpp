// The names of a target: Alpine's image tags, as far as they stand for a release with known data.
// A patch release is its release: musl's symbols and the sonames stay the same within one.

#include "target/release_name.hpp"

#include <algorithm>

#include "muslcheck/core/text.hpp"

namespace muslcheck::target {
namespace {

std::string known_releases(const rules::RuleSet& rules) {
  std::vector<std::string> names;
  for (const rules::Release& release : rules.releases) names.push_back("alpine:" + release.release);
  return "known: " + core::join(names, ", ");
}

tl::unexpected<core::Error> unknown_target(const rules::RuleSet& rules, std::string_view name,
                                           std::string_view why) {
  return core::fail(core::ErrorCode::usage, "unknown-target",
                    "unknown target \"" + core::printable(name) + "\"" + std::string(why) + "; " +
                        known_releases(rules));
}

/// "3.22" for "3.22.1"; anything else as it is.
std::string_view without_patch(std::string_view tag) {
  const auto parts = core::split(tag, '.');
  const bool is_patch = parts.size() == 3 && !parts[2].empty() &&
                        parts[2].find_first_not_of("0123456789") == std::string_view::npos;
  return is_patch ? tag.substr(0, tag.rfind('.')) : tag;
}

}  // namespace

core::Result<const rules::Release*> find_release(const rules::RuleSet& rules,
                                                 std::string_view name) {
  constexpr std::string_view kImage = "alpine";
  std::string_view tag = name;
  if (tag.starts_with(kImage)) tag.remove_prefix(kImage.size());
  const bool has_colon = tag.starts_with(':');
  if (has_colon) tag.remove_prefix(1);
  if (tag.size() + kImage.size() == name.size() && !tag.empty())  // "alpine3.22"
    return unknown_target(rules, name, "");
  if (rules.releases.empty()) return unknown_target(rules, name, "");
  if (tag == "edge")
    return unknown_target(rules, name, ": edge changes every day, nothing can be predicted for it");
  if (tag == "latest" || (tag.empty() && name == kImage)) return &rules.releases.back();
  if (const rules::Release* found = rules.find_release(without_patch(tag)); found != nullptr)
    return found;
  return unknown_target(rules, name, "");
}

}  // namespace muslcheck::target
