#pragma once
/// Language runtimes and servers that official images install without a package of the
/// distribution. What they look like is data (rules/runtimes.json).

#include <string>
#include <vector>

namespace muslcheck::model {

/// Which of an image's tags a runtime is of: "-fpm" if this program is there, or is not.
struct RuntimeFlavour {
  std::string suffix;
  std::string with;     ///< glob below the home; empty: any
  std::string without;  ///< glob below the home; empty: none
  bool operator==(const RuntimeFlavour&) const = default;
};

/// How a runtime is recognised, and what belongs to it.
struct RuntimeRecogniser {
  std::string id;                     ///< "node"
  std::string name;                   ///< for people: "Node.js"
  std::string image;                  ///< its official image: "node"
  std::vector<std::string> env;       ///< names that hold its version: "NODE_VERSION"
  std::vector<std::string> homes;     ///< globs over folders where the official image has it
  std::vector<std::string> others;    ///< globs over folders where people put it themselves
  std::vector<std::string> programs;  ///< globs below the home; one of them must be an ELF file
  std::string version_folder;         ///< folder below the home whose newest child is the version
  std::vector<std::string> brings;    ///< globs below the home: what the Alpine variant brings too
  std::vector<std::string> also;      ///< the same outside of the home, in-image
  std::vector<std::string> keeps;     ///< globs below the home: exceptions, the user's own
  std::vector<std::string> packages;  ///< globs over package names that are the runtime's
  /// Globs over names of Debian's packages whose work the official image does without them.
  std::vector<std::string> debian_packages;
  std::vector<RuntimeFlavour> flavours;  ///< in order of preference; none: the plain tag
  std::string tag_pattern;  ///< "{major}.{minor}-alpine", where tags follow a rule and no table
  bool operator==(const RuntimeRecogniser&) const = default;
};

/// Tags of one version of an official image (rules/targets/image-tags.tsv).
struct ImageTag {
  std::string image;
  std::string alpine;              ///< "20.11-alpine"
  std::string release;             ///< Alpine release behind it: "3.19"
  std::vector<std::string> glibc;  ///< "20.11", "20.11-slim", "20.11-bookworm"
  bool operator==(const ImageTag&) const = default;
};

/// A runtime found in the image.
struct Runtime {
  std::string id;
  std::string name;
  std::string version;                ///< "20.11.1"; empty if nothing tells it
  std::string home;                   ///< in-image folder: "usr/local"
  std::string program;                ///< in-image path of its program
  std::string how;                    ///< "NODE_VERSION and /usr/local/bin/node"
  std::string image;                  ///< "node:20.11-alpine"; empty if no such tag is known
  std::string release;                ///< Alpine release of that tag; empty if unknown
  bool at_home = false;               ///< where the official image has it
  bool is_main = false;               ///< the one that the image is for; at most one
  bool in_new_base = false;           ///< the new base is that image: nothing needs to be done
  bool distribution = false;          ///< a package of the distribution
  std::vector<std::string> brings;    ///< globs over in-image paths that are the runtime's
  std::vector<std::string> keeps;     ///< exceptions to them
  std::vector<std::string> packages;  ///< globs over names of packages that are the runtime's
  bool operator==(const Runtime&) const = default;
};

}  // namespace muslcheck::model
