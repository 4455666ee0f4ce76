#pragma once
/// How official images are recognised by the history that an image inherits from its base. What
/// they look like is data (rules/bases.json).

#include <string>
#include <vector>

namespace muslcheck::model {

/// One line of the history that the base's own Dockerfile left.
struct BaseStep {
  std::vector<std::string> lines;  ///< globs over normalised lines; one of them must match
  bool layer = true;               ///< it made a layer; else it only set something (ENV, CMD)
  bool optional = false;
  bool operator==(const BaseStep&) const = default;
};

/// A part that this one is built on.
struct BaseParent {
  std::string id;
  std::string suffix;  ///< put at the end of the name: "-slim"
  bool operator==(const BaseParent&) const = default;
};

/// The part of a history that one official Dockerfile made.
struct BaseRecogniser {
  std::string id;                   ///< "node"
  std::string name;                 ///< "node:{NODE_VERSION}", with names of the image's Env or
                                    ///< of os-release; empty: never the end of a base
  std::string os;                   ///< ID of os-release; empty: any
  std::vector<std::string> env;     ///< names that the image's Env must have
  std::vector<std::string> cut;     ///< beginnings that a value loses in the name: "jdk-"
  std::vector<BaseParent> parents;  ///< none: the history begins with it
  std::vector<BaseStep> steps;      ///< in order
  bool operator==(const BaseRecogniser&) const = default;
};

}  // namespace muslcheck::model
