// Which files are kept whole because packages and runtimes read them. Decided by path, so that a
// layer's facts never depend on other layers.

#include "muslcheck/collect/collect.hpp"
#include "muslcheck/core/paths.hpp"

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

}  // namespace

bool is_metadata(std::string_view path) {
  if (core::file_name(path) == "package.json") return true;
  if (path == "etc/os-release" || path == "usr/lib/os-release") return true;
  // Packages that are scanned themselves; source/package_readers.hpp puts them there.
  if (path == "DEBIAN/control" || path == ".PKGINFO" || path == "GEM/metadata") return true;
  if (path.ends_with(".nuspec") && path.find('/') == std::string_view::npos) return true;
  // Debian: the database, and in distroless images one file per package.
  if (path == "var/lib/dpkg/status" || path == "var/lib/dpkg/diversions") return true;
  const std::string_view folder = core::parent_path(path);
  if (is_python_metadata(core::file_name(path), folder)) return true;
  if (folder == "var/lib/dpkg/status.d") return true;
  return folder == "var/lib/dpkg/info" && (path.ends_with(".list") || path.ends_with(".md5sums"));
}

bool is_hashed(std::string_view path) {
  const std::string_view first = path.substr(0, path.find('/'));
  if (first == "usr") return path.starts_with("usr/local/");
  return first != "bin" && first != "sbin" && !first.starts_with("lib");
}

}  // namespace muslcheck::collect
