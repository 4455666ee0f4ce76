#pragma once
/// Packages that files belong to.

#include <string>
#include <vector>

namespace muslcheck::model {

/// A package found in the image.
struct Package {
  std::string purl;  ///< package URL by the purl specification
  std::string
      ecosystem;     ///< purl type: "npm", "deb", "apk", "rpm", "pypi", "gem", "nuget", "maven"
  std::string name;  ///< with scope or namespace, as its users write it: "@img/sharp-linux-x64"
  std::string version;
  std::string path;                 ///< in-image directory or database that says so
  std::vector<std::string> owners;  ///< direct dependency first: {"next", "sharp"}; may be empty
  /// What it was built for, in its ecosystem's words: a wheel's tags
  /// ("cp311-cp311-manylinux_2_17_x86_64"), a gem's platform, npm's `libc`; empty: it does not say.
  std::vector<std::string> platforms;
  std::string lockfile;       ///< in-image path of npm's, Yarn's or pnpm's that has this version
  bool development = false;   ///< by that lockfile nothing but development needs it
  std::string maintainer;     ///< distribution packages only
  bool distribution = false;  ///< belongs to the base's distribution, not to a vendor
  /// Of dpkg's: somebody asked for it. False also where nothing tells.
  bool on_purpose = false;
  /// Of dpkg's: the lowest layer from which on the database has it, whatever its version.
  int since_layer = 0;
  bool operator==(const Package&) const = default;
};

}  // namespace muslcheck::model
