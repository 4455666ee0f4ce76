#pragma once
/// Hosts are the programs that dlopen modules: node, python, java and so on. What they are
/// recognised by and what they bring is data (rules/hosts.json).

#include <string>
#include <vector>

namespace muslcheck::model {

enum class DlopenMode { now, lazy };

struct Host {
  std::string id;    ///< "node", "python", ..., "unknown"
  std::string name;  ///< for people: "Node.js"
  DlopenMode mode = DlopenMode::now;
  bool global = false;  ///< RTLD_GLOBAL: the module's symbols stay visible
  /// Recognition of a plugin of this host.
  std::vector<std::string> imports;  ///< globs over undefined symbols: "napi_*"
  std::vector<std::string> exports;  ///< globs over defined symbols: "PyInit_*"
  std::vector<std::string> paths;    ///< globs over the module's path: "*.node"
  /// Recognition of the runtime's own ELF file, whose exports modules may use.
  std::vector<std::string> executables;  ///< globs over paths: "usr/local/bin/node"
  /// Further files of the runtime as official images install it without a package; its musl
  /// variant brings them itself: globs over paths ("usr/local/lib/python3.*/lib-dynload/*").
  std::vector<std::string> brings;
  /// Symbols the host provides, where its own ELF is not in the image: globs.
  std::vector<std::string> provides;
  /// Sonames that the host's musl build has loaded before any module.
  std::vector<std::string> loaded_before;
  bool operator==(const Host&) const = default;
};

}  // namespace muslcheck::model
