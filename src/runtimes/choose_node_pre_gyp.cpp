// node-pre-gyp: package.json says in binary.module_path where the module is, with placeholders
// (@mapbox/node-pre-gyp, lib/util/versioning.js, evaluate; lib/pre-binding.js, find). {libc} is
// what detect-libc says, so under musl the same template names another folder, and the package's
// own require() of the path that find() made fails. A template without {libc} names the same file
// everywhere, which is then judged as it is.

#include <string>

#include "choosers.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "node_packages.hpp"

namespace muslcheck::runtimes {
namespace {

/// "./lib/{napi_build_version}-{libc}" as a pattern for what it is on glibc: "lib/*-glibc".
std::string glibc_pattern(std::string_view module_path) {
  std::string pattern;
  for (std::size_t at = 0; at < module_path.size();) {
    const std::size_t end = module_path[at] == '{' ? module_path.find('}', at) : std::string::npos;
    if (end == std::string::npos) {
      pattern += module_path[at++];
      continue;
    }
    pattern += module_path.substr(at, end + 1 - at) == "{libc}" ? "glibc" : "*";
    at = end + 1;
  }
  return core::normalize_path(pattern);
}

}  // namespace

std::optional<Choice> choose_node_pre_gyp(const ChoiceInput& input) {
  const auto place = find_npm_place(input);
  if (!place || place->delivery.module_path.find("{libc}") == std::string::npos)
    return std::nullopt;
  const std::string folder(core::parent_path(place->inside));
  if (!core::matches_glob(glibc_pattern(place->delivery.module_path), folder)) return std::nullopt;
  constexpr std::string_view kGlibc = "glibc";
  const std::size_t at = folder.rfind(kGlibc);
  if (at == std::string::npos) return std::nullopt;  // a template that leaves {libc} with ".."
  std::string musl_folder = folder;
  musl_folder.replace(at, kGlibc.size(), "musl");
  const std::string inside = musl_folder + "/" + std::string(core::file_name(input.module.path));
  const std::string path = core::join_path(place->package.path, inside);
  Choice choice;
  if (is_native_file(input.tree, path, input.facts)) {
    choice.reason = "chosen instead on musl: " + path;
    choice.instead = path;
    return choice;
  }
  choice.reason = "node-pre-gyp looks for " + inside + " on musl";
  choice.missing =
      model::MissingVariant{.name = inside,
                            .availability = model::Availability::unknown,
                            .basis = "binary.module_path of " + name_and_version(place->package),
                            .text = "Cannot find module '/" + path + "'",
                            .confidence = model::Confidence::certain};
  return choice;
}

}  // namespace muslcheck::runtimes
