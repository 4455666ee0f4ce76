#pragma once
/// Who depends on whom in node_modules.

#include <string>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/packages/packages.hpp"

namespace muslcheck::packages {

/// What is used of one package.json.
struct NpmManifest {
  std::string directory;                  ///< in-image path of the folder it is in
  std::string name;                       ///< empty if it has none
  std::string version;                    ///< empty if it has none
  std::vector<std::string> dependencies;  ///< names, sorted: of an application also devDependencies
  bool is_application = false;            ///< outside of every node_modules
  std::vector<std::string> platforms;     ///< "os=linux", "cpu=x64", "libc=glibc"
  NpmDelivery delivery;
};

/// Who pulled a package in.
struct NpmOwner {
  std::vector<std::string> owners;   ///< see find_npm_owners
  bool from_an_application = false;  ///< the chain begins at the package.json of one
};

/// For each manifest the chain of packages that pulled it in: the application's direct dependency
/// first, the immediate parent last, empty for a direct dependency. The shortest chain is taken.
/// `modules_at_root`: the tree's root is itself a node_modules folder.
[[nodiscard]] std::vector<NpmOwner> find_npm_owners(const filesystem::FileTree& tree,
                                                    const std::vector<NpmManifest>& manifests,
                                                    bool modules_at_root);

}  // namespace muslcheck::packages
