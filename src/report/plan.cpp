// The steps in their order. A command is shown alone, so that it can be copied; why it is needed
// stands at the findings. A patch of a Dockerfile is shown as long as people read it.

#include "report/plan.hpp"

#include <algorithm>

#include "muslcheck/core/text.hpp"

namespace muslcheck::report {
namespace {

/// Lines of a patch that are shown; a longer one is better read in an editor.
constexpr std::size_t kMaxPatch = 60;

/// "apk add ..." over as many lines as it needs, joined by backslashes so that it can be pasted.
/// Only this command may be broken: package names have no spaces and no quotes.
void write_apk(Page& page, const std::string& number, const std::vector<std::string>& packages) {
  std::string current = number + "apk add --no-cache";
  std::size_t indent = 2;
  for (const std::string& package : packages) {
    const std::size_t needed = indent + display_width(current) + 1 + display_width(package) + 2;
    if (needed > page.width()) {
      page.line(indent, current + " \\");
      current.clear();
      indent = 2 + number.size() + 2;
    }
    current += (current.empty() ? "" : " ") + package;
  }
  page.line(indent, current);
}

void write_step(Page& page, std::size_t number, const model::PlanStep& step,
                const std::vector<std::string>& apk) {
  const std::string label = std::to_string(number) + ". ";
  if (step.kind == "apk") return write_apk(page, label, apk);
  // A command that is not to be run blindly says why it is there.
  if (step.kind == "check" && !step.command.empty())
    return page.line(2, label + step.text + ": " + step.command);
  if (!step.command.empty()) return page.line(2, label + step.command);
  std::string text = step.text;
  if (!step.rules.empty()) text += " (" + core::join(step.rules, ", ") + ")";
  page.paragraph(2, 2 + label.size(), {std::to_string(number) + "."}, text);
}

void write_patch(Page& page, const std::vector<std::string>& diff) {
  page.blank();
  page.line(0, "Dockerfile", Style::bold);
  if (diff.size() > kMaxPatch) {
    const auto changed = std::count_if(diff.begin(), diff.end(), [](const std::string& line) {
      return (line.starts_with('+') || line.starts_with('-')) && !line.starts_with("+++ ") &&
             !line.starts_with("--- ");
    });
    page.paragraph(2, 2, {},
                   "A patch of " + std::to_string(changed) +
                       " lines: plan.dockerfile of the JSON report has it, and 'muslcheck "
                       "dockerfile' writes one from the Dockerfile alone.");
    return;
  }
  for (const std::string& line : diff) {
    const Style style = line.starts_with('+')   ? Style::green
                        : line.starts_with('-') ? Style::red
                                                : Style::plain;
    page.line(2, line, style);
  }
}

void write_dockerfile(Page& page, const model::Plan& plan) {
  if (!plan.dockerfile.empty()) write_patch(page, plan.dockerfile);
  if (plan.dockerfile_notes.empty()) return;
  if (plan.dockerfile.empty()) {
    page.blank();
    page.line(0, "Dockerfile", Style::bold);
  }
  for (const std::string& note : plan.dockerfile_notes) page.paragraph(2, 4, {"-"}, note);
}

}  // namespace

void write_plan(Page& page, const model::Report& report) {
  const model::Plan& plan = report.plan;
  const bool only_base = plan.steps.size() == 1 && plan.steps.front().kind == "base";
  if (!plan.steps.empty() && !only_base) {
    page.blank();
    page.line(0, "What to do", Style::bold);
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
      write_step(page, i + 1, plan.steps[i], plan.apk);
  }
  write_dockerfile(page, plan);
}

}  // namespace muslcheck::report
