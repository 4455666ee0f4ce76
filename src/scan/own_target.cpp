// Where the built-in data is not exact enough: a patched musl, another distribution, libraries that
// the new base already has. A profile has names alone; a system has its files, and the payload is
// laid over them.

#include "scan/own_target.hpp"

#include <utility>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "muslcheck/packages/packages.hpp"
#include "muslcheck/source/source.hpp"
#include "muslcheck/target/imported.hpp"
#include "scan/collect_layers.hpp"
#include "scan/measure_target.hpp"

namespace muslcheck::scan {
namespace {

constexpr std::string_view kProfile = "profile:";

/// Which of two sources an error is about must be said: the other one is the image.
core::Error about(core::Error error, const std::string& source) {
  if (error.path.empty()) error.path = source;
  return error;
}

/// The tag that the new base would have, where there is one.
std::string image_of(const model::TargetInfo& info) {
  return info.release.empty() ? std::string() : "alpine:" + info.release;
}

}  // namespace

bool names_profile(const std::string& target) {
  return target.starts_with(kProfile) || target.ends_with(".json");
}

core::Result<std::optional<OwnTarget>> read_own_profile(const ScanOptions& options,
                                                        const rules::RuleSet& rules) {
  const std::string given = options.target.value_or("");
  if (!names_profile(given)) return std::nullopt;
  const std::string path = given.starts_with(kProfile) ? given.substr(kProfile.size()) : given;
  const auto profile = rules::read_target_profile(path);
  if (!profile) return tl::make_unexpected(profile.error());
  auto target = target::make_target(rules, *profile);
  if (!target) return tl::make_unexpected(about(target.error(), path));
  target->info.image = image_of(target->info);
  return OwnTarget{.target = std::move(*target), .how = "the profile " + core::printable(path)};
}

core::Result<std::optional<OwnTarget>> read_target_image(const SystemRequest& request,
                                                         elf::Reader& reader,
                                                         const rules::RuleSet& rules) {
  if (request.reference.empty()) return std::nullopt;
  auto system = measure_system(request, reader, rules);
  if (!system) return tl::make_unexpected(system.error());
  auto target = target::make_target(rules, system->profile);
  if (!target) return tl::make_unexpected(about(target.error(), request.reference));
  target->info.image = image_of(target->info);
  return OwnTarget{.target = std::move(*target),
                   .how = "the files of " + core::printable(request.reference),
                   .tree = std::move(system->tree)};
}

core::Result<void> require_arch(const OwnTarget& target, const std::string& arch) {
  const std::string& own = target.target.info.arch;
  if (own == arch) return {};
  return core::fail(core::ErrorCode::usage, "target-of-other-arch",
                    target.how + " is a target for " + own + ", what is scanned is for " + arch);
}

core::Result<MeasuredSystem> measure_system(const SystemRequest& request, elf::Reader& reader,
                                            const rules::RuleSet& rules) {
  const auto reference = source::parse_reference(request.reference);
  if (!reference) return tl::make_unexpected(reference.error());
  const auto source = source::open_source(
      *reference,
      {.image = request.image, .platform = request.platform, .deadline = request.deadline});
  if (!source) return tl::make_unexpected(source.error());
  auto layers =
      collect_layers(**source, reader, {.jobs = request.jobs, .deadline = request.deadline});
  if (!layers) return tl::make_unexpected(layers.error());
  MeasuredSystem system{std::make_unique<const filesystem::FileTree>(std::move(*layers)), {}};
  auto profile = measure_target(
      *system.tree, packages::identify_packages(*system.tree, rules.vendors), request.arch,
      std::string("muslcheck ") + version() + " from " + request.reference, rules);
  if (!profile) return tl::make_unexpected(about(profile.error(), request.reference));
  system.profile = std::move(*profile);
  return system;
}

}  // namespace muslcheck::scan
