#pragma once
/// The ordered list of things to do.

#include <string>
#include <vector>

#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/report.hpp"

namespace muslcheck::plan {

/// Alpine packages, both sorted.
struct ApkPackages {
  std::vector<std::string> required;
  std::vector<std::string> optional;  ///< of findings that are optional, and not required
};

/// Whether the image moves well without what the finding advises: notes and hints.
[[nodiscard]] bool is_optional(const model::Finding& finding);

/// Base, apk, install, rebuild, change, check, blocked: in this order, and each thing once. `image`
/// is the new base and may be empty.
[[nodiscard]] std::vector<model::PlanStep> make_steps(const std::vector<model::Finding>& findings,
                                                      const ApkPackages& apk,
                                                      const std::string& image);

}  // namespace muslcheck::plan
