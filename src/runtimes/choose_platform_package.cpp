// Platform packages of npm. A package lists one package per platform among its optional
// dependencies; npm installs those whose `os`, `cpu` and `libc` fit, and at run time the package's
// loader asks for the one of the C library that it detects. So the list itself decides: where it
// names a musl sibling of the module's package, the module is never opened on musl, whatever it is
// built for. Where it names none, nothing is known of what the loader would ask for, and the file
// is judged as it is (esbuild's static programs are one package for every libc).

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "choosers.hpp"
#include "musl_names.hpp"
#include "muslcheck/core/paths.hpp"
#include "node_loaders.hpp"
#include "node_packages.hpp"

namespace muslcheck::runtimes {
namespace {

using packages::NpmDelivery;

bool names(const std::vector<std::string>& sorted, const std::string& name) {
  return std::binary_search(sorted.begin(), sorted.end(), name);
}

/// A package that has the module's package as an optional dependency, and its musl sibling too.
struct Parent {
  const model::Package* package = nullptr;
  const NpmDelivery* delivery = nullptr;
  std::string musl_package;
};

/// The parent whose require() finds the module's package, else the first that lists it: where
/// links were lost in copying, the list is still true.
std::optional<Parent> find_parent(const ChoiceInput& input, const NpmPlace& place) {
  const auto dependents = input.packages.npm_optional_dependents.find(place.package.name);
  if (dependents == input.packages.npm_optional_dependents.end()) return std::nullopt;
  std::optional<Parent> first;
  for (const std::size_t number : dependents->second) {
    const NpmDelivery& delivery = delivery_of(input.packages, number);
    const model::Package& package = input.packages.packages.at(number);
    for (const std::string& musl : musl_package_names(place.package.name)) {
      if (!names(delivery.optional_dependencies, musl)) continue;
      Parent parent{&package, &delivery, musl};
      if (resolve_package(input.tree, package.path, place.package.name) == place.package.path)
        return parent;
      if (!first) first = std::move(parent);
      break;
    }
  }
  return first;
}

/// The first file of a package that ends so, not looking into the packages below it.
std::string find_file(const ChoiceInput& input, const std::string& folder, std::string_view end) {
  const std::string prefix = folder + "/";
  const auto& nodes = input.tree.nodes();
  for (auto at = nodes.lower_bound(prefix); at != nodes.end() && at->first.starts_with(prefix);
       ++at)
    if (at->first.ends_with(end) &&
        at->first.find("/node_modules/", prefix.size() - 1) == std::string::npos)
      return at->first;
  return {};
}

/// Installed WebAssembly that the parent's loader falls back to; empty if there is none. napi-rs
/// looks beside the loader (nx has it there), then for a package.
std::string find_wasm(const ChoiceInput& input, const Parent& parent) {
  if (std::string own = find_file(input, parent.package->path, ".wasm32-wasi.wasm"); !own.empty())
    return own;
  for (const std::string& name : parent.delivery->optional_dependencies) {
    if (name.find("-wasm32") == std::string::npos) continue;
    const std::string folder = resolve_package(input.tree, parent.package->path, name);
    if (folder.empty()) continue;
    if (std::string file = find_file(input, folder, ".wasm"); !file.empty()) return file;
  }
  return {};
}

/// The folder in which pnpm or Yarn keeps every package in a folder of its own; empty elsewhere.
std::string_view store_of(std::string_view path) {
  for (const std::string_view store : {"/.pnpm/", ".yarn/unplugged/"})
    if (const std::size_t at = path.find(store); at != std::string_view::npos)
      return path.substr(0, at + store.size());
  return {};
}

/// The sibling in the same store. Yarn's Plug'n'Play resolves by a table that is a program, and
/// pnpm's links may have been lost in copying; siblings have one version.
std::string find_stored(const ChoiceInput& input, const NpmPlace& place, const Parent& parent) {
  const std::string_view store = store_of(place.package.path);
  if (store.empty()) return {};
  const auto& all = input.packages.packages;
  const auto key = [](const model::Package& package) {
    return std::tie(package.ecosystem, package.name, package.version);
  };
  const auto wanted = std::tie(place.package.ecosystem, parent.musl_package, place.package.version);
  auto at = std::lower_bound(
      all.begin(), all.end(), wanted,
      [&](const model::Package& package, const auto& other) { return key(package) < other; });
  for (; at != all.end() && key(*at) == wanted; ++at)
    if (at->path.starts_with(store)) return at->path;
  return {};
}

std::string find_installed(const ChoiceInput& input, const NpmPlace& place, const Parent& parent) {
  std::string folder = resolve_package(input.tree, parent.package->path, parent.musl_package);
  if (folder.empty()) folder = find_stored(input, place, parent);
  return folder.empty() ? std::string()
                        : find_native_file(input.tree, folder, place.inside, input.facts);
}

Choice take(std::string file) {
  Choice choice;
  choice.reason = "chosen instead on musl: " + file;
  choice.instead = std::move(file);
  return choice;
}

Choice find_nothing(const Parent& parent, NodeLoader loader) {
  Choice choice;
  choice.reason = parent.package->name + " asks for " + parent.musl_package + " on musl";
  choice.missing = model::MissingVariant{
      .name = parent.musl_package,
      .availability = model::Availability::published,
      .basis = "optionalDependencies of " + name_and_version(*parent.package),
      .text = std::move(loader.text),
      .confidence = loader.known ? model::Confidence::certain : model::Confidence::likely};
  return choice;
}

}  // namespace

std::optional<Choice> choose_platform_package(const ChoiceInput& input) {
  const auto place = find_npm_place(input);
  if (!place) return std::nullopt;
  // A static program runs on any libc, and loaders that know so take it everywhere.
  if (input.module.libc.libc == model::Libc::static_ &&
      std::find(place->package.platforms.begin(), place->package.platforms.end(), "libc=glibc") ==
          place->package.platforms.end())
    return std::nullopt;
  const auto parent = find_parent(input, *place);
  if (!parent) return std::nullopt;
  if (std::string file = find_installed(input, *place, *parent); !file.empty())
    return take(std::move(file));
  // A library is looked for by the module that needs it, not by a loader.
  if (input.module.role == model::Role::library) return std::nullopt;
  NodeLoader loader =
      find_node_loader(parent->package->name, *parent->delivery, parent->musl_package);
  if (loader.tries_all) {
    Choice choice;
    choice.reason = parent->package->name + " tries the packages of every libc";
    return choice;
  }
  if (loader.takes_wasm)
    if (std::string file = find_wasm(input, *parent); !file.empty()) return take(std::move(file));
  return find_nothing(*parent, std::move(loader));
}

}  // namespace muslcheck::runtimes
