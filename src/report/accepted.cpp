// What was set aside is said, shortly: by the reason that its entry of the ignore file gives. A
// report that hides something must not look like one that has nothing to hide.

#include "report/accepted.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "muslcheck/core/text.hpp"

namespace muslcheck::report {
namespace {

using model::Report;
using model::SuppressedFinding;

std::string counted(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " finding" : " findings");
}

std::string describe(const model::Finding& finding) {
  return finding.rule_id + " " + finding.name + ": " +
         (finding.path.empty() ? std::string("the image") : finding.path);
}

void write_suppressed(Page& page, const Report& report, bool verbose) {
  std::map<std::pair<std::string, std::string>, std::vector<const SuppressedFinding*>> by_reason;
  for (const SuppressedFinding& each : report.suppressed)
    by_reason[{each.reason, each.expires}].push_back(&each);
  for (const auto& [entry, findings] : by_reason) {
    const auto& [reason, expires] = entry;
    page.paragraph(2, 4, {counted(findings.size()) + " ignored:"},
                   reason + (expires.empty() ? "" : " (until " + expires + ")"));
    for (const SuppressedFinding* each : findings)
      if (verbose) page.paragraph(4, 6, {}, describe(each->finding), Style::dim);
  }
}

}  // namespace

bool is_about_ignore_file(const model::Problem& problem) { return problem.stage == "ignore"; }

void write_accepted(Page& page, const Report& report, bool verbose) {
  const bool has_notes =
      std::any_of(report.problems.begin(), report.problems.end(), is_about_ignore_file);
  if (report.suppressed.empty() && report.summary.baseline == 0 && !has_notes) return;
  page.blank();
  page.line(0, "Known already", Style::bold);
  if (report.summary.baseline != 0)
    page.paragraph(2, 4, {},
                   std::to_string(report.summary.baseline) + " of " +
                       counted(report.findings.size()) + " in the baseline too");
  write_suppressed(page, report, verbose);
  for (const model::Problem& problem : report.problems)
    if (is_about_ignore_file(problem))
      page.paragraph(2, 4, {problem.path + ":", Style::yellow}, problem.message);
}

}  // namespace muslcheck::report
