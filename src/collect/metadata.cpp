// Which files are kept whole because packages and runtimes read them. Decided by path, so that a
// layer's facts never depend on other layers.

#include <array>

#include "muslcheck/collect/collect.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"

namespace muslcheck::collect {

namespace {

/// What pip, setuptools, distutils and conda write about an installed package. Any folder may be
/// one that Python imports from (pip install --target), so the place does not count.
bool is_python_metadata(std::string_view name, std::string_view folder) {
  if (folder.ends_with(".dist-info"))
    return name == "METADATA" || name == "RECORD" || name == "WHEEL" || name == "top_level.txt";
  if (folder.ends_with(".egg-info") || core::file_name(folder) == "EGG-INFO")
    return name == "PKG-INFO" || name == "requires.txt" || name == "installed-files.txt" ||
           name == "top_level.txt";
  return name.ends_with(".egg-info") ||
         (name.ends_with(".json") && core::file_name(folder) == "conda-meta");
}

constexpr std::array<std::string_view, 4> kNpmLockfiles{"package-lock.json", "npm-shrinkwrap.json",
                                                        "yarn.lock", "pnpm-lock.yaml"};

// Where distributions keep rpm's database: of old, since Fedora 36 and in SUSE, in ostree images.
constexpr std::array<std::string_view, 3> kRpmFolders{"var/lib/rpm", "usr/lib/sysimage/rpm",
                                                      "usr/share/rpm"};
constexpr std::array<std::string_view, 4> kRpmFiles{"rpmdb.sqlite", "rpmdb.sqlite-wal",
                                                    "Packages.db", "Packages"};

bool is_rpm_database(std::string_view path) {
  const std::string_view folder = core::parent_path(path);
  if (!core::contains(kRpmFolders, folder)) return false;
  return core::contains(kRpmFiles, core::file_name(path));
}

/// Those of npm, Yarn and pnpm: the application's, and what was installed by it. Packages are
/// published with theirs, which nobody reads.
bool is_npm_lockfile(std::string_view path, std::string_view name) {
  if (name == ".package-lock.json")
    return core::file_name(core::parent_path(path)) == "node_modules";
  if (name == "lock.yaml") return path.ends_with("node_modules/.pnpm/lock.yaml");
  return core::contains(kNpmLockfiles, name) &&
         path.find("node_modules/") == std::string_view::npos;
}

constexpr std::array<std::string_view, 6> kShells{"sh", "bash", "dash", "ash", "ksh", "zsh"};

}  // namespace

bool is_metadata(std::string_view path) {
  if (is_npm_lockfile(path, core::file_name(path))) return true;
  if (core::file_name(path) == "package.json") return true;
  // Ruby: installed gems, and what the application asks for. PHP: Composer's packages.
  if (path.ends_with(".gemspec"))
    return core::file_name(core::parent_path(path)) == "specifications";
  if (core::file_name(path) == "Gemfile.lock") return true;
  if (core::file_name(path) == "installed.json")
    return core::file_name(core::parent_path(path)) == "composer";
  // .NET: of applications, not of the runtime's own frameworks and not of the SDK.
  if (path.ends_with(".deps.json") || path.ends_with(".runtimeconfig.json"))
    return path.find("/dotnet/sdk/") == std::string_view::npos;
  if (path == "etc/os-release" || path == "usr/lib/os-release") return true;
  // Packages that are scanned themselves; source/package_readers.hpp puts them there.
  if (path == "DEBIAN/control" || path == ".PKGINFO" || path == "GEM/metadata" ||
      path == "RPM/header")
    return true;
  if (path.ends_with(".nuspec") && path.find('/') == std::string_view::npos) return true;
  // Debian: the database, and in distroless images one file per package.
  if (path == "var/lib/dpkg/status" || path == "var/lib/dpkg/diversions") return true;
  // Which packages apt installed only because others need them.
  if (path == "var/lib/apt/extended_states") return true;
  const std::string_view folder = core::parent_path(path);
  if (is_python_metadata(core::file_name(path), folder)) return true;
  if (folder == "var/lib/dpkg/status.d") return true;
  if (path == "lib/apk/db/installed" || path == "usr/lib/apk/db/installed") return true;
  if (is_rpm_database(path)) return true;
  return folder == "var/lib/dpkg/info" && (path.ends_with(".list") || path.ends_with(".md5sums"));
}

std::uint64_t max_metadata_size(std::string_view path) {
  if (is_npm_lockfile(path, core::file_name(path))) return core::limits::kMaxLockfile;
  return is_rpm_database(path) ? core::limits::kMaxRpmDatabase : core::limits::kMaxMetadataFile;
}

bool is_hashed(std::string_view path) {
  const std::string_view first = path.substr(0, path.find('/'));
  if (first == "usr") return path.starts_with("usr/local/");
  return first != "bin" && first != "sbin" && !first.starts_with("lib");
}

bool is_script_kept(std::string_view path, std::string_view shebang) {
  if (!is_hashed(path)) return false;
  std::string_view interpreter = shebang;
  if (interpreter.starts_with("/usr/bin/env ")) {
    interpreter.remove_prefix(std::string_view("/usr/bin/env ").size());
    if (interpreter.starts_with("-S ")) interpreter.remove_prefix(3);
  }
  interpreter = interpreter.substr(0, interpreter.find(' '));
  return core::contains(kShells, core::file_name(interpreter));
}

}  // namespace muslcheck::collect
