// What the move does to a file, in the order in which the answers exclude each other: a file from
// the base image's layers stays behind with them; a file for another system is never loaded here;
// what the old base or its runtime brought, the new base brings itself; of what is left, the host
// may take another file on musl, or none.

#include "migrate/disposition.hpp"

#include <utility>

#include "muslcheck/core/text.hpp"
#include "muslcheck/runtimes/choice.hpp"

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
  const model::Host* host = rules.find_host(module.host);
  if (host != nullptr && !host->absent_on_musl.empty())
    return {Disposition::inert, host->absent_on_musl};
  runtimes::Choice choice = runtimes::find_choice({.module = module,
                                                   .facts = facts,
                                                   .tree = image.tree,
                                                   .packages = image.packages,
                                                   .arch = target.info.arch,
                                                   .python_packages = &rules.python_packages});
  if (!choice.instead.empty() || choice.unused)
    return {Disposition::inert, std::move(choice.reason)};
  return {Disposition::payload, std::move(choice.reason), std::move(choice.missing)};
}

}  // namespace muslcheck::migrate
