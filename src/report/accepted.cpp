// What was set aside is said, shortly: by the reason that its entry of the ignore file gives. A
// report that hides something must not look like one that has nothing to hide.

#include "report/accepted.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "report/words.hpp"

namespace muslcheck::report {
namespace {

using model::Report;
using model::SuppressedFinding;

void write_suppressed(Page& page, const Report& report, bool verbose) {
  for (const SuppressedGroup& group : group_suppressed(report)) {
    page.paragraph(2, 4, {}, group.text);
    for (const model::Finding* finding : group.findings)
      if (verbose) page.paragraph(4, 6, {}, describe_briefly(*finding), Style::dim);
  }
}

}  // namespace

std::vector<SuppressedGroup> group_suppressed(const Report& report) {
  std::map<std::pair<std::string, std::string>, SuppressedGroup> by_reason;
  for (const SuppressedFinding& each : report.suppressed)
    by_reason[{each.reason, each.expires}].findings.push_back(&each.finding);
  std::vector<SuppressedGroup> groups;
  for (auto& [entry, group] : by_reason) {
    const auto& [reason, expires] = entry;
    group.text = counted(group.findings.size(), "finding") + " ignored: " + reason +
                 (expires.empty() ? "" : " (until " + expires + ")");
    groups.push_back(std::move(group));
  }
  return groups;
}

std::string describe_baseline(const Report& report) {
  if (report.summary.baseline == 0) return {};
  return std::to_string(report.summary.baseline) + " of " +
         counted(report.findings.size(), "finding") + " in the baseline too";
}

std::string describe_briefly(const model::Finding& finding) {
  return finding.rule_id + " " + finding.name + ": " +
         (finding.path.empty() ? std::string("the image") : finding.path);
}

bool is_about_ignore_file(const model::Problem& problem) { return problem.stage == "ignore"; }

void write_accepted(Page& page, const Report& report, bool verbose) {
  const bool has_notes =
      std::any_of(report.problems.begin(), report.problems.end(), is_about_ignore_file);
  if (report.suppressed.empty() && report.summary.baseline == 0 && !has_notes) return;
  page.blank();
  page.line(0, "Known already", Style::bold);
  const std::string baseline = describe_baseline(report);
  if (!baseline.empty()) page.paragraph(2, 4, {}, baseline);
  write_suppressed(page, report, verbose);
  for (const model::Problem& problem : report.problems)
    if (is_about_ignore_file(problem))
      page.paragraph(2, 4, {problem.path + ":", Style::yellow}, problem.message);
}

}  // namespace muslcheck::report
