// Files that prebuildify made and node-gyp-build finds: PACKAGE/prebuilds/linux-x64/NAME.TAGS.node,
// or, for node-gyp-build-optional-packages, the same names at the root of a platform package.
//
// node-gyp-build.js, function load.resolve: the first .node file of build/Release, then of
// build/Debug, and only then the prebuilt ones. Of those matchTags leaves out the ones with a libc
// tag that is not the running libc; a file without the tag matches any. So a file tagged glibc is
// never opened on musl, and what is opened instead is in the same folder or nowhere. (Files that
// a musl-tagged one goes before are siblings: musl_sibling.cpp.)

#include <algorithm>
#include <string>

#include "choosers.hpp"
#include "musl_names.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "node_packages.hpp"

namespace muslcheck::runtimes {
namespace {

constexpr const char* kNodeGypBuild = "node-gyp-build";
constexpr const char* kOptionalPackages = "node-gyp-build-optional-packages";

bool depends_on(const packages::NpmDelivery& delivery, const char* name) {
  const auto& names = delivery.dependencies;
  return std::binary_search(names.begin(), names.end(), std::string(name));
}

/// parseTuple: "linux-x64", "darwin-x64+arm64".
bool is_tuple_folder(std::string_view folder) {
  const auto words = core::split(core::file_name(folder), '-');
  return core::file_name(core::parent_path(folder)) == "prebuilds" && words.size() == 2 &&
         words.front() == "linux" && !words.back().empty();
}

/// The root of a platform package of one that loads with node-gyp-build-optional-packages.
bool is_platform_root(const ChoiceInput& input, const NpmPlace& place, std::string_view folder) {
  if (folder != place.package.path) return false;
  const auto dependents = input.packages.npm_optional_dependents.find(place.package.name);
  return dependents != input.packages.npm_optional_dependents.end() &&
         std::any_of(dependents->second.begin(), dependents->second.end(), [&](std::size_t number) {
           return depends_on(delivery_of(input.packages, number), kOptionalPackages);
         });
}

/// The first file of build/Release or build/Debug, which goes before every prebuilt one.
std::string find_local_build(const ChoiceInput& input, const NpmPlace& place) {
  if (!depends_on(place.delivery, kNodeGypBuild) && !depends_on(place.delivery, kOptionalPackages))
    return {};
  for (const char* build : {"build/Release", "build/Debug"}) {
    const std::string folder = core::join_path(place.package.path, build);
    for (const std::string& name : input.tree.children(folder))
      if (name.ends_with(".node")) return core::join_path(folder, name);
  }
  return {};
}

/// Which of the folder's files node-gyp-build takes on musl where glibc's `own` is left out: the
/// one that matches wherever `own` would, else any that musl may take under another Node.
std::string find_other(const ChoiceInput& input, std::string_view folder, const PrebuildTags& own) {
  std::string other_node;
  for (const std::string& name : input.tree.children(folder)) {
    const auto tags = parse_prebuild_tags(name);
    if (!tags || tags->libc == "glibc") continue;
    std::string path = core::join_path(folder, name);
    if (!is_native_file(input.tree, path, input.facts)) continue;
    if (matches_wherever(*tags, own)) return path;
    if (other_node.empty()) other_node = std::move(path);
  }
  return other_node;
}

Choice take(std::string file, const char* why) {
  Choice choice;
  choice.reason = why + file;
  choice.instead = std::move(file);
  return choice;
}

/// "x64" of ".../prebuilds/linux-x64" or of "@lmdb/lmdb-linux-x64".
std::string arch_in(std::string_view folder) {
  return std::string(core::split(core::file_name(folder), '-').back());
}

Choice find_nothing(const NpmPlace& place, std::string_view folder) {
  const std::string in_package(core::is_below(folder, place.package.path) &&
                                       folder.size() > place.package.path.size()
                                   ? folder.substr(place.package.path.size() + 1)
                                   : folder);
  Choice choice;
  choice.reason = "node-gyp-build passes over files tagged glibc";
  choice.missing = model::MissingVariant{
      .name = in_package + "/*.musl.node",
      .availability = model::Availability::not_published,
      .basis = "files of " + name_and_version(place.package) + " itself: none there is for musl",
      .text = "No native build was found for platform=linux arch=" + arch_in(folder) +
              " runtime=node abi=… uv=1 libc=musl node=…",
      .confidence =
          depends_on(place.delivery, kNodeGypBuild) || depends_on(place.delivery, kOptionalPackages)
              ? model::Confidence::certain
              : model::Confidence::likely};
  return choice;
}

}  // namespace

std::optional<Choice> choose_prebuild(const ChoiceInput& input) {
  const auto tags = parse_prebuild_tags(core::file_name(input.module.path));
  const auto place = find_npm_place(input);
  if (!tags || !place) return std::nullopt;
  const std::string_view folder = core::parent_path(input.module.path);
  const bool is_tuple = is_tuple_folder(folder);
  if (!is_tuple && !is_platform_root(input, *place, folder)) return std::nullopt;
  if (is_tuple)
    if (std::string local = find_local_build(input, *place); !local.empty())
      return take(std::move(local), "node-gyp-build takes what was built on the spot first: ");
  if (tags->libc != "glibc") return std::nullopt;
  if (std::string other = find_other(input, folder, *tags); !other.empty())
    return take(std::move(other), "tagged glibc; chosen instead on musl: ");
  return find_nothing(*place, folder);
}

}  // namespace muslcheck::runtimes
