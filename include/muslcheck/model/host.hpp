#pragma once
/// Hosts are the programs that dlopen modules: node, python, java and so on. What they are
/// recognised by and what they bring is data (rules/hosts.json).

#include <string>
#include <vector>

namespace muslcheck::model {

/// When functions that a module asks for are looked up.
enum class DlopenMode {
  now,      ///< RTLD_NOW: all of them, or it does not load
  lazy,     ///< RTLD_LAZY: each when it is first called
  preload,  ///< no dlopen: every program has it from its start (LD_PRELOAD)
};

/// One such program.
struct Host {
  std::string id;    ///< "node", "python", ..., "unknown"
  std::string name;  ///< for people: "Node.js"
  DlopenMode mode = DlopenMode::now;
  bool global = false;  ///< RTLD_GLOBAL: the module's symbols stay visible
  /// Recognition of a plugin of this host.
  std::vector<std::string> imports;  ///< globs over undefined symbols: "napi_*"
  std::vector<std::string> exports;  ///< globs over defined symbols: "PyInit_*"
  std::vector<std::string> paths;    ///< globs over the module's path: "*.node"
  /// Names of environment variables whose value has paths of plugins ("CORECLR_PROFILER_PATH").
  std::vector<std::string> environment;
  /// Why nothing on musl loads such a plugin; empty: something does.
  std::string absent_on_musl;
  /// Recognition of the runtime's own ELF file, whose exports modules may use.
  std::vector<std::string> executables;  ///< globs over paths: "usr/local/bin/node"
  /// Further files of the runtime as official images install it without a package; its musl
  /// variant brings them itself: globs over paths ("usr/local/lib/python3.*/lib-dynload/*").
  std::vector<std::string> brings;
  /// Symbols the host provides, where its own ELF is not in the image: globs.
  std::vector<std::string> provides;
  /// Sonames of the runtime itself, which are loaded before any module: "libpython3.11.so.1.0".
  std::vector<std::string> own_libraries;
  /// Sonames of the distribution that the host's musl build has loaded before any module, on the
  /// releases that have them.
  std::vector<std::string> loaded_before;
  bool operator==(const Host&) const = default;
};

}  // namespace muslcheck::model
