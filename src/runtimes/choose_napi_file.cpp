// Files that a loader made by napi-rs looks for in its own folder, before it asks for a platform
// package: NAME.linux-x64-gnu.node, on musl NAME.linux-x64-musl.node (napi-rs,
// cli/src/api/templates/js-binding.ts, requireTuple). A package that is published with such files
// beside its loader has all of them; what is not there is nowhere.

#include <algorithm>
#include <string>

#include "choosers.hpp"
#include "musl_names.hpp"
#include "muslcheck/core/paths.hpp"
#include "node_loaders.hpp"
#include "node_packages.hpp"

namespace muslcheck::runtimes {
namespace {

/// "x.linux-x64-musl.node" for "x.linux-x64-gnu.node"; empty for a name without glibc's word.
std::string musl_file(std::string_view name) {
  if (name.find("-gnu") == std::string_view::npos) return {};
  const auto names = musl_file_names(name);
  return names.empty() ? std::string() : names.front();
}

/// "linux-x64-musl" of "x.linux-x64-musl.node".
std::string_view platform_in(std::string_view name) {
  const std::size_t end = name.rfind('.');
  const std::size_t start = name.rfind('.', end - 1);
  return start == std::string_view::npos ? std::string_view()
                                         : name.substr(start + 1, end - start - 1);
}

/// The platform package for musl among the package's own optional dependencies; empty if none.
std::string find_listed(const packages::NpmDelivery& delivery, std::string_view platform) {
  const auto& names = delivery.optional_dependencies;
  const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return !platform.empty() && name.ends_with("-" + std::string(platform));
  });
  return found == names.end() ? std::string() : *found;
}

Choice take(std::string file) {
  Choice choice;
  choice.reason = "chosen instead on musl: " + file;
  choice.instead = std::move(file);
  return choice;
}

}  // namespace

std::optional<Choice> choose_napi_file(const ChoiceInput& input) {
  const auto place = find_npm_place(input);
  if (!place || place->delivery.napi_rs == 0 || !input.module.path.ends_with(".node"))
    return std::nullopt;
  const std::string_view folder = core::parent_path(input.module.path);
  const std::string musl = musl_file(core::file_name(input.module.path));
  if (musl.empty()) return std::nullopt;
  if (std::string file = core::join_path(folder, musl);
      is_native_file(input.tree, file, input.facts))
    return take(std::move(file));
  const std::string listed = find_listed(place->delivery, platform_in(musl));
  if (!listed.empty()) {
    const std::string other = resolve_package(input.tree, place->package.path, listed);
    if (std::string file = find_native_file(input.tree, other, "", input.facts);
        !other.empty() && !file.empty())
      return take(std::move(file));
  }
  const NodeLoader loader = find_node_loader(place->package.name, place->delivery, listed);
  Choice choice;
  choice.reason =
      place->package.name + " asks for " + (listed.empty() ? musl : listed) + " on musl";
  choice.missing = model::MissingVariant{
      .name = listed.empty() ? musl : listed,
      .availability =
          listed.empty() ? model::Availability::not_published : model::Availability::published,
      .basis = listed.empty()
                   ? "files of " + name_and_version(place->package) + " itself: none is for musl"
                   : "optionalDependencies of " + name_and_version(place->package),
      .text = listed.empty() && place->delivery.napi_rs < 3 ? std::string() : loader.text,
      .confidence = model::Confidence::likely};
  return choice;
}

}  // namespace muslcheck::runtimes
