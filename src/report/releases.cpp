// Several releases side by side. Neighbours that are judged alike share a line, so that one sees
// where something changes. Modules come first whose fate depends on the release: what fails on all
// of them is told above for the main one.

#include "report/releases.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "report/words.hpp"

namespace muslcheck::report {
namespace {

using model::ModuleReleases;
using model::ReleaseVerdict;

/// Modules shown; the rest is counted.
constexpr std::size_t kMaxModules = 20;

/// Modules that load on no release: more of them are one number, since a row says no more of each.
constexpr std::size_t kMaxOnNone = 5;

bool is_alike(const ReleaseVerdict& a, const ReleaseVerdict& b) {
  return a.verdict == b.verdict && a.errors == b.errors && a.warnings == b.warnings;
}

/// "3.12 to 3.18: blocked, 4 errors, 1 warning".
void write_verdicts(Page& page, const std::vector<ReleaseVerdict>& releases) {
  for (std::size_t first = 0; first < releases.size();) {
    std::size_t last = first;
    while (last + 1 < releases.size() && is_alike(releases[first], releases[last + 1])) ++last;
    const ReleaseVerdict& verdict = releases[first];
    std::string name = verdict.release;
    if (last > first) name += (last == first + 1 ? ", " : " to ") + releases[last].release;
    page.paragraph(
        2, 4, {name + ": " + name_of(verdict.verdict), style_of(verdict.verdict)},
        "(" + counted(verdict.errors, "error") + ", " + counted(verdict.warnings, "warning") + ")");
    first = last + 1;
  }
}

bool fails_everywhere(const ModuleReleases& module) {
  return std::all_of(module.outcomes.begin(), module.outcomes.end(),
                     [](const model::ReleaseOutcome& on) { return model::fails(on.outcome); });
}

/// One that comes to the same everywhere, though not with the same texts, is no news.
bool is_told(const ModuleReleases& module) {
  const auto differs = [&](const model::ReleaseOutcome& on) {
    return on.outcome != module.outcomes.front().outcome;
  };
  return fails_everywhere(module) ||
         std::any_of(module.outcomes.begin(), module.outcomes.end(), differs);
}

void write_modules(Page& page, const model::Report& report, bool verbose) {
  const auto [modules, on_none] = matrix_rows(report, verbose);
  const std::size_t shown = verbose ? modules.size() : std::min(kMaxModules, modules.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const ModuleReleases& module = *modules[i];
    // Of what fails everywhere the findings tell the reason, which is that of the main release.
    const bool has_reason = !module.reason.empty() && (verbose || !fails_everywhere(module));
    const std::string reason = has_reason ? "; " + module.reason : "";
    page.paragraph(2, 4, {module.path + ":"}, module.summary + reason);
  }
  if (shown < modules.size())
    page.line(2, "+ " + std::to_string(modules.size() - shown) + " more, shown with --verbose",
              Style::dim);
  if (on_none != 0)
    page.paragraph(2, 4, {}, describe_on_none(on_none) + ", shown with --verbose", Style::dim);
}

}  // namespace

MatrixRows matrix_rows(const model::Report& report, bool all) {
  std::vector<const ModuleReleases*> modules;
  for (const ModuleReleases& module : report.matrix)
    if (is_told(module)) modules.push_back(&module);
  const auto failing = std::stable_partition(
      modules.begin(), modules.end(),
      [](const ModuleReleases* module) { return !fails_everywhere(*module); });
  const auto on_none = static_cast<std::size_t>(modules.end() - failing);
  if (all || on_none <= kMaxOnNone) return {std::move(modules), 0};
  modules.erase(failing, modules.end());
  return {std::move(modules), on_none};
}

std::string describe_on_none(std::size_t count) {
  return counted(count, "module") + (count == 1 ? " loads" : " load") + " on none of them";
}

void write_releases(Page& page, const model::Report& report, bool verbose) {
  if (report.releases.empty()) return;
  page.blank();
  page.line(0, "Releases", Style::bold);
  write_verdicts(page, report.releases);
  write_modules(page, report, verbose);
}

}  // namespace muslcheck::report
