#pragma once
/// The embedded rule files with some of them replaced, and the message that parsing them gives.

#include <map>
#include <string>
#include <string_view>

#include "muslcheck/rules/rules.hpp"

namespace muslcheck::rules::test {

class EditedRules {
 public:
  EditedRules() : files_(embedded_files()) {}

  /// Replaces the first occurrence of `from` in the file; false if there is none.
  bool replace(const std::string& file, std::string_view from, std::string_view to) {
    std::string text(files_.at(file));
    const std::size_t at = text.find(from);
    if (at == std::string::npos) return false;
    text.replace(at, from.size(), to);
    set(file, std::move(text));
    return true;
  }

  void set(const std::string& file, std::string text) {
    files_[file] = texts_[file] = std::move(text);
  }

  void remove(const std::string& file) { files_.erase(file); }

  /// "FILE: message" of the error, or "valid".
  [[nodiscard]] std::string parse() const {
    const core::Result<RuleSet> rules = parse_rules(files_);
    return rules ? "valid" : core::describe(rules.error());
  }

 private:
  std::map<std::string, std::string> texts_;
  RuleFiles files_;
};

}  // namespace muslcheck::rules::test
