// The report for people, in the order in which they read: may I move, what must I do, why, and
// what was looked at. No tables despite the name that users know it by (`-f table`): loader texts
// are long and paths are longer, so everything is paragraphs that wrap.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "muslcheck/report/report.hpp"
#include "report/accepted.hpp"
#include "report/grouping.hpp"
#include "report/layers.hpp"
#include "report/layout.hpp"
#include "report/plan.hpp"
#include "report/releases.hpp"
#include "report/replaced.hpp"
#include "report/size.hpp"
#include "report/words.hpp"

namespace muslcheck::report {
namespace {

using model::Report;
using model::Severity;

/// Loader texts shown per finding; the rest is counted. One symbol family can have hundreds.
constexpr std::size_t kMaxEvidence = 4;

// ---- Verdict ---------------------------------------------------------------------------------

void write_verdict(Page& page, const Report& report) {
  std::string sentence = describe_verdict(report);
  if (report.incomplete) sentence += " Incomplete: what could not be examined is listed below.";
  const Label label{std::string(name_of(report.verdict)) + ":", style_of(report.verdict)};
  page.paragraph(0, 2, label, sentence, Style::bold);
  std::string source = report.source.kind + " " + report.source.name;
  if (!report.source.platform.empty()) source += ", " + report.source.platform;
  page.paragraph(2, 4, {"scanned:"}, source);
  if (report.source.base) page.paragraph(2, 4, {"base:"}, describe_base(report.source));
  if (!report.target.image.empty())
    page.paragraph(2, 4, {"new base:"}, describe_new_base(report.target));
  else if (!report.target.how.empty())
    page.paragraph(2, 4, {"target:"}, report.target.name + ", " + report.target.how);
}

// ---- Findings --------------------------------------------------------------------------------

Style style_of(Severity severity) {
  switch (severity) {
    case Severity::error: return Style::red;
    case Severity::warning: return Style::yellow;
    case Severity::note: return Style::dim;
  }
  return Style::red;
}

/// Loader texts. Neighbours that begin alike (one file, many symbols) name the file once.
void write_loader_texts(Page& page, const std::vector<std::string>& texts, bool verbose) {
  const std::size_t shown = verbose ? texts.size() : std::min(kMaxEvidence, texts.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string_view head = head_of(texts[i]);
    const std::string_view tail = std::string_view(texts[i]).substr(head.size());
    const bool as_before = i > 0 && head_of(texts[i - 1]) == head && !tail.empty();
    const bool as_next = i + 1 < shown && head_of(texts[i + 1]) == head && !tail.empty();
    if (!as_before && !as_next) {
      page.paragraph(6, 10, {"|", Style::dim}, texts[i]);
      continue;
    }
    if (!as_before) page.paragraph(6, 10, {"|", Style::dim}, std::string(head) + ":");
    page.paragraph(10, 12, {}, tail.substr(2));
  }
  if (shown < texts.size())
    page.line(6, "| + " + std::to_string(texts.size() - shown) + " more", Style::dim);
}

void write_evidence(Page& page, const model::Finding& finding, bool verbose) {
  std::vector<std::string> texts = finding.evidence;
  const auto dependents = std::stable_partition(
      texts.begin(), texts.end(), [](const std::string& text) { return !is_dependent(text); });
  const std::vector<std::string> loaders(dependents, texts.end());
  texts.erase(dependents, texts.end());
  write_loader_texts(page, texts, verbose);
  for (const std::string& text : loaders) page.paragraph(6, 10, {"|", Style::dim}, text);
}

void write_finding(Page& page, const model::Finding& finding, bool verbose) {
  std::string text = describe_rule(finding);
  if (finding.baseline) text += " (in the baseline)";
  text += ": " + finding.message;
  const Style text_style = finding.severity == Severity::note ? Style::dim : Style::plain;
  page.paragraph(4, 6, {name_of(finding.severity), style_of(finding.severity)}, text, text_style);
  write_evidence(page, finding, verbose);
}

/// The advice that everybody finds first, checked for this file.
void write_gcompat(Page& page, const model::Module* module) {
  if (module == nullptr || !module->gcompat) return;
  page.paragraph(4, 6, {"gcompat " + module->gcompat->version + ":", Style::dim},
                 describe_gcompat(*module->gcompat, *module), Style::dim);
}

void write_remedy(Page& page, const model::Remedy& remedy) {
  if (!remedy.text.empty()) page.paragraph(4, 6, {"fix:", Style::green}, remedy.text);
  if (!remedy.command.empty()) page.line(6, remedy.command);
}

void write_layer(Page& page, std::size_t indent, const Report& report, int layer) {
  const std::string text = describe_layer(report.source, layer);
  if (text.empty()) return;
  page.paragraph(indent, indent + 2, {"layer " + std::to_string(layer) + ":", Style::dim}, text,
                 Style::dim);
}

/// All files of a group. Neighbours with the same remedy share one line for it.
void write_files(Page& page, const Report& report, const PackageGroup& group, bool verbose) {
  const bool in_one_layer = common_layer(group).has_value();
  const model::Remedy* pending = nullptr;
  for (const FileGroup& file : group.files) {
    bool named = false;
    for (const model::Finding* finding : file.findings) {
      if (pending != nullptr && *pending != finding->remedy) write_remedy(page, *pending);
      pending = &finding->remedy;
      if (!named && !file.name.empty()) {
        const bool moves = file.module != nullptr &&
                           file.module->disposition != model::Disposition::replaced;
        const std::string outcome = moves ? describe_outcome(*file.module) : std::string();
        page.paragraph(2, 4, {outcome.empty() ? file.name : file.name + ":"}, outcome);
        if (!in_one_layer) write_layer(page, 4, report, layer_of(file));
        named = true;
      }
      write_finding(page, *finding, verbose);
    }
    write_gcompat(page, file.module);
  }
  if (pending != nullptr) write_remedy(page, *pending);
}

void write_group(Page& page, const Report& report, const PackageGroup& group, bool verbose) {
  page.blank();
  const std::string owners =
      group.owners.empty() ? std::string() : "via " + core::join(group.owners, " > ");
  const std::string title = group.title.empty() ? "Files of no package" : group.title;
  page.paragraph(0, 2, {title, Style::bold}, owners);
  if (!group.directory.empty()) page.paragraph(2, 4, {"in"}, group.directory);
  const std::optional<int> layer = common_layer(group);
  if (layer) write_layer(page, 2, report, *layer);
  write_files(page, report, group, verbose);
}

void write_findings(Page& page, const Report& report, bool verbose) {
  for (const PackageGroup& group : group_findings(report))
    write_group(page, report, group, verbose);
}

// ---- What was looked at ----------------------------------------------------------------------

void write_examined(Page& page, const Report& report) {
  page.blank();
  page.paragraph(0, 2, {describe_findings(report) + ";"}, describe_examined(report));
}

/// Every module that moves, also those that load.
void write_modules(Page& page, const Report& report) {
  if (count_of(report, model::Disposition::payload) == 0) return;
  page.blank();
  page.line(0, "Modules that move", Style::bold);
  for (const model::Module& module : report.modules) {
    if (module.disposition != model::Disposition::payload) continue;
    page.paragraph(2, 4, {module.path + ":"}, describe_outcome(module));
    for (const std::string& assumption : module.load.assumptions)
      page.paragraph(4, 6, {"assumes:", Style::dim}, assumption);
  }
}

void write_problems(Page& page, const Report& report) {
  std::vector<model::Problem> problems = report.problems;
  std::erase_if(problems, is_about_ignore_file);
  if (problems.empty()) return;
  page.blank();
  page.line(0, "Could not examine", Style::bold);
  for (const model::Problem& problem : problems) {
    const std::string where = problem.path.empty() ? "(the source)" : problem.path;
    page.paragraph(2, 4, {where + ":", Style::yellow},
                   problem.message + " [" + problem.stage + "/" + problem.code + "]");
  }
}

}  // namespace

std::string write_table(const Report& report, const TableOptions& options) {
  Page page(options.width, options.colour);
  write_verdict(page, report);
  write_plan(page, report);
  write_findings(page, report, options.verbose);
  write_releases(page, report, options.verbose);
  write_replaced(page, report, options.verbose);
  write_size(page, report, options.verbose);
  if (options.verbose) write_modules(page, report);
  write_accepted(page, report, options.verbose);
  write_problems(page, report);
  write_examined(page, report);
  return page.take();
}

}  // namespace muslcheck::report
