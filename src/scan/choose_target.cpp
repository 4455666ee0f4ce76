// The main runtime's tag tells the release: people change "node:20.11-bookworm" to
// "node:20.11-alpine" and get whatever Alpine that tag has. A release that the rules do not know
// (too old, or newer than they are) cannot be the target.

#include "scan/choose_target.hpp"

#include "muslcheck/core/search.hpp"
#include "muslcheck/target/target.hpp"
#include "scan/guess_arch.hpp"

namespace muslcheck::scan {
namespace {

constexpr const char* kNewest = "alpine";

/// The main runtime, if its image becomes the base. One in another place (nvm) may be the main one
/// too: its image is a better base than a bare Alpine.
const model::Runtime* main_runtime(const std::vector<model::Runtime>& runtimes) {
  return core::find_where(runtimes, [](const model::Runtime& runtime) {
    return runtime.is_main && !runtime.image.empty();
  });
}

/// People must know if the tag that is named has another release than the one they asked for.
std::string describe_other(const model::Runtime* runtime, const std::string& release) {
  if (runtime == nullptr || runtime->release.empty() || runtime->release == release) return {};
  return " (" + runtime->image + " itself has Alpine " + runtime->release + ")";
}

}  // namespace

std::string release_of(const std::string& target, const rules::RuleSet& rules) {
  if (target.empty()) return {};
  const auto made = target::make_target(rules, target, kDefaultArch);
  return made ? made->info.release : std::string();
}

TargetChoice choose_target(const std::string& target, const std::vector<model::Runtime>& runtimes,
                           const rules::RuleSet& rules, const std::string& given_how) {
  const model::Runtime* runtime = main_runtime(runtimes);
  const std::string image = runtime == nullptr ? std::string() : runtime->image;
  if (!target.empty())
    return {.name = target,
            .image = image,
            .how = given_how + describe_other(runtime, release_of(target, rules))};
  if (runtime != nullptr && rules.find_release(runtime->release) != nullptr)
    return {.name = "alpine:" + runtime->release, .image = image, .how = image + " has it"};
  return {.name = kNewest, .image = image, .how = "the newest that is known"};
}

}  // namespace muslcheck::scan
