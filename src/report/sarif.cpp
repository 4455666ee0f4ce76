// SARIF 2.1.0 (OASIS), as GitHub's code scanning reads it. GitHub wants a file of the repository
// for each result, and files of an image are in none: where a Dockerfile says which instruction
// brought the file, that line is the location and the file in the image a related one. It tells
// alerts apart by "primaryLocationLineHash" alone, which upload actions compute from the line's
// text if it is not there; all results of one COPY would be one alert then.

#include <algorithm>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "report/escape.hpp"
#include "report/layers.hpp"
#include "report/order.hpp"
#include "report/purl.hpp"
#include "report/words.hpp"
#include "report/writers.hpp"

namespace muslcheck::report {
namespace {

using Json = nlohmann::ordered_json;
using model::Finding;
using model::Report;

/// What GitHub takes of one run; of these it shows 5,000.
constexpr std::size_t kMaxResults = 25'000;
constexpr std::size_t kMaxNotifications = 1'000;
constexpr std::size_t kMaxSuppressed = 1'000;
/// Together with kMaxResults this keeps the file below GitHub's 10 MB, compressed.
constexpr std::size_t kMaxText = 1'000;
constexpr std::size_t kMaxEvidence = 10;

std::string shown(const std::string& text) {
  return core::shortened(core::printable(text), kMaxText);
}

/// Message texts have links, "[text](target)": without that pair of characters there is none.
std::string message_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '(' && out.ends_with(']')) out += ' ';
    out += c;
  }
  return out;
}

Json message(const std::string& text) { return {{"text", message_text(text)}}; }

Json list_of(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (std::size_t i = 0; i < texts.size() && i < kMaxEvidence; ++i)
    list.push_back(shown(texts[i]));
  return list;
}

// ---- Rules -----------------------------------------------------------------------------------

/// How sure the least sure of a rule's findings is, in GitHub's words.
const char* precision_of(model::Confidence confidence) {
  switch (confidence) {
    case model::Confidence::certain: return "very-high";
    case model::Confidence::likely: return "high";
    case model::Confidence::hint: return "medium";
  }
  return "medium";
}

const char* problem_severity(model::Severity severity) {
  return severity == model::Severity::note ? "recommendation" : name_of(severity);
}

/// A rule that findings of this report are of.
struct UsedRule {
  std::string id;
  std::string name;
  model::Severity severity = model::Severity::note;  ///< of its worst finding
  model::Confidence confidence = model::Confidence::certain;
  const RuleText* text = nullptr;  ///< null: nothing more is known
  std::size_t index = 0;
};

std::map<std::string, UsedRule> used_rules(const std::vector<const Finding*>& findings,
                                           const std::vector<RuleText>& texts) {
  std::map<std::string, UsedRule> rules;
  for (const Finding* finding : findings) {
    UsedRule& rule = rules[finding->rule_id];
    rule.id = finding->rule_id;
    rule.name = finding->name;
    rule.severity = std::max(rule.severity, finding->severity);
    rule.confidence = std::max(rule.confidence, finding->confidence);
  }
  std::size_t index = 0;
  for (auto& [id, rule] : rules) {
    rule.index = index++;
    rule.text = core::find_where(texts, [&id = id](const RuleText& text) { return text.id == id; });
  }
  return rules;
}

Json help_json(const RuleText& text) {
  std::string plain = text.cause + "\n\n" + text.help;
  std::string marked = "**Why:** " + text.cause + "\n\n**What to do:** " + text.help;
  if (!text.references.empty()) {
    plain += "\n\nSeen in: " + core::join(text.references, ", ");
    marked += "\n\n**Seen in:** " + core::join(text.references, ", ");
  }
  const std::string more = "muslcheck explain " + text.id;
  return {{"text", plain + "\n\nMore: " + more},
          {"markdown", marked + "\n\n**More:** `" + more + "`"}};
}

Json rule_json(const UsedRule& rule) {
  Json json{{"id", rule.id}, {"name", rule.name}};
  const std::string title = rule.text == nullptr ? rule.name : rule.text->title;
  json["shortDescription"] = {{"text", title}};
  json["fullDescription"] = {{"text", rule.text == nullptr ? title : rule.text->cause}};
  // GitHub asks for a help of each rule, also of one that another version found.
  json["help"] = rule.text == nullptr ? Json{{"text", title}} : help_json(*rule.text);
  const model::Severity severity = rule.text == nullptr ? rule.severity : rule.text->severity;
  json["defaultConfiguration"] = {{"level", name_of(severity)}};
  json["properties"] = {{"tags", {"alpine", "compatibility", "container", "musl"}},
                        {"precision", precision_of(rule.confidence)},
                        {"problem.severity", problem_severity(severity)}};
  return json;
}

// ---- Locations -------------------------------------------------------------------------------

Json physical_location(const std::string& path, int line) {
  return {{"artifactLocation", {{"uri", uri_of(path)}}},
          {"region", {{"startLine", std::max(1, line)}}}};
}

/// For what is about no file: the last instruction that is known, else the image's name.
Json image_location(const Report& report) {
  for (int layer = static_cast<int>(report.source.layers.size()) - 1; layer >= 0; --layer)
    if (const model::LayerOrigin* origin = instruction_of(report, layer))
      return physical_location(origin->file, origin->line);
  std::string name = report.source.name;
  name.erase(0, name.find_first_not_of('/'));
  return physical_location(name, 1);
}

Json logical_locations(const Finding& finding) {
  Json list = Json::array();
  if (!finding.package.empty())
    list.push_back({{"name", shown(title_of_purl(finding.package))},
                    {"fullyQualifiedName", shown(finding.package)},
                    {"kind", "package"}});
  return list;
}

void put_locations(Json& result, const Report& report, const Finding& finding) {
  const model::LayerOrigin* origin = instruction_of(report, finding.layer);
  Json location;
  if (finding.path.empty()) {
    location["physicalLocation"] = image_location(report);
  } else if (origin != nullptr) {
    location["physicalLocation"] = physical_location(origin->file, origin->line);
    result["relatedLocations"] =
        Json::array({{{"id", 1},
                      {"physicalLocation", physical_location(finding.path, 1)},
                      {"message", message("the file in the image, " + shown(finding.path))}}});
  } else {
    location["physicalLocation"] = physical_location(finding.path, 1);
  }
  if (Json logical = logical_locations(finding); !logical.empty())
    location["logicalLocations"] = std::move(logical);
  result["locations"] = Json::array({std::move(location)});
}

// ---- Results ---------------------------------------------------------------------------------

/// GitHub shows nothing of a result but this and its location, which may be a Dockerfile's.
std::string describe(const Report& report, const Finding& finding) {
  std::string text = shown(describe_surely(finding));
  if (!finding.path.empty() && instruction_of(report, finding.layer) != nullptr)
    text += "\nFile: " + shown(finding.path);
  if (!finding.evidence.empty()) text += "\nEvidence: " + shown(finding.evidence.front());
  if (!finding.owners.empty()) text += "\nBrought by: " + shown(core::join(finding.owners, " > "));
  if (!finding.remedy.text.empty()) text += "\nFix: " + shown(finding.remedy.text);
  if (!finding.remedy.command.empty()) text += "\n  " + shown(finding.remedy.command);
  return text;
}

Json result_properties(const Finding& finding) {
  Json json{{"path", shown(finding.path)}, {"subject", shown(finding.subject)}};
  if (!finding.package.empty()) json["package"] = shown(finding.package);
  json["owners"] = list_of(finding.owners);
  json["layer"] = finding.layer;
  json["confidence"] = name_of(finding.confidence);
  if (finding.entrypoint) json["entrypoint"] = true;
  json["evidence"] = list_of(finding.evidence);
  json["remedy"] = finding.remedy.kind;
  return json;
}

Json result_json(const Report& report, const Finding& finding, const std::string& fingerprint,
                 std::size_t rule_index) {
  Json json{{"ruleId", finding.rule_id},
            {"ruleIndex", rule_index},
            {"level", name_of(finding.severity)},
            {"message", message(describe(report, finding))}};
  put_locations(json, report, finding);
  json["partialFingerprints"] = {{"muslcheck/v1", finding.fingerprint},
                                 {"primaryLocationLineHash", fingerprint}};
  if (report.summary.baseline != 0) json["baselineState"] = finding.baseline ? "unchanged" : "new";
  json["properties"] = result_properties(finding);
  return json;
}

/// True for the results that are written: all, or the worst kMaxResults.
std::vector<bool> chosen_results(const std::vector<const Finding*>& findings) {
  std::vector<std::size_t> order(findings.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return findings[a]->severity > findings[b]->severity;
  });
  std::vector<bool> chosen(findings.size(), false);
  for (std::size_t i = 0; i < order.size() && i < kMaxResults; ++i) chosen[order[i]] = true;
  return chosen;
}

Json results_json(const Report& report, const std::vector<const Finding*>& findings,
                  const std::map<std::string, UsedRule>& rules) {
  const std::vector<std::string> fingerprints = unique_fingerprints(findings);
  const std::vector<bool> chosen = chosen_results(findings);
  Json list = Json::array();
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (chosen[i])
      list.push_back(
          result_json(report, *findings[i], fingerprints[i], rules.at(findings[i]->rule_id).index));
  return list;
}

// ---- The run ---------------------------------------------------------------------------------

Json notification(const std::string& id, const std::string& text) {
  return {{"level", "warning"}, {"message", message(text)}, {"descriptor", {{"id", id}}}};
}

Json notifications_json(const Report& report) {
  Json list = Json::array();
  if (report.findings.size() > kMaxResults)
    list.push_back(
        notification("results-left-out",
                     std::to_string(report.findings.size() - kMaxResults) +
                         " results are left out, the least severe ones: code scanning takes " +
                         std::to_string(kMaxResults) + ". The JSON report has all."));
  const auto problems = ordered_problems(report);
  for (std::size_t i = 0; i < problems.size() && i < kMaxNotifications; ++i) {
    Json json =
        notification(problems[i]->stage + "/" + problems[i]->code, shown(problems[i]->message));
    if (!problems[i]->path.empty())
      json["locations"] =
          Json::array({{{"physicalLocation", physical_location(problems[i]->path, 1)}}});
    list.push_back(std::move(json));
  }
  if (problems.size() > kMaxNotifications)
    list.push_back(notification("problems-left-out",
                                std::to_string(problems.size() - kMaxNotifications) +
                                    " more files could not be examined. The JSON report has all."));
  return list;
}

/// No results: code scanning passes over their `suppressions` and would open an alert for each.
Json suppressed_json(const Report& report) {
  Json list = Json::array();
  for (std::size_t i = 0; i < report.suppressed.size() && i < kMaxSuppressed; ++i) {
    const auto& [finding, reason, expires] = report.suppressed[i];
    Json json{{"ruleId", finding.rule_id},
              {"path", shown(finding.path)},
              {"fingerprint", finding.fingerprint},
              {"reason", shown(reason)}};
    if (!expires.empty()) json["expires"] = shown(expires);
    list.push_back(std::move(json));
  }
  return list;
}

Json run_properties(const Report& report) {
  return {{"verdict", name_of(report.verdict)},
          {"summary", shown(describe_verdict(report))},
          {"incomplete", report.incomplete},
          {"source", shown(report.source.kind + " " + report.source.name)},
          {"digest", shown(report.source.digest)},
          {"target", shown(report.target.name)},
          {"suppressed", suppressed_json(report)}};
}

Json driver_json(const Report& report, const std::map<std::string, UsedRule>& rules) {
  Json json{{"name", "muslcheck"}};
  json["fullName"] = "muslcheck: what breaks when an image moves from glibc to musl";
  if (!report.tool_version.empty()) json["semanticVersion"] = report.tool_version;
  json["rules"] = Json::array();
  for (const auto& [id, rule] : rules) json["rules"].push_back(rule_json(rule));
  return json;
}

}  // namespace

std::string write_sarif(const Report& report, const std::vector<RuleText>& texts) {
  const std::vector<const Finding*> findings = ordered_findings(report);
  const std::map<std::string, UsedRule> rules = used_rules(findings, texts);
  Json run{{"tool", {{"driver", driver_json(report, rules)}}}};
  run["invocations"] = Json::array({{{"executionSuccessful", true},
                                     {"toolExecutionNotifications", notifications_json(report)}}});
  run["results"] = results_json(report, findings, rules);
  run["columnKind"] = "utf16CodeUnits";
  run["properties"] = run_properties(report);
  const Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", Json::array({std::move(run)})}};
  return log.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace muslcheck::report
