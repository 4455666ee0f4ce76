// apt marks what it installs only because another package needs it (apt-mark(8)); what has no mark
// somebody asked for, or it came with the system itself. Two things tell those apart:
//
// - The layers. Each that installs something brings the whole of dpkg's status, so the lowest one
//   with a status is the distribution's own image, and what it has was there before anybody asked.
//   A package that a later layer upgrades is there since the lower one. Where an image was built on
//   a squashed one, what was installed in that counts as the distribution's too: nothing tells.
// - Where there is one status alone (a folder, a squashed image), Essential and Priority: what is
//   required, important or standard, and all that it depends on, belongs to a system as debootstrap
//   or an installer makes it (Debian policy 2.5). debootstrap sets no marks.
//
// The marks may be gone, or never have been made: apt writes none if what it installs needs nothing
// more. Then, of what later layers added, that counts which no other package depends on or
// recommends: apt never installs such a package by itself. Without layers nothing is said then.

#include "dpkg_purpose.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "databases.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/search.hpp"

namespace muslcheck::packages {
namespace {

constexpr std::array<std::string_view, 3> kOfSystem{"required", "important", "standard"};

/// Virtual packages: names that others provide. The names are those of the paragraphs.
using Providers = std::set<std::pair<std::string_view, const DpkgParagraph*>>;

Providers names_of(const std::vector<const DpkgParagraph*>& installed) {
  Providers names;
  for (const DpkgParagraph* package : installed) {
    const auto add = [&](std::string_view name) {
      if (names.size() < core::limits::kMaxPackageNames) names.emplace(name, package);
    };
    add(package->name);
    for_each_name(package->provides, add);
  }
  return names;
}

}  // namespace

DpkgPurposes::DpkgPurposes(const filesystem::FileTree& tree,
                           const std::vector<const DpkgParagraph*>& installed) {
  read_layers(tree);
  read_states(tree);
  if (!several_layers_) find_system(installed);
  if (automatic_.empty()) find_wanted(installed);
}

void DpkgPurposes::read_layers(const filesystem::FileTree& tree) {
  int number = -1;
  bool any = false;
  for (const model::LayerFacts& layer : tree.layers()) {
    ++number;
    const auto status = layer.metadata.find(std::string(kDpkgStatus));
    if (status == layer.metadata.end()) continue;
    std::map<std::string, int, std::less<>> since;
    for (DpkgParagraph& package : parse_dpkg_status(status->second)) {
      if (!has_files(package)) continue;
      const auto before = since_.find(package.name);
      since.emplace(std::move(package.name), before == since_.end() ? number : before->second);
    }
    since_ = std::move(since);
    if (!any) first_layer_ = number;
    several_layers_ = any;
    any = true;
  }
}

void DpkgPurposes::read_states(const filesystem::FileTree& tree) {
  const std::string* states = metadata_at(tree, kAptStates);
  if (states == nullptr) return;
  for (DpkgParagraph& package : parse_dpkg_status(*states))
    if (package.automatic == "1")
      automatic_.emplace(std::move(package.name), std::move(package.architecture));
}

void DpkgPurposes::find_system(const std::vector<const DpkgParagraph*>& installed) {
  const Providers names = names_of(installed);
  std::vector<std::string> open;
  // A package may provide any number of names: its lists are walked at the first of them.
  std::set<const DpkgParagraph*> walked;
  const auto add = [&](std::string_view name) {
    if (system_.size() < core::limits::kMaxPackageNames && system_.emplace(name).second)
      open.emplace_back(name);
  };
  for (const DpkgParagraph* package : installed)
    if (package->essential == "yes" || core::contains(kOfSystem, package->priority))
      add(package->name);
  while (!open.empty()) {
    const std::string next = std::move(open.back());
    open.pop_back();
    for (auto at = names.lower_bound({next, nullptr}); at != names.end() && at->first == next;
         ++at) {
      if (!walked.insert(at->second).second) continue;
      add(at->second->name);
      for_each_name(at->second->pre_depends, add);
      for_each_name(at->second->depends, add);
    }
  }
}

void DpkgPurposes::find_wanted(const std::vector<const DpkgParagraph*>& installed) {
  const auto add = [&](std::string_view name) {
    if (wanted_.size() < core::limits::kMaxPackageNames) wanted_.emplace(name);
  };
  for (const DpkgParagraph* package : installed) {
    for_each_name(package->pre_depends, add);
    for_each_name(package->depends, add);
    for_each_name(package->recommends, add);
  }
}

/// Of a package for all architectures apt writes down the machine's own.
bool DpkgPurposes::is_automatic(const DpkgParagraph& package) const {
  if (package.architecture != "all")
    return automatic_.contains({package.name, package.architecture});
  const auto at = automatic_.lower_bound({package.name, ""});
  return at != automatic_.end() && at->first == package.name;
}

bool DpkgPurposes::is_wanted(const DpkgParagraph& package) const {
  bool wanted = wanted_.contains(package.name);
  for_each_name(package.provides,
                [&](std::string_view name) { wanted = wanted || wanted_.contains(name); });
  return wanted;
}

int DpkgPurposes::since_layer(const DpkgParagraph& package) const {
  const auto found = since_.find(package.name);
  return found == since_.end() ? 0 : found->second;
}

bool DpkgPurposes::is_on_purpose(const DpkgParagraph& package) const {
  if (several_layers_) {
    if (since_layer(package) <= first_layer_) return false;
    return automatic_.empty() ? !is_wanted(package) : !is_automatic(package);
  }
  return !automatic_.empty() && !is_automatic(package) && !system_.contains(package.name);
}

}  // namespace muslcheck::packages
