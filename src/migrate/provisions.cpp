// A command that a script calls is, on the target, the image's own, busybox's, one of the new base
// image, or to be installed. What today's image has tells which: a program that moves along needs
// nothing, and one that is not there today is called by nobody today either.

#include "migrate/provisions.hpp"

#include <algorithm>
#include <utility>

#include "migrate/disposition.hpp"
#include "migrate/traits.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/packages/os_release.hpp"
#include "muslcheck/runtimes/entrypoint.hpp"
#include "muslcheck/runtimes/language_runtimes.hpp"

namespace muslcheck::migrate {
namespace {

using model::CommandSource;
using model::Confidence;
using model::Provision;

/// Not only an application's files, which will be copied into some image.
bool is_whole_image(const ImageFacts& image) {
  const std::string& kind = image.source.kind;
  return kind.starts_with("docker") || kind.starts_with("oci") ||
         image.tree.find("bin") != nullptr || image.tree.find("usr/bin") != nullptr;
}

}  // namespace

Provisions::Provisions(const ImageFacts& image, const model::TargetInfo& target,
                       const rules::RuleSet& rules)
    : image_(image),
      rules_(rules),
      path_(runtimes::program_folders(image.source.config.env)),
      images_(rules.images_behind(target.image)),
      is_whole_(is_whole_image(image)),
      is_native_(packages::is_musl_system(image.tree)) {}

FoundProgram Provisions::find_in_path(const std::string& name) const {
  for (const std::string& folder : path_) {
    const auto lookup = image_.tree.lookup(core::join_path(folder, name));
    if (lookup.node != nullptr && lookup.node->entry.kind == model::FileKind::regular)
      return {lookup.node, lookup.real_path};
  }
  return {};
}

FoundProgram Provisions::find(const std::string& word) const {
  if (word.size() > core::limits::kMaxPathLength) return {};
  if (word.find('/') == std::string::npos) return find_in_path(word);
  const auto lookup = image_.tree.lookup(
      core::resolve_path(core::normalize_path(image_.source.config.working_directory), word));
  if (lookup.node == nullptr || lookup.node->entry.kind != model::FileKind::regular) return {};
  return {lookup.node, lookup.real_path};
}

bool Provisions::is_replaced(const std::string& path, int layer) const {
  return decide_replaced(path, layer, image_, rules_).disposition == model::Disposition::replaced;
}

/// Where the target's own files are known. An applet is a link to busybox there, and stays one.
bool Provisions::is_in_target_files(const std::string& name) const {
  if (image_.target_files == nullptr) return false;
  return std::any_of(path_.begin(), path_.end(), [&](const std::string& folder) {
    const auto lookup = image_.target_files->lookup(core::join_path(folder, name));
    return lookup.node != nullptr && lookup.node->entry.kind == model::FileKind::regular &&
           core::file_name(lookup.real_path) != "busybox";
  });
}

bool Provisions::is_in_base(const std::string& name) const {
  return std::binary_search(rules_.busybox_applets.begin(), rules_.busybox_applets.end(), name);
}

/// Also for the GNU tool of an applet's name. A runtime's program may lie elsewhere than the
/// distribution's: python3 is found by its name, /usr/bin/python3 is not.
bool Provisions::is_in_image(const std::string& word) const {
  const std::string name(core::file_name(word));
  const bool is_name = word.find('/') == std::string::npos;
  const std::string path = core::normalize_path(word);
  const rules::Command* command = rules_.find_command(name);
  return std::any_of(images_.begin(), images_.end(), [&](const rules::TargetImage* image) {
    return core::contains(image->commands, name) ||
           (core::matches_any(image->programs, name) &&
            (is_name || core::parent_path(path) == image->folder)) ||
           (command != nullptr && !command->apk.empty() &&
            core::contains(image->apk, command->apk.front()));
  });
}

/// By the package of Debian that has the program today.
std::optional<Provision> Provisions::from_package(const FoundProgram& program) const {
  if (program.node == nullptr) return std::nullopt;
  const auto owner = image_.packages.owner(program.path);
  if (!owner) return std::nullopt;
  const rules::DebianPackage* package =
      rules_.find_debian_package(image_.packages.packages[*owner].name);
  if (package == nullptr || package->apk.empty() || package->kind == "dev") return std::nullopt;
  return Provision{CommandSource::installable, core::join(package->apk, " "), Confidence::likely};
}

std::optional<Provision> Provisions::from_target(const std::string& word,
                                                 const FoundProgram& program) const {
  const std::string name(core::file_name(word));
  if (is_in_image(word) || is_in_target_files(name))
    return Provision{CommandSource::image, {}, Confidence::certain};
  if (is_in_base(name)) return Provision{CommandSource::base, {}, Confidence::certain};
  const rules::Command* command = rules_.find_command(name);
  if (command != nullptr && !command->apk.empty())
    return Provision{CommandSource::installable, command->apk.front(), Confidence::certain};
  const bool is_debian = rules_.find_debian_command(name) != nullptr;
  if (!is_debian)
    if (auto found = from_package(program)) return found;
  if (command != nullptr || is_debian) return Provision{};
  if (program.node == nullptr) return std::nullopt;
  return Provision{CommandSource::absent, {}, Confidence::likely};
}

/// True for a program of a distribution's package: what else stays behind is a runtime's or the
/// base image's own, and its like on Alpine brings it.
bool Provisions::is_of_distribution(const FoundProgram& program) const {
  if (was_of_distribution(program.path, program.node->layer, image_, rules_)) return true;
  const auto owner = image_.packages.owner(program.path);
  if (!owner || !image_.packages.packages[*owner].distribution) return false;
  const std::string& package = image_.packages.packages[*owner].name;
  return std::none_of(image_.source.runtimes.begin(), image_.source.runtimes.end(),
                      [&](const model::Runtime& runtime) {
                        return !runtime.distribution &&
                               runtimes::belongs_to(runtime, program.path, package);
                      });
}

std::optional<Provision> Provisions::provide(const std::string& word) const {
  const FoundProgram program = find(word);
  if (program.node != nullptr) {
    if (!is_replaced(program.path, program.node->layer) || !is_of_distribution(program))
      return std::nullopt;
  } else if (is_whole_) {
    return std::nullopt;
  }
  return from_target(word, program);
}

}  // namespace muslcheck::migrate
