#pragma once
/// Who loads a module, and whether it would be chosen on musl at all.

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/model/host.hpp"
#include "muslcheck/model/module.hpp"

namespace muslcheck::runtimes {

/// Executable, library or plugin, and for a plugin the host that loads it.
struct Loading {
  model::Role role = model::Role::library;
  const model::Host* host = nullptr;  ///< null: executable or library, or no host recognised
  std::string evidence;               ///< "imports napi_create_function"
};

/// Decides from the file's own imports, exports and place. `hosts` is rules/hosts.json in its
/// order, which is the order of preference; the result points into it.
[[nodiscard]] Loading find_loading(std::string_view path, const model::ElfFacts& facts,
                                   const std::vector<model::Host>& hosts);

/// The modules that the image's environment names (Host::environment), by in-image path without
/// links: they are loaded by that host whatever else they are. `env` has "NAME=value" entries.
[[nodiscard]] std::map<std::string, Loading, std::less<>> find_environment_modules(
    const std::vector<std::string>& env, const filesystem::FileTree& tree,
    const std::vector<model::Host>& hosts);

/// Finds runtimes among the ELF files of an image. Made once for all hosts, since most files of an
/// image are none. The tree outlives it.
class RuntimeFinder {
 public:
  explicit RuntimeFinder(const filesystem::FileTree& tree);

  /// The runtime's own ELF file in the image (usr/local/bin/node), null if it has none.
  [[nodiscard]] const filesystem::Node* find(const model::Host& host) const;

 private:
  [[nodiscard]] const filesystem::Node* find_match(std::string_view glob) const;

  const filesystem::FileTree& tree_;
  std::vector<std::string_view> paths_;  ///< of ELF files and links, sorted
};

/// The musl sibling that the module's host would choose instead of it: a platform package
/// installed beside it (…-linux-x64-gnu / …-linux-x64-musl, linux-x64 / linuxmusl-x64), or a
/// *.musl.node in the same prebuilds folder. Empty if there is none.
/// (node-gyp-build's match order; npm's `libc` field; napi-rs and sharp package names.)
[[nodiscard]] std::string find_musl_sibling(std::string_view path,
                                            const filesystem::FileTree& tree);

}  // namespace muslcheck::runtimes
