// Which releases a scan is about. Names are those of one target each (alpine:3.20, 3.20, 3.20.1);
// the order in which they are given does not matter, since "from 3.20 on" needs that of time.

#include "scan/release_list.hpp"

#include <algorithm>
#include <set>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/target/target.hpp"
#include "scan/choose_target.hpp"
#include "scan/guess_arch.hpp"

namespace muslcheck::scan {
namespace {

constexpr const char* kAll = "all";

/// In the order of the rules, which is that of time.
std::vector<std::string> in_order(const std::set<std::string>& wanted,
                                  const rules::RuleSet& rules) {
  std::vector<std::string> releases;
  for (const rules::Release& release : rules.releases)
    if (wanted.contains(release.release)) releases.push_back(release.release);
  return releases;
}

core::Result<std::string> read_release(std::string_view name, const rules::RuleSet& rules) {
  if (name.empty())
    return core::fail(core::ErrorCode::usage, "unknown-target",
                      "--target has an empty name in its list");
  // Every release has this architecture.
  const auto made = target::make_target(rules, name, kDefaultArch);
  if (!made) return tl::make_unexpected(made.error());
  return made->info.release;
}

std::string describe_left_out(const std::vector<std::string>& left_out, const std::string& arch) {
  if (left_out.empty()) return {};
  const bool one = left_out.size() == 1;
  return "; " + core::join(left_out, ", ") + (one ? " is" : " are") + " left out: no " + arch;
}

}  // namespace

core::Result<std::vector<std::string>> read_release_list(const std::string& target,
                                                         const rules::RuleSet& rules) {
  std::set<std::string> wanted;
  if (target == kAll) {
    for (const rules::Release& release : rules.releases) wanted.insert(release.release);
    return in_order(wanted, rules);
  }
  if (target.find(',') == std::string::npos) return std::vector<std::string>{};
  for (const std::string_view name : core::split(target, ',')) {
    auto release = read_release(core::trim(name), rules);
    if (!release) return tl::make_unexpected(release.error());
    wanted.insert(std::move(*release));
  }
  return in_order(wanted, rules);
}

ReleaseList releases_with_arch(const std::vector<std::string>& releases, const std::string& target,
                               const std::string& arch, const rules::RuleSet& rules) {
  ReleaseList list;
  std::vector<std::string> left_out;
  for (const std::string& name : releases) {
    const rules::Release* release = rules.find_release(name);
    const bool has = release != nullptr && core::contains(release->arches, arch);
    (has ? list.releases : left_out).push_back(name);
  }
  if (list.releases.empty() && !left_out.empty()) {
    list.releases.push_back(left_out.back());
    left_out.clear();
  }
  list.how = "the newest of --target " + target + describe_left_out(left_out, arch);
  return list;
}

}  // namespace muslcheck::scan
