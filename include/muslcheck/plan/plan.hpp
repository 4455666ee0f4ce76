#pragma once
/// From findings to one list of things to do, and to the verdict.

#include <string>
#include <vector>

#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/report.hpp"

namespace muslcheck::plan {

/// apk packages (sorted) and commands (in the order of the findings), each once, and the steps.
/// `image` is the new base and may be empty.
[[nodiscard]] model::Plan make_plan(const std::vector<model::Finding>& findings,
                                    const std::string& image = {});

/// ready: no error or warning, but for what could not be examined; changes: everything that fails
/// has a known remedy; blocked: for an error nothing is known to help (remedy kind "stay").
[[nodiscard]] model::Verdict decide_verdict(const std::vector<model::Finding>& findings);

}  // namespace muslcheck::plan
