// What to do, as a list to work through, and the Dockerfile as it would be.

#include <algorithm>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "report/html_parts.hpp"
#include "report/purl.hpp"
#include "report/words.hpp"

namespace muslcheck::report {
namespace {

using model::Plan;

/// Lines of a patch that are open from the start; a longer one is folded.
constexpr std::size_t kMaxOpenPatch = 60;

/// Packages that a step names; the rest is counted.
constexpr std::size_t kMaxPackages = 12;

std::string command_of(const model::PlanStep& step, const Plan& plan) {
  // The packages are in a list of their own, so that other formats can break the line.
  return step.kind == "apk" ? "apk add --no-cache " + core::join(plan.apk, " ") : step.command;
}

std::string describe_packages(const std::vector<std::string>& purls) {
  std::vector<std::string> titles;
  titles.reserve(purls.size());
  for (const std::string& purl : purls) titles.push_back(title_of_purl(purl));
  return core::join_some(titles, kMaxPackages);
}

void write_step(Markup& page, const model::PlanStep& step, const Plan& plan) {
  const Element item(page, "li", {{"class", "step step-" + step.kind}});
  {
    const Element line(page, "p");
    page.text(step.text);
    for (const std::string& rule : step.rules) {
      page.text(" ");
      page.element("span", {{"class", "rule"}}, rule);
    }
  }
  const std::string command = command_of(step, plan);
  if (!command.empty()) page.element("pre", {{"class", "command"}}, command);
  // One alone is named by the text already.
  if (step.packages.size() > 1)
    page.element("p", {{"class", "dim"}}, describe_packages(step.packages));
}

const char* style_of(const std::string& line) {
  if (line.starts_with('+')) return "added";
  if (line.starts_with('-')) return "removed";
  return line.starts_with("@@") ? "hunk" : "same";
}

void write_patch(Markup& page, const std::string& title, const std::vector<std::string>& lines,
                 bool is_open) {
  if (lines.empty()) return;
  Attributes attributes;
  if (is_open) attributes.push_back({"open", ""});
  const Element details(page, "details", attributes);
  page.element("summary", {}, title);
  const Element block(page, "pre", scrolling("patch", title));
  for (const std::string& line : lines) {
    page.element("span", {{"class", style_of(line)}}, line);
    page.verbatim("\n");
  }
}

void write_dockerfile(Markup& page, const Plan& plan) {
  write_patch(page, "Dockerfile: the patch", plan.dockerfile,
              plan.dockerfile.size() <= kMaxOpenPatch);
  write_patch(page, "Dockerfile: the same as a build in two stages", plan.dockerfile_multi_stage,
              false);
  if (plan.dockerfile_notes.empty()) return;
  page.element("h3", {}, "Left to you in the Dockerfile");
  const Element list(page, "ul");
  for (const std::string& note : plan.dockerfile_notes) page.element("li", {}, note);
}

bool is_plan_empty(const Plan& plan) {
  const bool only_base = plan.steps.size() == 1 && plan.steps.front().kind == "base";
  return (plan.steps.empty() || only_base) && plan.dockerfile.empty() &&
         plan.dockerfile_notes.empty();
}

}  // namespace

void write_html_plan(Markup& page, const model::Report& report) {
  const Plan& plan = report.plan;
  if (is_plan_empty(plan)) return;
  if (!plan.steps.empty()) {
    const Element list(page, "ol", {{"class", "steps"}});
    for (const model::PlanStep& step : plan.steps) write_step(page, step, plan);
  }
  write_dockerfile(page, plan);
}

}  // namespace muslcheck::report
