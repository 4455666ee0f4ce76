// Runtimes that official images install without a package, or with their makers' own: node below
// /usr/local, the JDK below /opt/java/openjdk, nginx.org's packages. The new base, if it is the
// Alpine variant of the same image, brings them at the same place. Those that people put elsewhere
// (nvm, sdkman) or that come from a second image it does not bring.
//
// A runtime is found by its program, an ELF file: a folder that only has the name of one is none.
// Which version it is, the Env of the official image says, else the place or the program's name,
// else the package that has it.

#include "muslcheck/runtimes/language_runtimes.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "runtimes/environment.hpp"

namespace muslcheck::runtimes {
namespace {

using filesystem::FileTree;
using model::Runtime;
using model::RuntimeRecogniser;

constexpr std::string_view kDigits = "0123456789";

/// The first number with its parts: "17.0.9" of "jdk-17.0.9+9", "16.1" of "16.1-1.pgdg120+1".
std::string number_in(std::string_view text) {
  const auto begin = text.find_first_of(kDigits);
  if (begin == std::string_view::npos) return {};
  const auto end = std::min(text.find_first_not_of("0123456789.", begin), text.size());
  std::string_view number = text.substr(begin, end - begin);
  while (number.ends_with('.')) number.remove_suffix(1);
  return std::string(number);
}

/// "1:20.11.1-1" is upstream's 20.11.1 (Debian policy 5.6.12).
std::string upstream_version(std::string_view version) {
  const auto colon = version.find(':');
  return number_in(colon == std::string_view::npos ? version : version.substr(colon + 1));
}

/// The home of a program that matches HOME/PROGRAM; empty if it does not.
std::string home_of(std::string_view path, std::string_view home, std::string_view program) {
  if (!core::matches_glob(core::join_path(home, program), path)) return {};
  std::string_view folder = path;
  for (std::size_t parts = core::split(program, '/').size(); parts > 0; --parts)
    folder = core::parent_path(folder);
  return core::matches_glob(home, folder) ? std::string(folder) : std::string();
}

/// The newest version among the folders of a folder.
std::string newest_child(const FileTree& tree, const std::string& folder) {
  std::string newest;
  for (const std::string& name : tree.children(folder))
    if (number_in(name) == name && name > newest) newest = name;
  return newest;
}

bool has_file(const FileTree& tree, const std::string& home, const std::string& glob) {
  const std::string folder = core::join_path(home, core::parent_path(glob));
  for (const std::string& name : tree.children(folder))
    if (core::matches_glob(core::file_name(glob), name)) return true;
  return false;
}

/// Suffixes of tags that fit what is there, the plain one last.
std::vector<std::string> tag_suffixes(const RuntimeRecogniser& known, const std::string& home,
                                      const FileTree& tree) {
  std::vector<std::string> suffixes;
  for (const model::RuntimeFlavour& flavour : known.flavours)
    if ((flavour.with.empty() || has_file(tree, home, flavour.with)) &&
        (flavour.without.empty() || !has_file(tree, home, flavour.without)))
      suffixes.push_back(flavour.suffix);
  if (!core::contains(suffixes, std::string())) suffixes.emplace_back();
  return suffixes;
}

/// "8.0-alpine" of "{major}.{minor}-alpine"; empty if the version has too few parts.
std::string tag_by_pattern(std::string pattern, std::string_view version) {
  const auto parts = core::split(version, '.');
  const std::string_view names[] = {"{major}", "{minor}"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    const auto at = pattern.find(names[i]);
    if (at == std::string::npos) continue;
    if (i >= parts.size() || parts[i].empty()) return {};
    pattern.replace(at, names[i].size(), parts[i]);
  }
  return pattern;
}

class Finder {
 public:
  Finder(const RuntimeSearch& search, std::string_view release)
      : search_(search), release_(release) {}

  std::vector<Runtime> find() {
    std::vector<std::string_view> elf_files;
    for (const auto& [path, node] : search_.tree.nodes())
      if (node.elf != nullptr) elf_files.push_back(path);
    for (const RuntimeRecogniser& known : search_.known)
      for (const bool at_home : {true, false})
        for (const std::string& home : at_home ? known.homes : known.others)
          for (const std::string_view path : elf_files) try_program(known, path, home, at_home);
    return std::move(found_);
  }

 private:
  void try_program(const RuntimeRecogniser& known, std::string_view path,
                   const std::string& home_glob, bool at_home) {
    for (const std::string& program : known.programs) {
      const std::string home = home_of(path, home_glob, program);
      if (home.empty() || is_known(known.id, home, path)) continue;
      found_.push_back(describe(known, path, home, at_home));
    }
  }

  /// A JDK has a JRE inside; that is no second one.
  [[nodiscard]] bool is_known(const std::string& id, const std::string& home,
                              std::string_view program) const {
    return core::find_where(found_, [&](const Runtime& runtime) {
             return runtime.id == id && (runtime.home == home || belongs_to(runtime, program, {}));
           }) != nullptr;
  }

  [[nodiscard]] Runtime describe(const RuntimeRecogniser& known, std::string_view path,
                                 const std::string& home, bool at_home) const {
    Runtime runtime{.id = known.id, .name = known.name, .home = home, .program = std::string(path)};
    const auto owner = search_.packages.owner(path);
    const model::Package* package = owner ? &search_.packages.packages[*owner] : nullptr;
    const std::string variable = set_variable(known);
    const bool of_distribution = package != nullptr && package->distribution;
    runtime.at_home = at_home && (!of_distribution || !variable.empty());
    runtime.distribution = of_distribution && !runtime.at_home;
    runtime.version = version_of(known, runtime, variable, package);
    runtime.how = "/" + runtime.program;
    if (runtime.at_home && !variable.empty()) runtime.how = variable + " and " + runtime.how;
    for (const std::string& glob : known.brings)
      runtime.brings.push_back(core::join_path(home, glob));
    runtime.brings.insert(runtime.brings.end(), known.also.begin(), known.also.end());
    for (const std::string& glob : known.keeps)
      runtime.keeps.push_back(core::join_path(home, glob));
    runtime.packages = known.packages;
    add_tag(known, runtime);
    return runtime;
  }

  [[nodiscard]] std::string set_variable(const RuntimeRecogniser& known) const {
    for (const std::string& name : known.env)
      if (environment_value(search_.image.config.env, name)) return name;
    return {};
  }

  [[nodiscard]] std::string version_of(const RuntimeRecogniser& known, const Runtime& runtime,
                                       const std::string& variable,
                                       const model::Package* package) const {
    std::string version;
    if (runtime.at_home && !variable.empty())
      version = number_in(*environment_value(search_.image.config.env, variable));
    if (version.empty() && !known.version_folder.empty())
      version = newest_child(search_.tree, core::join_path(runtime.home, known.version_folder));
    if (version.empty() && package != nullptr && package->ecosystem != "npm")
      version = upstream_version(package->version);
    if (version.empty()) version = number_in(core::file_name(runtime.home));
    if (version.empty()) version = number_in(core::file_name(runtime.program));
    return version;
  }

  void add_tag(const RuntimeRecogniser& known, Runtime& runtime) const {
    if (runtime.version.empty()) {
      if (runtime.at_home) runtime.image = known.image + ":alpine";
      return;
    }
    const auto suffixes = tag_suffixes(known, runtime.home, search_.tree);
    const auto find = [&](std::string_view release) {
      return find_image_tag(search_.tags, known.image, runtime.version, suffixes, release);
    };
    const model::ImageTag* tag = find(release_);
    if (tag == nullptr) tag = find({});
    if (tag != nullptr) {
      runtime.image = tag->image + ":" + tag->alpine;
      runtime.release = tag->release;
    } else if (!known.tag_pattern.empty()) {
      const std::string by_rule = tag_by_pattern(known.tag_pattern, runtime.version);
      if (!by_rule.empty()) runtime.image = known.image + ":" + by_rule;
    }
  }

  const RuntimeSearch& search_;
  std::string_view release_;
  std::vector<Runtime> found_;
};

/// The last program of the start that is a runtime's: what is run in the end.
const Runtime* started(const std::vector<Runtime>& runtimes, const model::SourceInfo& image) {
  for (auto step = image.program.rbegin(); step != image.program.rend(); ++step)
    for (const Runtime& runtime : runtimes)
      if (!step->path.empty() &&
          (step->path == runtime.program || belongs_to(runtime, step->path, {})))
        return &runtime;
  return nullptr;
}

/// "node" of "docker.io/library/node:20", "mcr.microsoft.com/dotnet/aspnet" of that.
bool is_tag_of(std::string_view name, std::string_view image) {
  for (const std::string_view registry : {"docker.io/", "library/"})
    if (name.starts_with(registry)) name.remove_prefix(registry.size());
  return name.substr(0, name.find_first_of(":@")) == image;
}

const Runtime* of_base(const std::vector<Runtime>& runtimes, const RuntimeSearch& search) {
  if (!search.image.base) return nullptr;
  for (const RuntimeRecogniser& known : search.known)
    for (const Runtime& runtime : runtimes)
      if (runtime.id == known.id && runtime.at_home &&
          is_tag_of(search.image.base->name, known.image))
        return &runtime;
  return nullptr;
}

const Runtime* find_main(const std::vector<Runtime>& runtimes, const RuntimeSearch& search) {
  if (const Runtime* runtime = started(runtimes, search.image)) return runtime;
  if (const Runtime* runtime = of_base(runtimes, search)) return runtime;
  if (const Runtime* runtime =
          core::find_where(runtimes, [](const Runtime& one) { return one.at_home; }))
    return runtime;
  // One of the distribution that nothing starts may be there for a tool alone.
  return core::find_where(runtimes, [](const Runtime& one) { return !one.distribution; });
}

}  // namespace

std::vector<Runtime> find_language_runtimes(const RuntimeSearch& search, std::string_view release) {
  std::vector<Runtime> runtimes = Finder(search, release).find();
  const Runtime* main = find_main(runtimes, search);
  if (main == nullptr) return runtimes;
  const auto at = runtimes.begin() + (main - runtimes.data());
  std::rotate(runtimes.begin(), at, at + 1);
  Runtime& first = runtimes.front();
  first.is_main = true;
  // In place of the distribution's, too: the image is chosen for its version.
  first.in_new_base = (first.at_home || first.distribution) && !first.image.empty();
  return runtimes;
}

bool belongs_to(const Runtime& runtime, std::string_view path, std::string_view package_name) {
  if (!package_name.empty() && core::matches_any(runtime.packages, package_name)) return true;
  return core::matches_any(runtime.brings, path) && !core::matches_any(runtime.keeps, path);
}

}  // namespace muslcheck::runtimes
