// What the move does to a file, in the order in which the answers exclude each other: a file from
// the base image's layers stays behind with them; a file for another system is never loaded here;
// what the old base or its runtime brought, the new base brings itself; a glibc file with an
// installed musl sibling is not the one that is chosen.

#include "migrate/disposition.hpp"

#include "muslcheck/core/text.hpp"
#include "muslcheck/runtimes/hosts.hpp"

namespace muslcheck::migrate {

using model::Disposition;

namespace {

/// Whatever the base brought, also what it has for other systems, stays behind with it.
Decision replaced_by_base(const model::Module& module, const model::SourceInfo& image) {
  if (!image.base || module.layer < 0 ||
      static_cast<std::size_t>(module.layer) >= image.base->layers)
    return {};
  return {Disposition::replaced,
          "from the base image " + image.base->name + " (" + image.base->how + ")"};
}

Decision foreign(const model::Module& module, const model::ElfFacts& facts,
                 const target::Target& target) {
  if (module.libc.libc == model::Libc::android || module.libc.libc == model::Libc::bsd)
    return {Disposition::foreign, "built for another system: " + module.libc.evidence};
  const auto arch = target::alpine_arch(facts);
  if (!arch || *arch != target.info.arch)
    return {Disposition::foreign, "built for " + module.architecture + ", not " + target.info.arch};
  return {};
}

/// A language runtime that an official image installs without a package: its Alpine variant has
/// the same files built for musl.
Decision replaced_by_runtime(const model::Module& module, const rules::RuleSet& rules) {
  for (const model::Host& host : rules.hosts)
    if (core::matches_any(host.executables, module.path) ||
        core::matches_any(host.brings, module.path))
      return {Disposition::replaced, "part of the image's own " + host.name + " runtime"};
  return {};
}

Decision replaced(const model::Module& module, const ImageFacts& image,
                  const rules::RuleSet& rules) {
  if (!module.package) return replaced_by_runtime(module, rules);
  const model::Package& package = image.packages.packages[*module.package];
  if (package.distribution)
    return {Disposition::replaced, "owned by " + package.ecosystem + " package " + package.name};
  return {};
}

}  // namespace

Decision decide_disposition(const model::Module& module, const model::ElfFacts& facts,
                            const ImageFacts& image, const target::Target& target,
                            const rules::RuleSet& rules) {
  if (Decision decision = replaced_by_base(module, image.source);
      decision.disposition != Disposition::payload)
    return decision;
  if (Decision decision = foreign(module, facts, target);
      decision.disposition != Disposition::payload)
    return decision;
  if (Decision decision = replaced(module, image, rules);
      decision.disposition != Disposition::payload)
    return decision;
  if (module.libc.libc != model::Libc::glibc && module.libc.libc != model::Libc::none &&
      module.libc.libc != model::Libc::unknown)
    return {};
  const std::string sibling = runtimes::find_musl_sibling(module.path, image.tree);
  if (!sibling.empty()) return {Disposition::inert, "chosen instead on musl: " + sibling};
  return {};
}

}  // namespace muslcheck::migrate
