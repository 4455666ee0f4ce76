// What changed between two reports. A finding is the same if its fingerprint is: neither a new
// version of its package nor another layer makes it a new one.

#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "muslcheck/report/report.hpp"
#include "report/layout.hpp"

namespace muslcheck::report {
namespace {

using model::Finding;
using model::Report;
using Json = nlohmann::ordered_json;
using Findings = std::vector<const Finding*>;

constexpr std::array kNames{"table", "json", "markdown"};  // in the order of DifferenceFormat

std::set<std::string_view> fingerprint_set(const Report& report) {
  std::set<std::string_view> fingerprints;
  for (const Finding& finding : report.findings) fingerprints.insert(finding.fingerprint);
  return fingerprints;
}

/// "app/x.node", "the image"; the package where the finding has one.
std::string describe_place(const Finding& finding) {
  const std::string path = finding.path.empty() ? "the image" : finding.path;
  return finding.package.empty() ? path : path + " (" + finding.package + ")";
}

std::string describe_counts(const Difference& difference) {
  return std::to_string(difference.added.size()) + " new, " +
         std::to_string(difference.removed.size()) + " fixed, " +
         std::to_string(difference.unchanged.size()) + " unchanged";
}

// ---- Table -----------------------------------------------------------------------------------

void write_list(Page& page, const char* title, const Findings& findings, Style style) {
  if (findings.empty()) return;
  page.blank();
  page.line(0, title, Style::bold);
  for (const Finding* finding : findings) {
    page.paragraph(2, 4, {name_of(finding->severity), style},
                   finding->rule_id + " " + finding->name + ": " + finding->message);
    page.paragraph(4, 6, {}, describe_place(*finding), Style::dim);
  }
}

std::string write_table(const Difference& difference, const TableOptions& options) {
  Page page(options.width, options.colour);
  page.line(0, describe_counts(difference) + ".", Style::bold);
  write_list(page, "New", difference.added, Style::red);
  write_list(page, "Fixed", difference.removed, Style::green);
  if (options.verbose) write_list(page, "Unchanged", difference.unchanged, Style::dim);
  return page.take();
}

// ---- Markdown --------------------------------------------------------------------------------

/// Names come from images: nothing of them is markup, and each stays on its line.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char letter : core::printable(text)) {
    if (std::string_view("\\`*_{}[]<>()#+!|~&@").find(letter) != std::string_view::npos)
      out += '\\';
    out += letter;
  }
  return out;
}

void write_list(std::string& text, const char* title, const Findings& findings) {
  if (findings.empty()) return;
  text += std::string("\n### ") + title + "\n\n";
  for (const Finding* finding : findings)
    text += std::string("- **") + name_of(finding->severity) + "** " + finding->rule_id + " " +
            escaped(finding->name) + ": " + escaped(finding->message) + " " +
            escaped(describe_place(*finding)) + "\n";
}

std::string write_markdown(const Difference& difference) {
  std::string text = "**muslcheck:** " + describe_counts(difference) + "\n";
  write_list(text, "New", difference.added);
  write_list(text, "Fixed", difference.removed);
  return text;
}

// ---- JSON ------------------------------------------------------------------------------------

Json finding_json(const Finding& finding) {
  return {{"fingerprint", finding.fingerprint},
          {"ruleId", finding.rule_id},
          {"name", finding.name},
          {"severity", name_of(finding.severity)},
          {"path", finding.path},
          {"package", finding.package},
          {"subject", finding.subject},
          {"message", finding.message}};
}

Json findings_json(const Findings& findings) {
  Json list = Json::array();
  for (const Finding* finding : findings) list.push_back(finding_json(*finding));
  return list;
}

std::string write_json(const Difference& difference) {
  constexpr int kIndent = 2;
  const Json json{{"new", findings_json(difference.added)},
                  {"fixed", findings_json(difference.removed)},
                  {"unchanged", findings_json(difference.unchanged)}};
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Difference compare_reports(const Report& before, const Report& after) {
  const std::set<std::string_view> old_ones = fingerprint_set(before);
  const std::set<std::string_view> new_ones = fingerprint_set(after);
  Difference difference;
  for (const Finding& finding : after.findings)
    (old_ones.contains(finding.fingerprint) ? difference.unchanged : difference.added)
        .push_back(&finding);
  for (const Finding& finding : before.findings)
    if (!new_ones.contains(finding.fingerprint)) difference.removed.push_back(&finding);
  return difference;
}

std::vector<std::string> fingerprints_of(const Report& report) {
  const std::set<std::string_view> fingerprints = fingerprint_set(report);
  return {fingerprints.begin(), fingerprints.end()};
}

std::optional<DifferenceFormat> find_difference_format(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (name == kNames[i]) return static_cast<DifferenceFormat>(i);
  return std::nullopt;
}

const std::vector<std::string>& difference_format_names() {
  static const std::vector<std::string> kAll(kNames.begin(), kNames.end());
  return kAll;
}

std::string write_difference(const Difference& difference, DifferenceFormat format,
                             const TableOptions& options) {
  switch (format) {
    case DifferenceFormat::table: return write_table(difference, options);
    case DifferenceFormat::json: return write_json(difference);
    case DifferenceFormat::markdown: return write_markdown(difference);
  }
  return {};
}

}  // namespace muslcheck::report
