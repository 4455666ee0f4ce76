// The controls that filter, and the texts of rules that findings link to. The controls offer only
// what the report has.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "report/html_parts.hpp"
#include "report/order.hpp"
#include "report/words.hpp"

namespace muslcheck::report {
namespace {

using model::Report;

struct Option {
  std::string value;
  std::string words;
};

/// Choices beyond this are left out: a report with so many ecosystems is not one of this program.
constexpr std::size_t kMaxOptions = 40;

void write_choice(Markup& page, const char* name, const char* label,
                  const std::vector<Option>& options) {
  const Element wrapper(page, "label");
  page.text(label);
  page.text(" ");
  const Element choice(page, "select", {{"name", name}});
  page.element("option", {{"value", ""}}, "all");
  for (std::size_t i = 0; i < std::min(kMaxOptions, options.size()); ++i)
    page.element("option", {{"value", options[i].value}}, options[i].words);
}

std::vector<Option> severity_options(const Report& report) {
  std::vector<Option> options;
  for (const model::Severity severity :
       {model::Severity::error, model::Severity::warning, model::Severity::note})
    if (count_of(report, severity) != 0) options.push_back({name_of(severity), name_of(severity)});
  return options;
}

std::vector<Option> ecosystem_options(const Report& report) {
  std::set<std::string> names;
  for (const model::Finding& finding : report.findings) names.insert(ecosystem_of(finding.package));
  for (const model::Module& module : report.modules)
    if (module.disposition == model::Disposition::payload)
      names.insert(ecosystem_of(purl_of(module, report)));
  std::vector<Option> options;
  for (const std::string& name : names)
    options.push_back({name, name == "none" ? "no package" : name});
  return options;
}

std::vector<Option> outcome_options(const Report& report) {
  using model::Outcome;
  std::vector<Option> options;
  for (const Outcome outcome : {Outcome::fails_to_start, Outcome::fails_to_load,
                                Outcome::loads_lazily, Outcome::unknown, Outcome::loads})
    if (count_of(report, outcome) != 0) options.push_back({name_of(outcome), describe(outcome)});
  return options;
}

bool is_purl_type(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

void write_rule(Markup& page, const RuleText& rule) {
  const Element details(page, "details", {{"id", "rule-" + rule.id}});
  page.element("summary", {}, rule.id + " " + rule.name + ": " + rule.title);
  if (!rule.cause.empty()) page.element("p", {}, rule.cause);
  if (!rule.help.empty()) page.element("p", {}, rule.help);
  if (!rule.references.empty())
    page.element("p", {{"class", "dim"}}, "Seen in: " + core::join(rule.references, ", "));
}

}  // namespace

std::string ecosystem_of(std::string_view purl) {
  constexpr std::string_view kScheme = "pkg:";
  if (!purl.starts_with(kScheme)) return "none";
  const std::string_view type = purl.substr(kScheme.size(), purl.find('/') - kScheme.size());
  return is_purl_type(type) ? std::string(type) : "none";
}

void write_html_filter(Markup& page, const Report& report) {
  const Element form(page, "form",
                     {{"id", "filter"}, {"role", "search"}, {"hidden", ""}});
  {
    const Element label(page, "label");
    page.text("Search ");
    page.empty_element("input", {{"type", "search"},
                                 {"name", "q"},
                                 {"placeholder", "package, file, symbol"},
                                 {"autocomplete", "off"}});
  }
  write_choice(page, "severity", "Severity", severity_options(report));
  write_choice(page, "ecosystem", "Packages of", ecosystem_options(report));
  write_choice(page, "outcome", "Outcome", outcome_options(report));
  page.element("button", {{"type", "reset"}}, "Show all");
  page.element("output", {{"aria-live", "polite"}}, "");
}

void write_html_rules(Markup& page, const Report& report, const std::vector<RuleText>& rules) {
  std::set<std::string> used;
  for (const model::Finding& finding : report.findings) used.insert(finding.rule_id);
  for (const RuleText& rule : rules)
    if (used.contains(rule.id)) write_rule(page, rule);
}

}  // namespace muslcheck::report
