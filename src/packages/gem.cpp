// Ruby gems, found by what RubyGems and Bundler leave in a folder of gems (GEM_HOME, or a bundle's
// vendor/bundle/ruby/3.3.0):
//
//   specifications/NAME-VERSION[-PLATFORM].gemspec
//   gems/NAME-VERSION[-PLATFORM]/                     all that the gem's archive has
//   extensions/PLATFORM/API/NAME-VERSION/             what was compiled when it was installed
//
// Gems below specifications/default are a part of Ruby itself and have no folder of their own.
// Debian's packages put gemspecs into such folders too; they are theirs.
//
// Who asked for a gem: every Gemfile.lock of the image says so for the gems that it has below
// DEPENDENCIES. Where none does, it is what no other gem needs.

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "databases.hpp"
#include "gem_spec.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "owner_walk.hpp"
#include "purl.hpp"

namespace muslcheck::packages {
namespace {

using filesystem::FileTree;

struct Gem {
  GemSpec spec;
  std::string path;  ///< of the gemspec
  std::string home;  ///< in-image path
};

bool is_gemspec(std::string_view path) {
  return path.ends_with(".gemspec") && core::file_name(core::parent_path(path)) == "specifications";
}

model::Problem problem_at(const std::string& path, std::string code, std::string message) {
  return {
      .path = path, .stage = "packages", .code = std::move(code), .message = std::move(message)};
}

std::vector<Gem> find_gems(const FileTree& tree, std::vector<model::Problem>& problems) {
  std::vector<Gem> gems;
  for (const auto* entry : tree.with_metadata()) {
    const auto& [path, node] = *entry;
    if (!is_gemspec(path)) continue;
    if (gems.size() == core::limits::kMaxPackages) {
      problems.push_back(problem_at(path, "too-many-packages",
                                    "more packages than the " +
                                        std::to_string(core::limits::kMaxPackages) +
                                        " that are read"));
      break;
    }
    Gem gem{.spec = parse_gemspec(*node.metadata),
            .path = path,
            .home = std::string(core::parent_path(core::parent_path(path)))};
    if (gem.spec.name.empty())
      problems.push_back(problem_at(path, "gemspec-invalid", "it names no gem"));
    else
      gems.push_back(std::move(gem));
  }
  return gems;
}

/// What the applications of the image ask for.
std::set<std::string> find_direct(const FileTree& tree) {
  std::set<std::string> direct;
  for (const auto* entry : tree.with_metadata())
    if (core::file_name(entry->first) == "Gemfile.lock")
      for (std::string& name : parse_gemfile_lock(*entry->second.metadata))
        direct.insert(std::move(name));
  return direct;
}

std::vector<std::vector<std::string>> find_owners(const FileTree& tree,
                                                  const std::vector<Gem>& gems) {
  std::map<std::pair<std::string_view, std::string_view>, std::vector<std::size_t>> by_name;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < gems.size(); ++i) {
    by_name[{gems[i].home, gems[i].spec.name}].push_back(i);
    names.push_back(gems[i].spec.name);
  }
  Needs needs(gems.size());
  std::size_t edges = 0;
  for (std::size_t i = 0; i < gems.size(); ++i)
    for (const std::string& name : gems[i].spec.dependencies) {
      const auto found = by_name.find({gems[i].home, name});
      if (found == by_name.end()) continue;
      // Of several versions any may be the one; a folder of nothing but versions stays bounded.
      for (const std::size_t other : found->second)
        if (other != i && edges++ < core::limits::kMaxDependencyLookups) needs[i].push_back(other);
    }
  const std::set<std::string> direct = find_direct(tree);
  OwnerWalk walk(std::move(names));
  for (std::size_t i = 0; i < gems.size(); ++i)
    if (direct.count(gems[i].spec.name) != 0) walk.start(i);
  walk.spread(needs);
  for (const std::size_t root : find_roots(needs)) walk.start(root);
  walk.spread(needs);
  return walk.owners();
}

/// Compiled files of the gems of each home.
class Extensions {
 public:
  explicit Extensions(const FileTree& tree) : tree_(tree) {}

  /// Files below extensions/PLATFORM/API/FULL-NAME.
  std::vector<std::string> find(const Gem& gem) {
    std::vector<std::string> files;
    for (const std::string& folder : folders_of(gem.home)) {
      const std::string prefix = core::join_path(folder, gem.spec.full_name()) + "/";
      const auto& nodes = tree_.nodes();
      for (auto node = nodes.lower_bound(prefix);
           node != nodes.end() && node->first.starts_with(prefix); ++node)
        if (node->second.entry.kind != model::FileKind::directory) files.push_back(node->first);
    }
    return files;
  }

 private:
  const std::vector<std::string>& folders_of(const std::string& home) {
    const auto [known, is_new] = folders_.try_emplace(home);
    if (!is_new) return known->second;
    const std::string extensions = core::join_path(home, "extensions");
    for (const std::string& platform : tree_.children(extensions))
      for (const std::string& api : tree_.children(core::join_path(extensions, platform)))
        if (known->second.size() < core::limits::kMaxPackagePlatforms)
          known->second.push_back(core::join_path(core::join_path(extensions, platform), api));
    return known->second;
  }

  const FileTree& tree_;
  std::map<std::string, std::vector<std::string>> folders_;
};

Found found_of(const Gem& gem, std::vector<std::string> owners) {
  Found found;
  found.package.ecosystem = "gem";
  found.package.name = gem.spec.name;
  found.package.version = gem.spec.version;
  const bool is_prebuilt = gem.spec.platform != "ruby";
  found.package.purl =
      make_purl("gem", gem.spec.name, gem.spec.version,
                is_prebuilt ? std::map<std::string, std::string>{{"platform", gem.spec.platform}}
                            : std::map<std::string, std::string>{});
  if (is_prebuilt) found.package.platforms.push_back(gem.spec.platform);
  found.package.owners = std::move(owners);
  found.owns_directory = true;
  found.directory = core::join_path(core::join_path(gem.home, "gems"), gem.spec.full_name());
  found.package.path = found.directory;
  found.evidence = gem.path;
  return found;
}

}  // namespace

std::vector<Found> find_gem_packages(const FileTree& tree, std::vector<model::Problem>& problems) {
  const std::vector<Gem> gems = find_gems(tree, problems);
  auto owners = find_owners(tree, gems);
  Extensions extensions(tree);
  std::vector<Found> packages;
  for (std::size_t i = 0; i < gems.size(); ++i) {
    packages.push_back(found_of(gems[i], std::move(owners[i])));
    packages.back().files = extensions.find(gems[i]);
  }
  return packages;
}

}  // namespace muslcheck::packages
