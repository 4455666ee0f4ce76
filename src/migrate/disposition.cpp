// What the move does to a file, in the order in which the answers exclude each other: a file from
// the base image's layers stays behind with them; a file for another system is never loaded here;
// what the old base or its runtime brought, the new base brings itself; of what is left, the host
// may take another file on musl, or none.

#include "migrate/disposition.hpp"

#include <utility>

#include "muslcheck/runtimes/choice.hpp"
#include "muslcheck/runtimes/language_runtimes.hpp"

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

/// "node:20.11-alpine brings it", or what else becomes of a runtime.
std::string fate_of(const model::Runtime& runtime) {
  if (runtime.in_new_base) return runtime.image + " brings it";
  return runtime.image.empty() ? "its musl build takes its place"
                               : "that of " + runtime.image + " takes its place";
}

/// A runtime is not moved: its musl build takes its place, with the new base or by hand.
Decision replaced_by_runtime(const model::Module& module, const ImageFacts& image) {
  const std::string name = module.package ? image.packages.packages[*module.package].name : "";
  for (const model::Runtime& runtime : image.source.runtimes) {
    if (runtime.distribution || !runtimes::belongs_to(runtime, module.path, name)) continue;
    std::string text = "part of " + runtime.name;
    if (!runtime.version.empty()) text += " " + runtime.version;
    return {Disposition::replaced, text + " (" + runtime.how + "): " + fate_of(runtime)};
  }
  return {};
}

Decision replaced_by_distribution(const model::Module& module, const ImageFacts& image) {
  if (!module.package) return {};
  const model::Package& package = image.packages.packages[*module.package];
  if (!package.distribution) return {};
  return {Disposition::replaced, "owned by " + package.ecosystem + " package " + package.name};
}

}  // namespace

Decision decide_replaced(const std::string& path, int layer, const ImageFacts& image) {
  model::Module file;
  file.path = path;
  file.layer = layer;
  file.package = image.packages.owner(path);
  for (Decision decision :
       {replaced_by_base(file, image.source), replaced_by_distribution(file, image),
        replaced_by_runtime(file, image)})
    if (decision.disposition != Disposition::payload) return decision;
  return {};
}

Decision decide_disposition(const model::Module& module, const model::ElfFacts& facts,
                            const ImageFacts& image, const target::Target& target,
                            const rules::RuleSet& rules) {
  if (Decision decision = replaced_by_base(module, image.source);
      decision.disposition != Disposition::payload)
    return decision;
  if (Decision decision = foreign(module, facts, target);
      decision.disposition != Disposition::payload)
    return decision;
  if (Decision decision = replaced_by_distribution(module, image);
      decision.disposition != Disposition::payload)
    return decision;
  if (Decision decision = replaced_by_runtime(module, image);
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
                                                   .python_packages = &rules.python_packages,
                                                   .java_natives = &rules.java_natives,
                                                   .nuget_packages = &rules.nuget_packages,
                                                   .source = &image.source});
  if (!choice.instead.empty() || choice.unused)
    return {Disposition::inert, std::move(choice.reason)};
  return {Disposition::payload, std::move(choice.reason), std::move(choice.missing)};
}

}  // namespace muslcheck::migrate
