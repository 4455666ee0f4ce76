#pragma once
/// Packages that files belong to.

#include <string>
#include <vector>

namespace muslcheck::model {

/// A package found in the image.
struct Package {
  std::string purl;       ///< package URL by the purl specification
  std::string ecosystem;  ///< purl type: "npm", "deb", "apk"
  std::string name;  ///< with scope or namespace, as its users write it: "@img/sharp-linux-x64"
  std::string version;
  std::string path;                 ///< in-image directory or database that says so
  std::vector<std::string> owners;  ///< direct dependency first: {"next", "sharp"}; may be empty
  std::string maintainer;           ///< distribution packages only
  bool distribution = false;        ///< belongs to the base's distribution, not to a vendor
  bool operator==(const Package&) const = default;
};

}  // namespace muslcheck::model
