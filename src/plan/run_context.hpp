#pragma once
/// What the rewriting of one RUN line sees and leaves behind.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "muslcheck/rules/rules.hpp"

namespace muslcheck::plan {

/// Texts in the order in which they came, each once.
class TextList {
 public:
  void add(const std::string& text) {
    if (seen_.insert(text).second) texts_.push_back(text);
  }
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::vector<std::string> texts_;
  std::set<std::string> seen_;
};

/// All stages that go back to one FROM of an image share it.
struct ImageState {
  std::set<std::string> added;                ///< apk packages that lines of the file add
  std::map<std::string, std::string> tools;   ///< programs of Debian's images that lines use -> apk
  std::set<std::string> wanted;               ///< apk packages that the file needs beside those
  std::map<std::string, std::string> groups;  ///< number, as written -> name
  bool has_bash = false;                      ///< something but a login shell asks for it
};

struct RunContext {
  const rules::RuleSet& rules;
  ImageState& image;
  TextList marks;  ///< comments for the lines above the instruction
  TextList notes;
  std::set<std::string> programs;           ///< that the new lines start
  std::set<std::string> package_variables;  ///< whose values are names of Debian packages
};

enum class Fate { kept, removed };

}  // namespace muslcheck::plan
