// What was looked at: modules that move, as a table, and what stays behind, counted. Those that
// fail come first, so that a table that had to be cut loses the least.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "report/html_parts.hpp"
#include "report/order.hpp"
#include "report/purl.hpp"
#include "report/replaced.hpp"
#include "report/words.hpp"

namespace muslcheck::report {
namespace {

using model::Module;
using model::Outcome;
using model::Report;

/// Rows in the page: a browser is still quick with so many.
constexpr std::size_t kMaxModules = 2000;

/// Names of packages that stay behind, in a group.
constexpr std::size_t kMaxNames = 500;

/// The worst first; what is not known stands between what fails and what loads.
int rank(Outcome outcome) {
  switch (outcome) {
    case Outcome::fails_to_start: return 0;
    case Outcome::fails_to_load: return 1;
    case Outcome::loads_lazily: return 2;
    case Outcome::unknown: return 3;
    case Outcome::loads: return 4;
  }
  return 3;
}

std::vector<const Module*> moving_modules(const Report& report) {
  std::vector<const Module*> modules;
  for (const Module& module : report.modules)
    if (module.disposition == model::Disposition::payload) modules.push_back(&module);
  std::sort(modules.begin(), modules.end(), [](const Module* a, const Module* b) {
    return std::make_tuple(rank(a->outcome), std::cref(a->path), a->layer) <
           std::make_tuple(rank(b->outcome), std::cref(b->path), b->layer);
  });
  return modules;
}

/// "error note" by path: all severities that the findings about a file have.
std::map<std::string, std::string> severities_by_path(const Report& report) {
  std::map<std::string, std::set<std::string>> sets;
  for (const model::Finding& finding : report.findings)
    sets[finding.path].insert(name_of(finding.severity));
  std::map<std::string, std::string> words;
  for (const auto& [path, set] : sets) words[path] = core::join({set.begin(), set.end()}, " ");
  return words;
}

/// What the loader says first, or what an answer rests on.
std::string reason_of(const Module& module) {
  for (const model::LoadError& error : module.load.errors)
    if (!error.text.empty()) return error.text;
  return module.load.assumptions.empty() ? "" : "assumes: " + module.load.assumptions.front();
}

void write_module(Markup& page, const Module& module, const Report& report,
                  const std::string& severities) {
  const std::string purl = purl_of(module, report);
  const Element row(page, "tr",
                    {{"data-row", "module"},
                     {"data-severity", severities},
                     {"data-ecosystem", ecosystem_of(purl)},
                     {"data-outcome", name_of(module.outcome)}});
  {
    const Element cell(page, "th", {{"scope", "row"}});
    page.element("code", {}, module.path);
    if (!purl.empty()) page.element("small", {}, title_of_purl(purl));
  }
  {
    const Element cell(page, "td");
    page.element("span", {{"class", std::string("pill outcome-") + name_of(module.outcome)}},
                 describe_outcome(module));
  }
  const Element cell(page, "td");
  if (const std::string reason = reason_of(module); !reason.empty())
    page.element("code", {}, reason);
}

void write_head(Markup& page, const std::vector<std::string>& names) {
  const Element head(page, "thead");
  const Element row(page, "tr");
  for (const std::string& name : names) page.element("th", {{"scope", "col"}}, name);
}

void write_table_of(Markup& page, const Report& report, const std::vector<const Module*>& modules) {
  const auto severities = severities_by_path(report);
  const Element frame(page, "div", scrolling("frame", "Table of modules"));
  const Element table(page, "table", {{"class", "modules"}, {"data-holder", ""}});
  write_head(page, {"Module", "Outcome", "What the loader says first"});
  const Element body(page, "tbody");
  for (std::size_t i = 0; i < std::min(kMaxModules, modules.size()); ++i) {
    const auto found = severities.find(modules[i]->path);
    write_module(page, *modules[i], report, found == severities.end() ? "none" : found->second);
  }
}

}  // namespace

void write_html_modules(Markup& page, const Report& report) {
  const std::vector<const Module*> modules = moving_modules(report);
  if (modules.empty()) return;
  write_table_of(page, report, modules);
  if (modules.size() > kMaxModules)
    page.element("p", {{"class", "capped"}},
                 std::to_string(modules.size() - kMaxModules) +
                     " more modules, none worse than those above, are not on this page; the JSON "
                     "report has them all.");
}

void write_html_replaced(Markup& page, const Report& report) {
  const std::vector<ReplacedGroup> groups = describe_replaced(report);
  if (groups.empty()) return;
  {
    const Element list(page, "ul");
    for (const ReplacedGroup& group : groups) {
      const Element item(page, "li");
      page.text(group.text);
      if (group.packages.empty()) continue;
      const Element details(page, "details");
      page.element("summary", {}, counted(group.packages.size(), "package"));
      std::vector<std::string> names(group.packages.begin(), group.packages.end());
      if (names.size() > kMaxNames) names.resize(kMaxNames);
      page.element("p", {}, core::join(names, " "));
    }
  }
  const std::string vendors = describe_vendors(report);
  if (!vendors.empty()) page.element("p", {}, "Moves along and is judged: " + vendors);
}

}  // namespace muslcheck::report
