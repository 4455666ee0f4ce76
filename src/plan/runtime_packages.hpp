#pragma once

#include <string>
#include <vector>

#include "muslcheck/dockerfile/dockerfile.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::plan {

struct RuntimePackages {
  std::vector<std::string> apk;      ///< that the application may use; sorted
  std::vector<std::string> headers;  ///< for building alone, whose libraries are not known
};

/// Of the packages that a stage on Alpine adds to build, those that running needs: no compilers,
/// libraries in place of headers, and the programs that CMD, ENTRYPOINT and HEALTHCHECK start.
/// `more` are needed anyway.
[[nodiscard]] RuntimePackages runtime_packages(const dockerfile::Stage& stage, char escape,
                                               const rules::RuleSet& rules,
                                               const std::vector<std::string>& more);

}  // namespace muslcheck::plan
