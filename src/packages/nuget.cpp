// NuGet packages, found by the deps.json of the .NET applications that they were published with.
//
// `dotnet publish` leaves no packages behind, only their files: NAME.deps.json beside NAME.dll says
// which file is whose, and who needs whom. The frameworks that the runtime itself brings
// (shared/Microsoft.NETCore.App/8.0.11/Microsoft.NETCore.App.deps.json) have such files too, and
// are no applications.
//
// The application is in its own deps.json as a project. Its native program, made from a template
// that only finds and starts .NET (the "apphost"), is called NAME and listed nowhere.

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "databases.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "nuget_metadata.hpp"
#include "owner_walk.hpp"
#include "purl.hpp"

namespace muslcheck::packages {
namespace {

using filesystem::FileTree;

constexpr std::string_view kSuffix = ".deps.json";
constexpr std::string_view kConfigSuffix = ".runtimeconfig.json";

/// True for "…/shared/NAME/VERSION/NAME.deps.json".
bool is_framework(std::string_view path, std::string_view name) {
  const std::string_view framework = core::parent_path(core::parent_path(path));
  return core::file_name(framework) == name &&
         core::file_name(core::parent_path(framework)) == "shared";
}

model::Problem problem_of(const std::string& path, const core::Error& error) {
  return {.path = path, .stage = "packages", .code = error.reason, .message = error.message};
}

DotnetApp read_app(const FileTree& tree, const std::string& path, std::string_view name,
                   std::vector<model::Problem>& problems) {
  DotnetApp app{.name = std::string(name), .folder = std::string(core::parent_path(path))};
  const std::string config_path =
      core::join_path(app.folder, app.name + std::string(kConfigSuffix));
  const std::string* text = metadata_at(tree, config_path);
  if (text == nullptr) return app;
  const auto config = parse_runtime_config(*text);
  if (!config) {
    problems.push_back(problem_of(config_path, config.error()));
    return app;
  }
  app.major = config->major;
  app.self_contained = config->self_contained;
  app.rid_graph = config->rid_graph;
  app.invariant = config->invariant;
  return app;
}

bool is_application(const DepsLibrary& library, const DotnetApp& app) {
  return library.type == "project" && library.name == app.name;
}

/// By library: the package that the application or one of its projects asks for first. Projects are
/// no links of a chain.
std::vector<std::vector<std::string>> find_owners(const std::vector<DepsLibrary>& libraries,
                                                  const DotnetApp& app) {
  std::map<std::string_view, std::size_t> by_name;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < libraries.size(); ++i) {
    by_name.emplace(libraries[i].name, i);
    names.push_back(libraries[i].type == "project" ? std::string() : libraries[i].name);
  }
  Needs needs(libraries.size());
  for (std::size_t i = 0; i < libraries.size(); ++i)
    for (const std::string& name : libraries[i].dependencies)
      if (const auto found = by_name.find(name); found != by_name.end() && found->second != i)
        needs[i].push_back(found->second);
  OwnerWalk walk(std::move(names));
  for (std::size_t i = 0; i < libraries.size(); ++i)
    if (is_application(libraries[i], app)) walk.start(i);
  walk.spread(needs);
  for (const std::size_t root : find_roots(needs)) walk.start(root);
  walk.spread(needs);
  return walk.owners();
}

/// The in-image path of what deps.json names; empty if that is not below the application's folder.
std::string path_in(const DotnetApp& app, std::string_view listed) {
  if (listed.empty() || listed.front() == '/' || listed.size() > core::limits::kMaxPathLength)
    return {};
  std::string path = core::resolve_path(app.folder, listed);
  return core::is_below(path, app.folder) && path != app.folder ? path : std::string();
}

NugetDelivery read_delivery(const DepsLibrary& library, const DotnetApp& app) {
  NugetDelivery delivery;
  for (const std::string& listed : library.native)
    if (std::string path = path_in(app, listed); !path.empty())
      delivery.native.push_back(std::move(path));
  for (const auto& [rid, listed] : library.native_for_rid)
    if (std::string path = path_in(app, listed); !path.empty())
      delivery.native_for_rid[rid].push_back(std::move(path));
  delivery.is_application = is_application(library, app);
  delivery.is_runtime = library.type == "runtimepack";
  if (delivery != NugetDelivery{}) delivery.app = app;
  return delivery;
}

/// What is there of the native files, and the application's own program.
std::vector<std::string> find_files(const FileTree& tree, const NugetDelivery& delivery) {
  std::vector<std::string> files;
  const auto add = [&](const std::string& path) {
    const filesystem::Node* node = tree.find(path);
    if (node != nullptr && node->entry.kind != model::FileKind::directory) files.push_back(path);
  };
  for (const std::string& path : delivery.native) add(path);
  for (const auto& [rid, paths] : delivery.native_for_rid)
    for (const std::string& path : paths) add(path);
  if (delivery.is_application) add(core::join_path(delivery.app.folder, delivery.app.name));
  return files;
}

Found found_of(const FileTree& tree, const std::string& path, const DepsLibrary& library,
               const DotnetApp& app, std::vector<std::string> owners) {
  Found found;
  found.package.ecosystem = "nuget";
  found.package.name = library.name;
  found.package.version = library.version;
  found.package.purl = make_purl("nuget", library.name, library.version);
  found.package.path = path;
  found.package.owners = std::move(owners);
  found.nuget = read_delivery(library, app);
  for (const auto& [rid, paths] : found.nuget.native_for_rid) {
    if (found.package.platforms.size() == core::limits::kMaxPackagePlatforms) break;
    found.package.platforms.push_back(rid);
  }
  if (found.package.platforms.empty() && !found.nuget.native.empty() && !app.rid.empty())
    found.package.platforms.push_back(app.rid);
  found.files = find_files(tree, found.nuget);
  found.evidence = path;
  return found;
}

class Reader {
 public:
  Reader(const FileTree& tree, std::vector<model::Problem>& problems)
      : tree_(tree), problems_(problems) {}

  void read(const std::string& path, const std::string& text) {
    const std::string_view file = core::file_name(path);
    const std::string_view name = file.substr(0, file.size() - kSuffix.size());
    if (is_framework(path, name)) return;
    const auto deps = parse_deps_json(text);
    if (!deps) {
      problems_.push_back(problem_of(path, deps.error()));
      return;
    }
    DotnetApp app = read_app(tree_, path, name, problems_);
    app.rid = deps->rid;
    auto owners = find_owners(deps->libraries, app);
    for (std::size_t i = 0; i < deps->libraries.size(); ++i)
      if (has_room(path))
        found_.push_back(found_of(tree_, path, deps->libraries[i], app, std::move(owners[i])));
  }

  std::vector<Found> take() { return std::move(found_); }

 private:
  bool has_room(const std::string& path) {
    if (found_.size() < core::limits::kMaxPackages) return true;
    if (!is_full_)
      problems_.push_back({.path = path,
                           .stage = "packages",
                           .code = "too-many-packages",
                           .message = "more packages than the " +
                                      std::to_string(core::limits::kMaxPackages) +
                                      " that are read"});
    is_full_ = true;
    return false;
  }

  const FileTree& tree_;
  std::vector<model::Problem>& problems_;
  std::vector<Found> found_;
  bool is_full_ = false;
};

}  // namespace

std::vector<Found> find_nuget_packages(const FileTree& tree,
                                       std::vector<model::Problem>& problems) {
  Reader reader(tree, problems);
  for (const auto* entry : tree.with_metadata())
    if (entry->first.ends_with(kSuffix)) reader.read(entry->first, *entry->second.metadata);
  return reader.take();
}

}  // namespace muslcheck::packages
