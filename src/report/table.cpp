// The report for people, in the order in which they read: may I move, what must I do, why, and
// what was looked at. No tables despite the name that users know it by (`-f table`): loader texts
// are long and paths are longer, so everything is paragraphs that wrap.

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "muslcheck/report/report.hpp"
#include "report/grouping.hpp"
#include "report/layers.hpp"
#include "report/layout.hpp"
#include "report/plan.hpp"
#include "report/releases.hpp"
#include "report/replaced.hpp"
#include "report/size.hpp"

namespace muslcheck::report {
namespace {

using model::Outcome;
using model::Report;
using model::Severity;

/// Loader texts shown per finding; the rest is counted. One symbol family can have hundreds.
constexpr std::size_t kMaxEvidence = 4;

std::uint64_t count_of(const std::map<std::string, std::uint64_t>& counts, const char* word) {
  const auto found = counts.find(word);
  return found == counts.end() ? 0 : found->second;
}

std::uint64_t count_of(const Report& report, Outcome outcome) {
  return count_of(report.summary.outcomes, name_of(outcome));
}

std::uint64_t count_of(const Report& report, model::Disposition disposition) {
  return count_of(report.summary.modules, name_of(disposition));
}

std::uint64_t count_modules(const Report& report) {
  std::uint64_t sum = 0;
  for (const auto& [disposition, count] : report.summary.modules) sum += count;
  return sum;
}

/// "1 error", "2 errors".
std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// "alpine:3.22 (musl 1.2.5, x86_64)".
std::string describe_target(const model::TargetInfo& target) {
  std::vector<std::string> details;
  if (!target.musl.empty()) details.push_back("musl " + target.musl);
  if (!target.arch.empty()) details.push_back(target.arch);
  return details.empty() ? target.name : target.name + " (" + core::join(details, ", ") + ")";
}

// ---- Verdict ---------------------------------------------------------------------------------

/// What happens to the modules that move, as the sentence's main clause.
std::string describe_modules(const Report& report, const std::string& target) {
  const std::uint64_t payload = count_of(report, model::Disposition::payload);
  const std::uint64_t failing =
      count_of(report, Outcome::fails_to_load) + count_of(report, Outcome::fails_to_start);
  const std::uint64_t lazy = count_of(report, Outcome::loads_lazily);
  const std::uint64_t unknown = count_of(report, Outcome::unknown);
  const std::string of_all = " of " + counted(payload, "native module");
  if (count_modules(report) == 0)
    return "nothing to judge for " + target + ": no native code (ELF file) found";
  if (payload == 0)
    return "no native module has to move to " + target + ": the new base brings its own";
  if (failing != 0)
    return std::to_string(failing) + of_all + (failing == 1 ? " fails" : " fail") + " on " + target;
  if (lazy != 0)
    return std::to_string(lazy) + of_all + (lazy == 1 ? " loads" : " load") + " on " + target +
           " but can crash on a missing function";
  if (unknown != 0) return std::to_string(unknown) + of_all + " cannot be judged for " + target;
  if (payload == 1) return "the one native module loads on " + target;
  return "all " + std::to_string(payload) + " native modules load on " + target;
}

std::string describe_way_out(const Report& report) {
  switch (report.verdict) {
    case model::Verdict::ready: return {};
    case model::Verdict::changes: return "; there is a known remedy for everything";
    case model::Verdict::blocked: return "; not everything has a known remedy";
  }
  return {};
}

Style style_of(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::ready: return Style::green;
    case model::Verdict::changes: return Style::yellow;
    case model::Verdict::blocked: return Style::red;
  }
  return Style::red;
}

/// "node:22.1.0-bookworm, 5 of 8 layers, recognised by the image's history".
std::string describe_base(const model::SourceInfo& source) {
  const model::BaseImage& base = *source.base;
  std::string text = base.name;
  if (base.layers != 0)
    text += ", " + std::to_string(base.layers) + " of " + counted(source.layers.size(), "layer");
  if (base.how == "given") {
    text += ", given with --base";
    if (base.own_layers > base.layers)
      text += " (the image has only these of its " + counted(base.own_layers, "layer") + ")";
    return text;
  }
  if (base.how == "history") return text + ", recognised by the image's history";
  text += ", named by the image's label";
  return text + (base.layers == 0 ? " (which layers are its own is not known)"
                                  : " (its layers recognised by the history)");
}

/// "node:20.11-alpine; target alpine:3.19, node:20.11-alpine has it". Of a bare Alpine that the user
/// asked for there is nothing more to say.
std::string describe_new_base(const model::TargetInfo& target) {
  const bool is_bare = target.image == target.name;
  if (target.how.empty() || (is_bare && target.how.starts_with("given"))) return target.image;
  return target.image + (is_bare ? ", " : "; target " + target.name + ", ") + target.how;
}

void write_verdict(Page& page, const Report& report) {
  std::string sentence = describe_modules(report, describe_target(report.target));
  sentence += describe_way_out(report) + ".";
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

const char* describe(Outcome outcome) {
  switch (outcome) {
    case Outcome::loads: return "loads";
    case Outcome::loads_lazily: return "loads, can crash later";
    case Outcome::fails_to_load: return "fails to load";
    case Outcome::fails_to_start: return "fails to start";
    case Outcome::unknown: return "not judged";
  }
  return "not judged";
}

/// "fails to load (node)": the outcome and who loads the module.
std::string describe_outcome(const model::Module& module) {
  std::string text = describe(module.outcome);
  if (!module.host.empty() && module.host != "unknown") text += " (" + module.host + ")";
  if (module.confidence != model::Confidence::certain)
    text += std::string(", ") + name_of(module.confidence);
  return text;
}

/// "Error relocating FILE" of "Error relocating FILE: SYMBOL: symbol not found".
std::string_view head_of(std::string_view text) { return text.substr(0, text.find(": ")); }

/// Evidence that says who loads a library or starts a program: never cut off, it says what breaks.
bool is_dependent(const std::string& text) {
  return text.starts_with("loaded by ") || text.starts_with("the container starts with ");
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
  std::string text = finding.rule_id + " " + finding.name;
  if (finding.confidence != model::Confidence::certain)
    text += std::string(" (") + name_of(finding.confidence) + ")";
  text += ": " + finding.message;
  const Style text_style = finding.severity == Severity::note ? Style::dim : Style::plain;
  page.paragraph(4, 6, {name_of(finding.severity), style_of(finding.severity)}, text, text_style);
  write_evidence(page, finding, verbose);
}

/// What musl says first even with gcompat, and how much more. The file's own name is above.
std::string describe_remaining(const model::GcompatAnswer& answer, const model::Module& module) {
  if (answer.remaining.empty()) return {};
  std::string_view first = answer.remaining.front();
  const std::string_view head = head_of(first);
  if (head == "Error relocating /" + module.path) first.remove_prefix(head.size() + 2);
  const std::size_t more = answer.remaining.size() - 1;
  return std::string(first) + (more == 0 ? "" : " (and " + std::to_string(more) + " more)");
}

std::string describe_gcompat(const model::GcompatAnswer& answer, const model::Module& module) {
  const std::string would =
      module.role == model::Role::executable ? "it would start" : "it would load";
  std::string text;
  switch (answer.help) {
    case model::GcompatHelp::installed: text = would + " with apk add gcompat"; break;
    case model::GcompatHelp::preloaded:
      text = would +
             " with apk add gcompat, but only if LD_PRELOAD=/lib/libgcompat.so.0 is set as well";
      break;
    case model::GcompatHelp::no: return "does not help: " + describe_remaining(answer, module);
  }
  for (const std::string& caveat : answer.caveats) text += "; " + caveat;
  return text;
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

std::string describe_findings(const Report& report) {
  std::vector<std::string> parts;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    const std::uint64_t count = count_of(report.summary.findings, name_of(severity));
    if (count != 0) parts.push_back(counted(count, name_of(severity)));
  }
  return parts.empty() ? "No findings" : core::join(parts, ", ");
}

std::string describe_examined(const Report& report) {
  const std::uint64_t total = count_modules(report);
  if (total == 0) return "no native module examined.";
  struct Part {
    std::uint64_t count;
    const char* one;
    const char* many;
  };
  using model::Disposition;
  const std::array parts{
      Part{count_of(report, Outcome::loads), "loads", "load"},
      Part{count_of(report, Outcome::loads_lazily), "can crash later", "can crash later"},
      Part{count_of(report, Outcome::fails_to_load), "fails to load", "fail to load"},
      Part{count_of(report, Outcome::fails_to_start), "fails to start", "fail to start"},
      Part{count_of(report, Outcome::unknown), "not judged", "not judged"},
      Part{count_of(report, Disposition::replaced), "replaced by the base", "replaced by the base"},
      Part{count_of(report, Disposition::inert), "not used on musl", "not used on musl"},
      Part{count_of(report, Disposition::foreign), "for another system", "for another system"},
  };
  std::vector<std::string> texts;
  for (const Part& part : parts)
    if (part.count != 0)
      texts.push_back(std::to_string(part.count) + " " + (part.count == 1 ? part.one : part.many));
  return counted(total, "native module") + " examined: " + core::join(texts, ", ") + ".";
}

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
  if (report.problems.empty()) return;
  page.blank();
  page.line(0, "Could not examine", Style::bold);
  for (const model::Problem& problem : report.problems) {
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
  write_problems(page, report);
  write_examined(page, report);
  return page.take();
}

}  // namespace muslcheck::report
