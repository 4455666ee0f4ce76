// One list of things to do. Packages and commands come from findings, so that nothing is advised
// that no finding explains; each appears once.

#include "muslcheck/plan/plan.hpp"

#include <algorithm>
#include <set>

#include "muslcheck/core/search.hpp"
#include "plan/steps.hpp"

namespace muslcheck::plan {

using model::Finding;
using model::Severity;
using model::Verdict;

namespace {

/// "stay" says that nothing is known to help on this target.
bool has_remedy(const Finding& finding) { return finding.remedy.kind != "stay"; }

/// Sorted, each once.
std::vector<std::string> apk_packages(const std::vector<Finding>& findings, bool optional) {
  std::set<std::string> packages;
  for (const Finding& finding : findings) {
    if (is_optional(finding) != optional) continue;
    for (std::string& name : model::packages_to_add(finding)) packages.insert(std::move(name));
  }
  return {packages.begin(), packages.end()};
}

/// What is only worth a thought, and is not among what must be installed.
std::vector<std::string> optional_packages(const std::vector<Finding>& findings,
                                           const std::vector<std::string>& required) {
  std::vector<std::string> packages = apk_packages(findings, true);
  std::erase_if(packages, [&](const std::string& name) { return core::contains(required, name); });
  return packages;
}

}  // namespace

model::Plan make_plan(const std::vector<Finding>& findings, const std::string& image) {
  model::Plan plan;
  plan.apk = apk_packages(findings, false);
  for (const Finding& finding : findings) {
    const std::string& command = finding.remedy.command;
    if (finding.remedy.kind == "apk" || command.empty()) continue;
    if (std::find(plan.commands.begin(), plan.commands.end(), command) == plan.commands.end())
      plan.commands.push_back(command);
  }
  plan.steps = make_steps(
      findings, {.required = plan.apk, .optional = optional_packages(findings, plan.apk)}, image);
  return plan;
}

Verdict decide_verdict(const std::vector<Finding>& findings) {
  Verdict verdict = Verdict::ready;
  for (const Finding& finding : findings) {
    // "inspect" is about what could not be examined: the report says incomplete beside the verdict.
    if (finding.severity == Severity::note || finding.remedy.kind == "inspect") continue;
    if (finding.severity == Severity::error && !has_remedy(finding)) return Verdict::blocked;
    verdict = Verdict::changes;
  }
  return verdict;
}

}  // namespace muslcheck::plan
