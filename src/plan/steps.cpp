// The steps say what to do in few words; why, and how, stands at the findings that a step names.
// Findings that ask for the same command are one step, and so are those that ask for the same kind
// of work without one.

#include "plan/steps.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::plan {
namespace {

using model::Finding;
using model::PlanStep;

/// Names that a step lists before it counts.
constexpr std::size_t kMaxNames = 6;

/// What a remedy is in the plan, and how its step begins where there is no command.
struct Kind {
  const char* remedy;
  const char* step;
  const char* text;
};

constexpr std::array kKinds{Kind{"reinstall", "install", "install for musl"},
                            Kind{"upgrade", "install", "upgrade"},
                            Kind{"rebuild", "rebuild", "build for musl"},
                            Kind{"replace", "change", "replace or change"},
                            Kind{"change", "change", "change"},
                            Kind{"inspect", "check", "look at"},
                            Kind{"stay", "blocked", "nothing is known to help"}};

constexpr std::array<std::string_view, 5> kOrder{"install", "rebuild", "change", "check",
                                                 "blocked"};

/// "sharp" of "pkg:npm/sharp@0.33.5", "@img/x" of "pkg:npm/%40img/x@1".
std::string name_in_purl(std::string_view purl) {
  const std::size_t slash = purl.find('/');
  if (slash == std::string_view::npos) return std::string(purl);
  std::string_view rest = purl.substr(slash + 1);
  rest = rest.substr(0, rest.find('?'));
  rest = rest.substr(0, rest.rfind('@'));
  std::string name(rest);
  if (name.starts_with("%40")) name.replace(0, 3, "@");
  return name;
}

std::string name_of_finding(const Finding& finding) {
  if (!finding.package.empty()) return name_in_purl(finding.package);
  return finding.path.empty() ? finding.subject : finding.path;
}

/// A step while it is put together.
struct Draft {
  PlanStep step;
  std::vector<std::string> names;  ///< in the order of the findings
  std::set<std::string> rules;
  std::set<std::string> packages;
};

void add_finding(Draft& draft, const Finding& finding) {
  const std::string name = name_of_finding(finding);
  if (!core::contains(draft.names, name) && draft.names.size() <= kMaxNames * 2)
    draft.names.push_back(name);
  draft.rules.insert(finding.rule_id);
  if (!finding.package.empty()) draft.packages.insert(finding.package);
}

/// "a, b and 3 more".
std::string list_names(const std::vector<std::string>& names) {
  const std::vector<std::string> shown(
      names.begin(),
      names.begin() + static_cast<std::ptrdiff_t>(std::min(kMaxNames, names.size())));
  return core::join(shown, ", ") + (shown.size() < names.size() ? " and more" : "");
}

PlanStep finish(Draft draft) {
  PlanStep step = std::move(draft.step);
  if (!step.text.empty() && !draft.names.empty()) step.text += ": " + list_names(draft.names);
  step.rules.assign(draft.rules.begin(), draft.rules.end());
  step.packages.assign(draft.packages.begin(), draft.packages.end());
  return step;
}

Draft draft_apk_step(const std::vector<Finding>& findings, const std::vector<std::string>& apk,
                     bool optional) {
  Draft draft{
      .step = {.kind = optional ? "check" : "apk",
               .text = optional ? "add if the application needs it" : "add what the new base lacks",
               .command = "apk add --no-cache " + core::join(apk, " ")}};
  for (const Finding& finding : findings) {
    if (finding.remedy.kind != "apk" || is_optional(finding) != optional) continue;
    draft.rules.insert(finding.rule_id);
    if (!finding.package.empty()) draft.packages.insert(finding.package);
  }
  return draft;
}

/// One for each command, and for each kind of work without one, in the order of the findings.
std::vector<Draft> draft_steps(const std::vector<Finding>& findings) {
  std::vector<Draft> drafts;
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  for (const Finding& finding : findings) {
    const Kind* kind = core::find_where(
        kKinds, [&](const Kind& one) { return one.remedy == finding.remedy.kind; });
    // What could not be examined is listed by itself.
    if (kind == nullptr || finding.rule_id.starts_with("MC9")) continue;
    const std::string& command = finding.remedy.command;
    const auto [at, added] = known.try_emplace({kind->remedy, command}, drafts.size());
    if (added)
      drafts.push_back({.step = {.kind = kind->step, .text = kind->text, .command = command}});
    add_finding(drafts[at->second], finding);
  }
  return drafts;
}

}  // namespace

bool is_optional(const Finding& finding) {
  return finding.severity == model::Severity::note || finding.confidence == model::Confidence::hint;
}

std::vector<PlanStep> make_steps(const std::vector<Finding>& findings, const ApkPackages& apk,
                                 const std::string& image) {
  std::vector<PlanStep> steps;
  if (!image.empty())
    steps.push_back(
        {.kind = "base", .text = "begin with the new base", .command = "FROM " + image});
  if (!apk.required.empty()) steps.push_back(finish(draft_apk_step(findings, apk.required, false)));
  std::vector<Draft> drafts = draft_steps(findings);
  if (!apk.optional.empty()) drafts.push_back(draft_apk_step(findings, apk.optional, true));
  std::stable_sort(drafts.begin(), drafts.end(), [](const Draft& left, const Draft& right) {
    const auto rank = [](const Draft& draft) {
      return std::find(kOrder.begin(), kOrder.end(), draft.step.kind) - kOrder.begin();
    };
    return rank(left) < rank(right);
  });
  for (Draft& draft : drafts) steps.push_back(finish(std::move(draft)));
  return steps;
}

}  // namespace muslcheck::plan
