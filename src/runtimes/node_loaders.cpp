// Loaders of platform packages. Which package of the image has which loader is decided by the
// package's name and by the "napi" member of its package.json; the loader's own code is not kept.
// All of them ask for the package of the C library that they detect, but for Next.js, which tries
// the packages of all C libraries in a fixed order (packages/next/src/build/swc/index.ts,
// loadNative over getSupportedArchTriples).
//
// Sources of the texts, as published on npm: sharp lib/sharp.js; rollup dist/native.js,
// requireWithFriendlyError; @parcel/watcher index.js; lightningcss node/index.js; @swc/core
// binding.js; napi-rs cli/src/api/templates/js-binding.ts, createCommonBinding (version 3) and
// cli/src/js-binding/template.ts (version 2).

#include "node_loaders.hpp"

#include <array>

namespace muslcheck::runtimes {
namespace {

struct Known {
  std::string_view package;
  bool takes_wasm;
  /// In the text "{musl}" is the package asked for, "{tail}" what follows `prefix` in its name.
  std::string_view prefix;
  std::string_view text;
};

/// What "{npm}" stands for in the texts.
constexpr std::string_view kNpmBug =
    "npm has a bug related to optional dependencies (https://github.com/npm/cli/issues/4828). "
    "Please try `npm i` again after removing both package-lock.json and node_modules directory.";

constexpr std::array kKnown{
    Known{"sharp", true, "@img/sharp-",
          "Could not load the \"sharp\" module using the {tail} runtime"},
    Known{"rollup", false, "", "Cannot find module {musl}. {npm}"},
    Known{"@parcel/watcher", false, "",
          "No prebuild or local build of @parcel/watcher found. Tried {musl}. Please ensure it is "
          "installed (don't use --no-optional when installing with npm). Otherwise it is possible "
          "we don't support your platform yet. If this is the case, please report an issue to "
          "https://github.com/parcel-bundler/watcher."},
    Known{"lightningcss", false, "lightningcss-",
          "Cannot find module '../lightningcss.{tail}.node'"},
    Known{"@swc/core", false, "", "Failed to load native binding"},
    Known{"libsql", false, "", "Cannot find module '{musl}'"},
};

constexpr std::string_view kNapi3 = "Cannot find native binding. {npm}";
constexpr std::string_view kNapi2 = "Cannot find module '{musl}'";

void replace_word(std::string& text, std::string_view word, std::string_view value) {
  if (const std::size_t at = text.find(word); at != std::string::npos)
    text.replace(at, word.size(), value);
}

std::string expand(std::string_view text, std::string_view musl_package, std::string_view prefix) {
  std::string expanded(text);
  replace_word(expanded, "{npm}", kNpmBug);
  replace_word(expanded, "{musl}", musl_package);
  if (musl_package.starts_with(prefix))
    replace_word(expanded, "{tail}", musl_package.substr(prefix.size()));
  return expanded;
}

}  // namespace

NodeLoader find_node_loader(std::string_view package, const packages::NpmDelivery& delivery,
                            std::string_view musl_package) {
  NodeLoader loader;
  if (package == "next") {
    loader.known = loader.tries_all = true;
    return loader;
  }
  for (const Known& known : kKnown)
    if (known.package == package) {
      loader.known = true;
      loader.takes_wasm = known.takes_wasm;
      loader.text = expand(known.text, musl_package, known.prefix);
      return loader;
    }
  if (delivery.napi_rs == 0) return loader;
  loader.known = loader.takes_wasm = true;
  loader.text = expand(delivery.napi_rs >= 3 ? kNapi3 : kNapi2, musl_package, "");
  return loader;
}

}  // namespace muslcheck::runtimes
