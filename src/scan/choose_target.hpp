#pragma once
/// Where to move to, if the user does not say it: the Alpine release of the tag that has the same
/// runtime.

#include <string>
#include <vector>

#include "muslcheck/model/runtime.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::scan {

struct TargetChoice {
  std::string name;   ///< "alpine:3.19"
  std::string image;  ///< "node:20.11-alpine"; empty: the bare release
  std::string how;    ///< "node:20.11-alpine has it"
};

/// The Alpine release that `target` names ("3.19" of "alpine:3.19.1"); empty if none is named or it
/// is not known.
[[nodiscard]] std::string release_of(const std::string& target, const rules::RuleSet& rules);

/// `target` as the user gave it, or empty; `runtimes`: the main one first, with tags of the release
/// that the user gave, if any; `given_how`: in which words the user gave it.
[[nodiscard]] TargetChoice choose_target(const std::string& target,
                                         const std::vector<model::Runtime>& runtimes,
                                         const rules::RuleSet& rules,
                                         const std::string& given_how = "given with --target");

}  // namespace muslcheck::scan
