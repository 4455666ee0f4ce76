// A comment for a pull request: the verdict, what to do, and the findings folded by package. GitHub
// refuses comments beyond 65,536 characters, so what does not fit is counted instead. Everything
// that may come from an image is a code span or escaped; see escape.cpp.

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "report/accepted.hpp"
#include "report/escape.hpp"
#include "report/order.hpp"
#include "report/purl.hpp"
#include "report/size.hpp"
#include "report/words.hpp"
#include "report/writers.hpp"

namespace muslcheck::report {
namespace {

using model::Finding;
using model::Report;
using model::Severity;

/// Bytes, which are at least as many as characters; the rest is room for a heading of one's own.
constexpr std::size_t kMaxComment = 60'000;
constexpr std::size_t kMaxPlan = 16'000;  ///< bytes of the steps
constexpr std::size_t kMaxPatch = 8'000;  ///< bytes of the Dockerfile's patch
constexpr std::size_t kMaxText = 400;     ///< of one text, before it is escaped
constexpr std::size_t kMaxCommand = 1'000;
constexpr std::size_t kMaxEvidence = 2;     ///< loader texts per finding
constexpr std::size_t kMaxPerPackage = 20;  ///< findings
constexpr std::size_t kMaxMatrix = 10;      ///< modules that several releases judge differently
constexpr std::size_t kMaxReleases = 50;
constexpr std::size_t kMaxFooter = 1'000;   ///< bytes kept for the last lines

std::string prose(const std::string& text) { return markdown(core::shortened(text, kMaxText)); }

std::string code(const std::string& text) { return markdown_code(core::shortened(text, kMaxText)); }

/// For the inside of <summary>, which is HTML.
std::string tag(const std::string& text) { return code_tag(core::shortened(text, kMaxText)); }

// ---- Verdict ---------------------------------------------------------------------------------

std::string write_verdict(const Report& report) {
  std::string text = "## muslcheck: " + std::string(name_of(report.verdict)) + "\n\n**" +
                     prose(describe_verdict(report)) + "**\n\n";
  text += "Scanned: " + code(report.source.name);
  if (!report.source.platform.empty()) text += ", " + prose(report.source.platform);
  if (report.source.base) text += " · Base: " + code(report.source.base->name);
  if (!report.target.image.empty()) text += " · New base: " + code(report.target.image);
  text += "\n";
  if (!is_size_worth_showing(report)) return text;
  const model::SizeMath& size = *report.plan.size;
  text += "\nSize: " + core::describe_bytes(size.before) + " today";
  if (size.after)
    text += ", " + describe_range(*size.after) + " on Alpine (" +
            describe_saving(size.before, *size.after) + ")";
  return text + "\n";
}

// ---- Plan ------------------------------------------------------------------------------------

std::string write_step(std::size_t number, const model::PlanStep& step) {
  const std::string start = std::to_string(number) + ". ";
  if (step.command.empty()) return start + prose(step.text) + "\n";
  // A line of its own: comments keep the break, and the text often ends with names.
  return start + prose(step.text) + "\n" + std::string(start.size(), ' ') +
         markdown_code(core::shortened(step.command, kMaxCommand)) + "\n";
}

std::string write_plan(const Report& report) {
  const auto& steps = report.plan.steps;
  if (steps.empty()) return {};
  std::string text = "\n### What to do\n\n";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string step = write_step(i + 1, steps[i]);
    if (text.size() + step.size() > kMaxPlan)
      return text + "\n" + counted(steps.size() - i, "more step") +
             ": `muslcheck scan` prints them all.\n";
    text += step;
  }
  return text;
}

std::string write_patch(const Report& report) {
  std::string patch;
  for (const std::string& line : report.plan.dockerfile) patch += core::printable(line) + "\n";
  if (patch.empty() || patch.size() > kMaxPatch) return {};
  const std::string fence = markdown_fence(patch);
  return "\n<details><summary>Dockerfile</summary>\n\n" + fence + "diff\n" + patch + fence +
         "\n\n</details>\n";
}

// ---- Releases --------------------------------------------------------------------------------

bool depends_on_release(const model::ModuleReleases& module) {
  return std::any_of(module.outcomes.begin(), module.outcomes.end(),
                     [&](const model::ReleaseOutcome& on) {
                       return on.outcome != module.outcomes.front().outcome;
                     });
}

/// Which module loads from when on. What fails on all releases stands among the findings.
std::string write_matrix(const Report& report) {
  std::string text;
  std::size_t count = 0;
  for (const model::ModuleReleases& module : report.matrix)
    if (depends_on_release(module) && ++count <= kMaxMatrix)
      text += "- " + code(module.path) + " " + prose(module.summary) + "\n";
  if (count == 0) return {};
  if (count > kMaxMatrix) text += "- and " + std::to_string(count - kMaxMatrix) + " more\n";
  return "\n<details><summary>" + counted(count, "module") +
         " on some releases only</summary>\n\n" + text + "\n</details>\n";
}

std::string write_releases(const Report& report) {
  if (report.releases.empty()) return {};
  std::string text = "\n### Releases\n\n| Alpine | | errors | warnings |\n|---|---|--:|--:|\n";
  for (std::size_t i = 0; i < report.releases.size() && i < kMaxReleases; ++i) {
    const model::ReleaseVerdict& release = report.releases[i];
    text += "| " + prose(release.release) + " | " + name_of(release.verdict) + " | " +
            std::to_string(release.errors) + " | " + std::to_string(release.warnings) + " |\n";
  }
  return text + write_matrix(report);
}

// ---- Findings --------------------------------------------------------------------------------

struct Group {
  std::string purl;
  std::vector<std::string> owners;
  std::vector<const Finding*> findings;  ///< the worst first
};

/// Above all severities: what keeps the container from starting.
int rank_of(const Finding& finding) {
  return finding.entrypoint ? static_cast<int>(Severity::error) + 1
                            : static_cast<int>(finding.severity);
}

/// The worst packages first.
std::vector<Group> make_groups(const Report& report) {
  std::map<std::tuple<std::string, std::vector<std::string>>, Group> keyed;
  for (const Finding* finding : ordered_findings(report)) {
    Group& group = keyed[{finding->package, finding->owners}];
    group.purl = finding->package;
    group.owners = finding->owners;
    group.findings.push_back(finding);
  }
  std::vector<Group> groups;
  for (auto& [key, group] : keyed) {
    std::stable_sort(group.findings.begin(), group.findings.end(),
                     [](const Finding* a, const Finding* b) { return rank_of(*a) > rank_of(*b); });
    groups.push_back(std::move(group));
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return rank_of(*a.findings.front()) > rank_of(*b.findings.front());
  });
  return groups;
}

std::string describe_counts(const Group& group) {
  std::vector<std::string> parts;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    const auto count =
        std::count_if(group.findings.begin(), group.findings.end(),
                      [&](const Finding* finding) { return finding->severity == severity; });
    if (count != 0) parts.push_back(counted(static_cast<std::uint64_t>(count), name_of(severity)));
  }
  return core::join(parts, ", ");
}

/// True if a text that is shown already says which file it is about: loader texts mostly do.
bool names_file(const Finding& finding) {
  const auto has_path = [&](const std::string& text) {
    return text.size() <= kMaxText && text.find(finding.path) != std::string::npos;
  };
  const auto& evidence = finding.evidence;
  const std::size_t shown = std::min(kMaxEvidence, evidence.size());
  return finding.path.empty() || has_path(finding.message) ||
         std::any_of(evidence.begin(), evidence.begin() + static_cast<std::ptrdiff_t>(shown),
                     has_path);
}

std::string write_finding(const Finding& finding) {
  std::string text = "- **" + std::string(name_of(finding.severity)) + "** " +
                     prose(describe_rule(finding)) +
                     (finding.baseline ? " (in the baseline)" : "") + ": " + prose(finding.message);
  if (!names_file(finding)) text += "\n  - in " + code(finding.path);
  for (std::size_t i = 0; i < finding.evidence.size() && i < kMaxEvidence; ++i)
    text += "\n  - " + code(finding.evidence[i]);
  if (finding.evidence.size() > kMaxEvidence)
    text += "\n  - and " + std::to_string(finding.evidence.size() - kMaxEvidence) + " more";
  return text + "\n";
}

std::string write_remedy(const model::Remedy& remedy) {
  std::string text;
  if (!remedy.text.empty()) text += "\n**Fix:** " + prose(remedy.text) + "\n";
  if (!remedy.command.empty())
    text += "\n" + markdown_code(core::shortened(remedy.command, kMaxCommand)) + "\n";
  return text.empty() ? text : text + "\n";
}

/// Neighbours with the same remedy share it.
std::string write_group(const Group& group) {
  const std::string title = group.purl.empty() ? "files of no package" : title_of_purl(group.purl);
  std::string text = "\n<details><summary>" + tag(title);
  if (!group.owners.empty()) text += " via " + tag(core::join(group.owners, " > "));
  text += ": " + describe_counts(group) + "</summary>\n\n";
  const std::size_t shown = std::min(kMaxPerPackage, group.findings.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const Finding& finding = *group.findings[i];
    text += write_finding(finding);
    if (i + 1 == shown || group.findings[i + 1]->remedy != finding.remedy)
      text += write_remedy(finding.remedy);
  }
  if (shown < group.findings.size())
    text += "\nand " + std::to_string(group.findings.size() - shown) + " more\n";
  if (!text.ends_with("\n\n")) text += "\n";
  return text + "</details>\n";
}

/// As many packages as fit; the others are counted.
std::string write_findings(const Report& report, std::size_t room) {
  const std::vector<Group> groups = make_groups(report);
  if (groups.empty()) return {};
  std::string text = "\n### Findings\n";
  std::size_t left_out = 0;
  std::size_t findings = 0;
  for (const Group& group : groups) {
    const std::string part = write_group(group);
    if (left_out == 0 && text.size() + part.size() <= room) {
      text += part;
      continue;
    }
    ++left_out;
    findings += group.findings.size();
  }
  if (left_out != 0)
    text += "\n**Left out, since comments are short:** " + counted(findings, "finding") + " of " +
            counted(left_out, "more package") + ". The JSON report has all.\n";
  return text;
}

std::string write_footer(const Report& report) {
  std::string text = "\n" + describe_findings(report) + "; " + describe_examined(report);
  if (report.summary.baseline != 0)
    text += " " + counted(report.summary.baseline, "finding") + " in the baseline too.";
  if (!report.suppressed.empty())
    text += " Ignored: " + counted(report.suppressed.size(), "finding") + ".";
  const auto unread = static_cast<std::uint64_t>(
      std::count_if(report.problems.begin(), report.problems.end(),
                    [](const model::Problem& problem) { return !is_about_ignore_file(problem); }));
  if (report.incomplete && unread != 0)
    text += " **Incomplete:** " + counted(unread, "thing") +
            " could not be examined; the JSON report names " + (unread == 1 ? "it." : "them.");
  if (unread != report.problems.size())
    text += " The ignore file needs a look: `muslcheck scan` says why.";
  return text + "\n";
}

}  // namespace

std::string write_markdown(const Report& report) {
  // By this line a script finds its comment again, to update it.
  std::string text = "<!-- muslcheck -->\n";
  text += write_verdict(report) + write_plan(report) + write_patch(report) + write_releases(report);
  const std::string footer = write_footer(report);
  text += write_findings(report, kMaxComment - kMaxFooter - text.size());
  return text + footer;
}

}  // namespace muslcheck::report
