// Which gems Ruby on musl sees.
//
// A gem that was compiled when it was installed has an empty file gem.build_complete in
// extensions/PLATFORM/API/NAME-VERSION, where PLATFORM is Gem::Platform.local. Without it the gem
// is left out, however many files of it there are (rubygems/rubygems,
// lib/rubygems/basic_specification.rb, extensions_dir and contains_requirable_file?;
// specification.rb, missing_extensions?). Ruby on glibc has "x86_64-linux" there (Debian's
// RubyGems too), Ruby on Alpine "x86_64-linux-musl". Bundler leaves such a gem out as well
// (bundler/source/rubygems.rb, installed_specs). What both print was tried out with Debian 12's
// Ruby and Bundler, the folder renamed.
//
// A gem with prebuilt code has a platform. RubyGems sees it if that platform matches the local one
// (lib/rubygems/platform.rb, ===): since 3.3.21 "x86_64-linux-gnu" does not match
// "x86_64-linux-musl" (ruby/rubygems#5852), while "x86_64-linux" matches both. The latter's files
// are the dynamic loader's to judge. Ruby 3.2 came with RubyGems 3.4; of older ones it is not
// known what they were updated to.

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "choosers.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"

namespace muslcheck::runtimes {
namespace {

constexpr std::string_view kBuildComplete = "gem.build_complete";

struct Arch {
  std::string_view alpine;
  std::string_view ruby;
};

constexpr std::array kArchs{Arch{"x86", "x86"}, Arch{"armv7", "arm"}, Arch{"armhf", "arm"},
                            Arch{"ppc64le", "powerpc64le"}};

/// Gem::Platform.local of Ruby on Alpine.
std::string local_platform(std::string_view arch) {
  const Arch* known = core::find_where(kArchs, [&](const Arch& a) { return a.alpine == arch; });
  const std::string cpu(known == nullptr ? arch : known->ruby);
  return cpu + (cpu == "arm" ? "-linux-musleabihf" : "-linux-musl");
}

/// The folder of gems that a gem's own folder ("HOME/gems/NAME-VERSION") is in.
std::string_view home_of(const model::Package& gem) {
  return core::parent_path(core::parent_path(gem.path));
}

/// A folder of compiled files of a gem: extensions/PLATFORM/API/NAME-VERSION.
struct Build {
  std::string platform;
  std::string api;  ///< "3.3.0"
};

std::vector<Build> find_builds(const ChoiceInput& input, const model::Package& gem) {
  std::vector<Build> builds;
  const std::string extensions = core::join_path(home_of(gem), "extensions");
  const std::string end = core::join_path(core::file_name(gem.path), kBuildComplete);
  for (const std::string& platform : input.tree.children(extensions)) {
    const std::string folder = core::join_path(extensions, platform);
    for (const std::string& api : input.tree.children(folder))
      if (input.tree.find(core::join_path(core::join_path(folder, api), end)) != nullptr)
        builds.push_back({platform, api});
  }
  return builds;
}

/// The minor version of the Ruby 3 that a folder of gems is for, by its own name
/// (vendor/bundle/ruby/3.3.0) or by what was compiled in it; nothing if neither says.
std::optional<int> ruby_minor(const ChoiceInput& input, std::string_view home) {
  std::vector<std::string> names{std::string(core::file_name(home))};
  const std::string extensions = core::join_path(home, "extensions");
  for (const std::string& platform : input.tree.children(extensions))
    for (std::string& api : input.tree.children(core::join_path(extensions, platform)))
      names.push_back(std::move(api));
  for (const std::string& name : names) {
    int minor = 0;
    if (!name.starts_with("3.")) continue;
    const auto [end, error] = std::from_chars(name.data() + 2, name.data() + name.size(), minor);
    if (error == std::errc{} && minor >= 0) return minor;
  }
  return std::nullopt;
}

/// A gem that is compiled when it is installed.
std::optional<Choice> choose_compiled(const ChoiceInput& input, const model::Package& gem) {
  const std::vector<Build> builds = find_builds(input, gem);
  const std::string local = local_platform(input.arch);
  const auto is_local = [&](const Build& build) { return build.platform == local; };
  Choice choice;
  if (builds.empty() || core::find_where(builds, is_local) != nullptr) {
    // Another platform's compiled files are dead weight beside the local ones.
    const std::string own = core::join_path(home_of(gem), "extensions/" + local);
    const std::string all = core::join_path(home_of(gem), "extensions");
    if (builds.empty() || !core::is_below(input.module.path, all) ||
        core::is_below(input.module.path, own))
      return choice;
    choice.unused = true;
    choice.reason = "Ruby on musl looks below /" + own;
    return choice;
  }
  const std::string_view full_name = core::file_name(gem.path);
  choice.missing = model::MissingVariant{
      .name = "extensions/" + local + "/" + builds.front().api + "/" + std::string(full_name),
      .availability = model::Availability::published,
      .basis = "the gem is compiled when it is installed",
      .text = "Ignoring " + std::string(full_name) +
              " because its extensions are not built. Try: gem pristine " + gem.name +
              " --version " + gem.version};
  choice.reason =
      "RubyGems on musl looks for gem.build_complete below extensions/" + local +
      ", not extensions/" + builds.front().platform + "; Bundler says: Could not find " +
      std::string(full_name) +
      " in locally installed gems (Bundler::GemNotFound), older ones: in any of the sources";
  return choice;
}

/// A gem with prebuilt code for glibc alone.
std::optional<Choice> choose_prebuilt(const ChoiceInput& input, const model::Package& gem,
                                      const std::string& platform) {
  constexpr std::string_view kGnu = "-linux-gnu";
  constexpr int kFirstWithLibc = 2;
  const std::size_t gnu = platform.find(kGnu);
  const auto minor = ruby_minor(input, home_of(gem));
  Choice choice;
  if (gnu == std::string::npos || (minor && *minor < kFirstWithLibc)) return choice;
  const std::string musl =
      platform.substr(0, gnu) + "-linux-musl" + platform.substr(gnu + kGnu.size());
  const std::string full_name = gem.name + "-" + gem.version + "-" + musl;
  const std::string folder = core::join_path(core::parent_path(gem.path), full_name);
  choice.reason = "RubyGems on musl does not see gems for " + platform;
  if (input.tree.find(folder) != nullptr) {
    choice.instead = folder;
    choice.reason += "; it takes " + folder;
    return choice;
  }
  choice.missing = model::MissingVariant{
      .name = full_name,
      .availability = model::Availability::published,
      .basis =
          "gems are published for linux-gnu where there is one for linux-musl too "
          "(rake-compiler/rake-compiler-dock#117), and from source otherwise",
      .confidence = minor ? model::Confidence::certain : model::Confidence::likely};
  choice.reason += "; Bundler says: Could not find " + std::string(core::file_name(gem.path)) +
                   " in locally installed gems (Bundler::GemNotFound)";
  return choice;
}

}  // namespace

std::optional<Choice> choose_ruby(const ChoiceInput& input) {
  if (!input.module.package) return std::nullopt;
  const model::Package& gem = input.packages.packages[*input.module.package];
  if (gem.ecosystem != "gem" || gem.path.empty()) return std::nullopt;
  // What a program of the gem runs is not required by Ruby.
  if (input.module.role == model::Role::executable) return std::nullopt;
  if (gem.platforms.empty()) return choose_compiled(input, gem);
  return choose_prebuilt(input, gem, gem.platforms.front());
}

}  // namespace muslcheck::runtimes
