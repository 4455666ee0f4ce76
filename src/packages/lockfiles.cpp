// From the lockfiles of an image to who pulled each installed package in.
//
// A lockfile knows what package.json files do not: what the application asks for although its own
// package.json is not in the image, and which peers were installed for whom. It may be about more
// than is installed, or about something older; so it counts for a package of which it has the
// version, and the packages of a chain need not be in the image.
//
// Chains go through what production needs first. A package that only the devDependencies lead to
// is for development alone. Lockfiles are read one after the other, and of each only what installed
// packages need is kept.

#include "lockfiles.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::packages {

using filesystem::FileTree;

std::size_t LockfileBuilder::add(const std::string& key, std::string_view name,
                                 std::string_view version) {
  const auto [place, is_new] = by_key_.emplace(key, lockfile_.packages.size());
  if (is_new) {
    // Longer ones are those of no package, and chains repeat names.
    constexpr std::size_t kMost = core::limits::kMaxPackageField;
    lockfile_.packages.push_back(
        {.name = core::shortened(name, kMost), .version = core::shortened(version, kMost)});
    lockfile_.needs.emplace_back();
    lockfile_.peers.emplace_back();
  }
  return place->second;
}

bool LockfileBuilder::is_full() const {
  return lockfile_.packages.size() >= core::limits::kMaxPackages;
}

const std::size_t* LockfileBuilder::find(const std::string& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &found->second;
}

void LockfileBuilder::connect(std::vector<std::size_t>& list, std::size_t target) {
  if (edges_++ < core::limits::kMaxLockedEdges) list.push_back(target);
}

tl::unexpected<core::Error> not_a_lockfile(std::string message) {
  return core::fail(core::ErrorCode::malformed, "lockfile-invalid", std::move(message));
}

std::pair<std::string_view, std::string_view> split_name(std::string_view text,
                                                         std::string_view separators) {
  std::size_t start = 1;
  if (text.starts_with('@')) start = text.find('/');
  if (start == std::string_view::npos) return {text, {}};
  const std::size_t end = text.find_first_of(separators, start + (text.starts_with('@') ? 1 : 0));
  if (end == std::string_view::npos) return {text, {}};
  return {text.substr(0, end), text.substr(end + 1)};
}

namespace {

using ReadLockfile = core::Result<Lockfile> (*)(std::string_view);

struct Format {
  std::string_view path;  ///< below the application's folder
  ReadLockfile read;
  /// One is there if the manager that writes it did install.
  std::array<std::string_view, 2> markers;
};

// Of several in one folder the first is asked first, that of whoever installed before all others.
constexpr std::array<std::string_view, 2> kNpmMarkers{"node_modules/.package-lock.json"};
constexpr std::array<std::string_view, 2> kPnpmMarkers{"node_modules/.modules.yaml"};
constexpr std::array<std::string_view, 2> kYarnMarkers{"node_modules/.yarn-integrity",
                                                       "node_modules/.yarn-state.yml"};
constexpr std::array kFormats{
    Format{"node_modules/.pnpm/lock.yaml", read_pnpm_lock, kPnpmMarkers},
    Format{"pnpm-lock.yaml", read_pnpm_lock, kPnpmMarkers},
    Format{"yarn.lock", read_yarn_lock, kYarnMarkers},
    Format{"npm-shrinkwrap.json", read_npm_lock, kNpmMarkers},
    Format{"package-lock.json", read_npm_lock, kNpmMarkers},
    Format{"node_modules/.package-lock.json", read_npm_lock, kNpmMarkers},
};

struct Source {
  std::string folder;  ///< the application's
  std::string path;
  const std::string* text = nullptr;
  ReadLockfile read = nullptr;
  bool is_others = false;  ///< another manager installed, or none that is known
  std::size_t order = 0;
};

std::optional<Source> source_in(const FileTree& tree, const Format& format,
                                const std::string& folder) {
  Source source{
      .folder = folder, .path = core::join_path(folder, format.path), .read = format.read};
  const filesystem::Node* node = tree.find(source.path);
  if (node == nullptr || node->metadata == nullptr) return std::nullopt;
  source.text = node->metadata;
  source.is_others =
      std::none_of(format.markers.begin(), format.markers.end(), [&](std::string_view marker) {
        return !marker.empty() && tree.find(core::join_path(folder, marker)) != nullptr;
      });
  source.order = static_cast<std::size_t>(&format - kFormats.data());
  return source;
}

/// The folders above packages, nearest to the packages first.
std::vector<Source> find_sources(const FileTree& tree, const std::vector<NpmManifest>& manifests) {
  std::set<std::string> folders{""};
  for (const NpmManifest& manifest : manifests)
    for (std::string_view folder = manifest.directory; !folder.empty();
         folder = core::parent_path(folder))
      if (!folders.emplace(folder).second) break;
  std::vector<Source> sources;
  for (const std::string& folder : folders) {
    if (core::file_name(folder) == "node_modules") continue;
    for (const Format& format : kFormats)
      if (auto source = source_in(tree, format, folder)) sources.push_back(std::move(*source));
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) {
    // Descending by folder, so that a folder comes after those inside of it.
    return std::tie(b.folder, a.is_others, a.order) < std::tie(a.folder, b.is_others, b.order);
  });
  return sources;
}

/// Production first, and what needs a package before what has it as a peer.
struct Walked {
  OwnerWalk walk;
  std::vector<bool> in_production;
};

Walked walk(const Lockfile& lockfile) {
  std::vector<std::string> names;
  for (const LockedPackage& package : lockfile.packages) names.push_back(package.name);
  Walked walked{OwnerWalk(std::move(names)), {}};
  const auto spread_from = [&](const std::vector<std::size_t>& start) {
    for (const std::size_t package : start) walked.walk.start(package);
    walked.walk.spread(lockfile.needs);
    walked.walk.spread(lockfile.peers);
    walked.walk.spread(lockfile.needs);
  };
  spread_from(lockfile.direct);
  for (std::size_t i = 0; i < lockfile.packages.size(); ++i)
    walked.in_production.push_back(walked.walk.is_reached(i));
  spread_from(lockfile.development);
  // Not said what the application asks for: what nobody needs.
  if (lockfile.direct.empty() && lockfile.development.empty())
    spread_from(find_roots(lockfile.needs));
  return walked;
}

/// Manifests below a folder that no nearer lockfile knows, by name and version.
using Wanted = std::multimap<std::pair<std::string, std::string>, std::size_t>;

class OwnerFinder {
 public:
  explicit OwnerFinder(const std::vector<NpmManifest>& manifests)
      : manifests_(manifests), found_(manifests.size()) {}

  void ask(const Source& source, std::vector<model::Problem>& problems) {
    const Wanted wanted = wanted_below(source.folder);
    if (wanted.empty()) return;
    const auto lockfile = source.read(*source.text);
    if (!lockfile) {
      problems.push_back({.path = source.path,
                          .stage = "packages",
                          .code = lockfile.error().reason,
                          .message = lockfile.error().message});
      return;
    }
    answer(*lockfile, source.path, wanted);
  }

  std::vector<LockedOwner> take() { return std::move(found_); }

 private:
  [[nodiscard]] Wanted wanted_below(const std::string& folder) const {
    Wanted wanted;
    for (std::size_t i = 0; i < manifests_.size(); ++i) {
      const NpmManifest& manifest = manifests_[i];
      if (!manifest.is_application && found_[i].lockfile.empty() &&
          core::is_below(manifest.directory, folder))
        wanted.emplace(std::pair(manifest.name, manifest.version), i);
    }
    return wanted;
  }

  void answer(const Lockfile& lockfile, const std::string& path, const Wanted& wanted) {
    const Walked walked = walk(lockfile);
    const bool is_certain = !lockfile.direct.empty() || !lockfile.development.empty();
    for (std::size_t i = 0; i < lockfile.packages.size(); ++i) {
      const LockedPackage& package = lockfile.packages[i];
      if (!walked.walk.is_reached(i)) continue;
      const auto [begin, end] = wanted.equal_range({package.name, package.version});
      if (begin == end) continue;
      const bool development =
          lockfile.marks_development ? package.development : is_certain && !walked.in_production[i];
      const LockedOwner owner{path, walked.walk.owners_of(i), is_certain, development};
      for (auto manifest = begin; manifest != end; ++manifest) take_best(manifest->second, owner);
    }
  }

  /// One version may be there several times, nested or for several peers.
  void take_best(std::size_t manifest, const LockedOwner& owner) {
    LockedOwner& best = found_[manifest];
    if (best.lockfile.empty() || std::pair(owner.development, owner.owners.size()) <
                                     std::pair(best.development, best.owners.size()))
      best = owner;
  }

  const std::vector<NpmManifest>& manifests_;
  std::vector<LockedOwner> found_;
};

}  // namespace

std::vector<LockedOwner> find_locked_owners(const FileTree& tree,
                                            const std::vector<NpmManifest>& manifests,
                                            std::vector<model::Problem>& problems) {
  OwnerFinder finder(manifests);
  std::vector<Source> sources = find_sources(tree, manifests);
  if (sources.size() > core::limits::kMaxLockfiles) {
    sources.resize(core::limits::kMaxLockfiles);
    problems.push_back({.path = {},
                        .stage = "packages",
                        .code = "limit-exceeded",
                        .message = "more lockfiles than " +
                                   std::to_string(core::limits::kMaxLockfiles) + " are not read"});
  }
  for (const Source& source : sources) finder.ask(source, problems);
  return finder.take();
}

}  // namespace muslcheck::packages
