// Wrong rules, a wrong target or a wrong Dockerfile are found before gigabytes are read.

#include "scan/request.hpp"

#include <utility>

#include "muslcheck/checks/checks.hpp"
#include "muslcheck/target/target.hpp"
#include "scan/guess_arch.hpp"
#include "scan/parallel.hpp"
#include "scan/release_list.hpp"

namespace muslcheck::scan {
namespace {

/// Whether a release of that name exists; for which architectures is seen when that of the image is
/// known.
core::Result<void> require_release(const std::string& target, const rules::RuleSet& rules) {
  const auto made = target::make_target(rules, target, kDefaultArch);
  if (!made && made.error().reason == "unknown-target") return tl::make_unexpected(made.error());
  return {};
}

}  // namespace

core::Result<Request> check_request(const ScanOptions& options, const rules::RuleSet& rules) {
  const core::Deadline deadline = core::Deadline::after(options.timeout);
  const std::string target = options.target.value_or("");
  if (auto known = checks::require_known_kinds(rules); !known)
    return tl::make_unexpected(known.error());
  auto releases = read_release_list(target, rules);
  if (!releases) return tl::make_unexpected(releases.error());
  auto profile = read_own_profile(options, rules);
  if (!profile) return tl::make_unexpected(profile.error());
  if (options.target && releases->empty() && !*profile)
    if (auto known = require_release(target, rules); !known)
      return tl::make_unexpected(known.error());
  auto reference = source::parse_reference(options.source);
  if (!reference) return tl::make_unexpected(reference.error());
  auto build = read_build(options);
  if (!build) return tl::make_unexpected(build.error());
  return Request{.reference = std::move(*reference),
                 .target = target,
                 .releases = std::move(*releases),
                 .profile = std::move(*profile),
                 .build = std::move(*build),
                 .deadline = deadline,
                 .jobs = job_count(options.jobs)};
}

}  // namespace muslcheck::scan
