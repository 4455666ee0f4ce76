// What the move does to a file, in the order in which the answers exclude each other: a file from
// the base image's layers stays behind with them; a file for another system is never loaded here;
// what the old base or its runtime brought, the new base brings itself; of what is left, the host
// may take another file on musl, or none.

#include "migrate/disposition.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "muslcheck/core/paths.hpp"
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

constexpr std::array<std::string_view, 5> kLibraryFolders{"lib/", "lib64/", "usr/lib/",
                                                          "usr/lib64/", "usr/libexec/"};
constexpr std::array<std::string_view, 4> kProgramFolders{"bin/", "sbin/", "usr/bin/", "usr/sbin/"};

template <std::size_t N>
bool lies_in(const std::array<std::string_view, N>& folders, const std::string& path) {
  return std::any_of(folders.begin(), folders.end(),
                     [&](std::string_view folder) { return path.starts_with(folder); });
}

Decision replaced_by_lost_database(const model::Module& module, const ImageFacts& image,
                                   const rules::RuleSet& rules) {
  if (!was_of_distribution(module.path, module.layer, image, rules)) return {};
  return {Disposition::replaced, "in a folder of the distribution, without a package database"};
}

/// Whatever takes the place of a file, for one reason or another.
Decision replaced_by_any(const model::Module& module, const ImageFacts& image,
                         const rules::RuleSet& rules) {
  if (Decision decision = replaced_by_distribution(module, image);
      decision.disposition != Disposition::payload)
    return decision;
  if (Decision decision = replaced_by_runtime(module, image);
      decision.disposition != Disposition::payload)
    return decision;
  return replaced_by_lost_database(module, image, rules);
}

}  // namespace

// A program of one's own is at times copied to a folder for programs, a library to one of libraries
// hardly ever. So a program stays unless its name is known, or it came with the C library and is
// not what the container is for. What a folder is for nothing tells.
bool was_of_distribution(const std::string& path, int layer, const ImageFacts& image,
                         const rules::RuleSet& rules) {
  if (!image.packages.unowned_libc_layer || image.packages.owner(path)) return false;
  if (lies_in(kLibraryFolders, path)) return true;
  if (!lies_in(kProgramFolders, path)) return false;
  const std::string name(core::file_name(path));
  return rules.find_command(name) != nullptr || rules.find_debian_command(name) != nullptr ||
         (layer == *image.packages.unowned_libc_layer && !image.source.program.empty() &&
          !image.source.starts(path));
}

Decision decide_replaced(const std::string& path, int layer, const ImageFacts& image,
                         const rules::RuleSet& rules) {
  model::Module file;
  file.path = path;
  file.layer = layer;
  file.package = image.packages.owner(path);
  if (Decision decision = replaced_by_base(file, image.source);
      decision.disposition != Disposition::payload)
    return decision;
  return replaced_by_any(file, image, rules);
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
  if (Decision decision = replaced_by_any(module, image, rules);
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
