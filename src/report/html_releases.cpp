// Modules by release, as a table with one mark per cell: thirteen releases with words in each cell
// would be wider than any screen. The words are there for those who point at a mark or hear it.
// Neighbours on which everything is judged alike share a column.

#include <algorithm>
#include <string>
#include <vector>

#include "muslcheck/core/search.hpp"
#include "report/html_parts.hpp"
#include "report/releases.hpp"
#include "report/words.hpp"

namespace muslcheck::report {
namespace {

using model::ModuleReleases;
using model::Outcome;
using model::ReleaseVerdict;

/// Rows in the page.
constexpr std::size_t kMaxRows = 500;

const char* mark_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::loads: return "\u2713";
    case Outcome::loads_lazily: return "!";
    case Outcome::fails_to_load:
    case Outcome::fails_to_start: return "\u2717";
    case Outcome::unknown: return "?";
  }
  return "?";
}

void write_mark(Markup& page, Outcome outcome, const std::string& words) {
  page.element("span",
               {{"class", std::string("pill outcome-") + name_of(outcome)},
                {"role", "img"},
                {"aria-label", words},
                {"title", words}},
               mark_of(outcome));
}

void write_key(Markup& page) {
  const Element line(page, "p", {{"class", "dim"}});
  for (const Outcome outcome : {Outcome::loads, Outcome::loads_lazily, Outcome::fails_to_load}) {
    write_mark(page, outcome, describe(outcome));
    page.text(outcome == Outcome::fails_to_load ? std::string(" fails. ")
                                                : std::string(" ") + describe(outcome) + "  ");
  }
  page.text("Modules that are the same on all releases are left out, unless they fail on all.");
}

using Modules = std::vector<const ModuleReleases*>;

/// Releases from `first` to `last`, on which all is judged alike.
struct Column {
  const ReleaseVerdict* first;
  const ReleaseVerdict* last;
};

const model::ReleaseOutcome* find_outcome(const ModuleReleases& module,
                                          const ReleaseVerdict& release) {
  return core::find_where(module.outcomes, [&](const model::ReleaseOutcome& on) {
    return on.release == release.release;
  });
}

bool is_alike(const ModuleReleases& module, const ReleaseVerdict& a, const ReleaseVerdict& b) {
  const model::ReleaseOutcome* on_a = find_outcome(module, a);
  const model::ReleaseOutcome* on_b = find_outcome(module, b);
  if (on_a == nullptr || on_b == nullptr) return on_a == on_b;
  return on_a->outcome == on_b->outcome;
}

bool is_alike(const Modules& modules, const ReleaseVerdict& a, const ReleaseVerdict& b) {
  return a.verdict == b.verdict && a.errors == b.errors && a.warnings == b.warnings &&
         std::all_of(modules.begin(), modules.end(),
                     [&](const ModuleReleases* module) { return is_alike(*module, a, b); });
}

std::vector<Column> columns_of(const std::vector<ReleaseVerdict>& releases,
                               const Modules& modules) {
  std::vector<Column> columns;
  for (const ReleaseVerdict& release : releases) {
    if (!columns.empty() && is_alike(modules, *columns.back().last, release)) {
      columns.back().last = &release;
    } else {
      columns.push_back({&release, &release});
    }
  }
  return columns;
}

std::string describe_column(const Column& column) {
  if (column.first == column.last) return column.first->release;
  const bool are_neighbours = column.last - column.first == 1;
  return column.first->release + (are_neighbours ? ", " : " to ") + column.last->release;
}

void write_release_names(Markup& page, const std::vector<Column>& columns) {
  const Element head(page, "thead");
  const Element row(page, "tr");
  page.element("th", {{"scope", "col"}}, "Release");
  for (const Column& column : columns)
    page.element("th", {{"scope", "col"}}, describe_column(column));
  page.element("th", {{"scope", "col"}}, "Loads");
}

void write_verdicts(Markup& page, const std::vector<Column>& columns) {
  const Element row(page, "tr");
  page.element("th", {{"scope", "row"}}, "The image as a whole");
  for (const Column& column : columns) {
    const Element cell(page, "td");
    const std::string verdict = name_of(column.last->verdict);
    page.element("span", {{"class", "pill verdict-" + verdict}}, verdict);
    page.element("small", {}, counted(column.last->errors, "error"));
    page.element("small", {}, counted(column.last->warnings, "warning"));
  }
  page.element("td", {}, "");
}

/// What the loader says is that of the newest release of the column.
void write_cell(Markup& page, const ModuleReleases& module, const Column& column) {
  const Element cell(page, "td");
  const model::ReleaseOutcome* on = find_outcome(module, *column.last);
  if (on == nullptr) return;
  const std::string reason = on->errors.empty() ? "" : ": " + on->errors.front();
  write_mark(page, on->outcome, std::string(describe(on->outcome)) + reason);
}

void write_row(Markup& page, const ModuleReleases& module, const std::vector<Column>& columns) {
  const Element row(page, "tr");
  {
    const Element name(page, "th", {{"scope", "row"}});
    page.element("code", {}, module.path);
    if (!module.reason.empty()) page.element("small", {}, module.reason);
  }
  for (const Column& column : columns) write_cell(page, module, column);
  page.element("td", {}, module.summary);
}

void write_matrix(Markup& page, const model::Report& report, const Modules& modules) {
  const std::vector<Column> columns = columns_of(report.releases, modules);
  const Element frame(page, "div", scrolling("frame", "Table of modules by release"));
  const Element table(page, "table", {{"class", "matrix"}});
  write_release_names(page, columns);
  const Element body(page, "tbody");
  write_verdicts(page, columns);
  for (std::size_t i = 0; i < std::min(kMaxRows, modules.size()); ++i)
    write_row(page, *modules[i], columns);
}

}  // namespace

void write_html_releases(Markup& page, const model::Report& report) {
  if (report.releases.empty()) return;
  const auto [modules, on_none] = matrix_rows(report, false);
  if (!modules.empty()) write_key(page);
  write_matrix(page, report, modules);
  if (modules.size() > kMaxRows)
    page.element("p", {{"class", "capped"}},
                 std::to_string(modules.size() - kMaxRows) +
                     " more modules are not on this page; the JSON report has them all.");
  if (on_none != 0)
    page.element("p", {}, describe_on_none(on_none) + ": they stand under \"Modules that move\".");
}

}  // namespace muslcheck::report
