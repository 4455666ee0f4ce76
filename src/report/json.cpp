// The JSON report, for programs. Its contract is rules/schema/report-1.schema.json: the keys here
// come in the order of the schema, a text that is not known is left out rather than written empty,
// and a list is always there even if it is empty.
//
// Names come from images and need not be UTF-8 (a file name is any bytes but '/' and NUL). JSON
// text must be (RFC 8259, 8.1), so each invalid byte becomes U+FFFD; the writer never fails.

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "muslcheck/report/report.hpp"
#include "report/order.hpp"

namespace muslcheck::report {
namespace {

using Json = nlohmann::ordered_json;
using model::Report;

void put_if_known(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

Json list_of(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(text);
  return list;
}

Json instruction_json(const model::LayerOrigin& origin) {
  Json json{
      {"file", origin.file}, {"line", origin.line}, {"stage", origin.stage}, {"text", origin.text}};
  put_if_known(json, "from", origin.from);
  return json;
}

Json layer_json(const model::LayerInfo& layer) {
  Json json;
  put_if_known(json, "digest", layer.digest);
  put_if_known(json, "blobDigest", layer.blob_digest);
  put_if_known(json, "createdBy", layer.created_by);
  if (layer.instruction) json["instruction"] = instruction_json(*layer.instruction);
  json["size"] = layer.size;
  return json;
}

Json base_json(const model::BaseImage& base) {
  Json json{{"name", base.name}};
  put_if_known(json, "digest", base.digest);
  json["how"] = base.how;
  if (base.layers != 0) json["layers"] = base.layers;
  if (base.own_layers != 0) json["ownLayers"] = base.own_layers;
  return json;
}

Json program_json(const std::vector<model::StartStep>& steps) {
  Json list = Json::array();
  for (const model::StartStep& step : steps) {
    Json json{{"what", step.what}};
    put_if_known(json, "path", step.path);
    json["how"] = step.how;
    list.push_back(std::move(json));
  }
  return list;
}

Json runtimes_json(const std::vector<model::Runtime>& runtimes) {
  Json list = Json::array();
  for (const model::Runtime& runtime : runtimes) {
    Json json{{"id", runtime.id}, {"name", runtime.name}};
    put_if_known(json, "version", runtime.version);
    json["program"] = runtime.program;
    json["how"] = runtime.how;
    put_if_known(json, "image", runtime.image);
    put_if_known(json, "release", runtime.release);
    json["inNewBase"] = runtime.in_new_base;
    list.push_back(std::move(json));
  }
  return list;
}

Json source_json(const model::SourceInfo& source) {
  Json json{{"kind", source.kind}, {"name", source.name}};
  put_if_known(json, "digest", source.digest);
  put_if_known(json, "platform", source.platform);
  json["entrypoint"] = list_of(source.config.entrypoint);
  json["program"] = program_json(source.program);
  json["runtimes"] = runtimes_json(source.runtimes);
  if (source.base) json["base"] = base_json(*source.base);
  json["layers"] = Json::array();
  for (const model::LayerInfo& layer : source.layers) json["layers"].push_back(layer_json(layer));
  return json;
}

Json target_json(const model::TargetInfo& target) {
  Json json{{"name", target.name}, {"musl", target.musl}, {"arch", target.arch}};
  put_if_known(json, "release", target.release);
  put_if_known(json, "image", target.image);
  put_if_known(json, "how", target.how);
  return json;
}

std::uint64_t count_of(const std::map<std::string, std::uint64_t>& counts, const char* word) {
  const auto found = counts.find(word);
  return found == counts.end() ? 0 : found->second;
}

/// One number per enumerator, zeros included, in the order given.
template <typename Enum, std::size_t N>
Json counts_json(const std::map<std::string, std::uint64_t>& counts,
                 const std::array<Enum, N>& enumerators) {
  Json json = Json::object();
  for (const Enum enumerator : enumerators)
    json[name_of(enumerator)] = count_of(counts, name_of(enumerator));
  return json;
}

Json summary_json(const model::Summary& summary) {
  using model::Disposition;
  using model::Outcome;
  using model::Severity;
  return {{"modules",
           counts_json(summary.modules, std::array{Disposition::payload, Disposition::replaced,
                                                   Disposition::inert, Disposition::foreign})},
          {"outcomes",
           counts_json(summary.outcomes,
                       std::array{Outcome::loads, Outcome::loads_lazily, Outcome::fails_to_load,
                                  Outcome::fails_to_start, Outcome::unknown})},
          {"findings", counts_json(summary.findings,
                                   std::array{Severity::error, Severity::warning, Severity::note})},
          {"packages", summary.packages}};
}

Json load_error_json(const model::LoadError& error) {
  Json json{{"kind", name_of(error.kind)}, {"subject", error.subject}};
  put_if_known(json, "neededBy", error.needed_by);
  put_if_known(json, "version", error.version);
  put_if_known(json, "library", error.library);
  put_if_known(json, "binding", error.binding);
  json["lazy"] = error.lazy;
  json["fatal"] = error.fatal;
  json["count"] = error.count;
  json["text"] = error.text;
  return json;
}

Json library_json(const model::LibraryResolution& library) {
  Json json{{"name", library.name}};
  put_if_known(json, "neededBy", library.needed_by);
  json["source"] = name_of(library.source);
  put_if_known(json, "path", library.path);
  put_if_known(json, "apk", library.apk);
  json["confidence"] = name_of(library.confidence);
  // The places tried matter to someone who asks why a library is missing; for the rest the path
  // says it, and thousands of found libraries would drown the report.
  if (library.source != model::LibrarySource::missing) return json;
  json["steps"] = Json::array();
  for (const model::SearchStep& step : library.steps)
    json["steps"].push_back({{"path", step.path}, {"result", step.result}});
  return json;
}

Json load_errors_json(const model::LoadResult& load) {
  Json list = Json::array();
  for (const model::LoadError& error : load.errors) list.push_back(load_error_json(error));
  return list;
}

Json libraries_json(const model::LoadResult& load) {
  Json list = Json::array();
  for (const model::LibraryResolution& library : load.libraries)
    list.push_back(library_json(library));
  return list;
}

Json gcompat_json(const model::GcompatAnswer& answer) {
  return {{"help", name_of(answer.help)},
          {"version", answer.version},
          {"remaining", list_of(answer.remaining)},
          {"caveats", list_of(answer.caveats)}};
}

Json module_json(const model::Module& module, const Report& report) {
  Json json{{"path", module.path}, {"layer", module.layer}};
  put_if_known(json, "sha256", module.sha256);
  put_if_known(json, "buildId", module.build_id);
  put_if_known(json, "architecture", module.architecture);
  json["libc"] = name_of(module.libc.libc);
  put_if_known(json, "libcEvidence", module.libc.evidence);
  json["role"] = name_of(module.role);
  put_if_known(json, "host", module.host);
  put_if_known(json, "hostEvidence", module.host_evidence);
  json["disposition"] = name_of(module.disposition);
  put_if_known(json, "dispositionReason", module.disposition_reason);
  json["outcome"] = name_of(module.outcome);
  json["confidence"] = name_of(module.confidence);
  put_if_known(json, "package", purl_of(module, report));
  json["errors"] = load_errors_json(module.load);
  json["libraries"] = libraries_json(module.load);
  json["assumptions"] = list_of(module.load.assumptions);
  if (module.gcompat) json["gcompat"] = gcompat_json(*module.gcompat);
  return json;
}

Json remedy_json(const model::Remedy& remedy) {
  Json json{{"kind", remedy.kind}, {"text", remedy.text}};
  put_if_known(json, "command", remedy.command);
  return json;
}

Json finding_json(const model::Finding& finding) {
  Json json{{"ruleId", finding.rule_id},
            {"name", finding.name},
            {"severity", name_of(finding.severity)},
            {"confidence", name_of(finding.confidence)},
            {"fingerprint", finding.fingerprint},
            {"path", finding.path},
            {"subject", finding.subject},
            {"message", finding.message},
            {"evidence", list_of(finding.evidence)}};
  put_if_known(json, "package", finding.package);
  json["owners"] = list_of(finding.owners);
  json["layer"] = finding.layer;
  if (finding.entrypoint) json["entrypoint"] = true;
  json["remedy"] = remedy_json(finding.remedy);
  return json;
}

Json step_json(const model::PlanStep& step) {
  Json json{{"kind", step.kind}, {"text", step.text}};
  put_if_known(json, "command", step.command);
  json["rules"] = list_of(step.rules);
  json["packages"] = list_of(step.packages);
  return json;
}

Json size_json(const model::SizeMath& size) {
  Json json{{"before", size.before}, {"layers", size.layers}};
  json["parts"] = Json::array();
  for (const model::SizePart& part : size.parts)
    json["parts"].push_back({{"kind", part.kind}, {"bytes", part.bytes}, {"files", part.files}});
  if (size.after) json["after"] = {{"least", size.after->least}, {"most", size.after->most}};
  json["basis"] = list_of(size.basis);
  return json;
}

Json plan_json(const model::Plan& plan) {
  Json apk = Json::array();
  for (const std::string* package :
       sorted_by(plan.apk, [](const std::string& name) -> const std::string& { return name; }))
    apk.push_back(*package);
  Json steps = Json::array();
  for (const model::PlanStep& step : plan.steps) steps.push_back(step_json(step));
  Json json{{"steps", std::move(steps)},
            {"apk", std::move(apk)},
            {"commands", list_of(plan.commands)},
            {"dockerfile", list_of(plan.dockerfile)},
            {"dockerfileMultiStage", list_of(plan.dockerfile_multi_stage)},
            {"dockerfileNotes", list_of(plan.dockerfile_notes)}};
  if (plan.size) json["size"] = size_json(*plan.size);
  return json;
}

Json releases_json(const std::vector<model::ReleaseVerdict>& releases) {
  Json list = Json::array();
  for (const model::ReleaseVerdict& release : releases)
    list.push_back({{"release", release.release},
                    {"verdict", name_of(release.verdict)},
                    {"errors", release.errors},
                    {"warnings", release.warnings}});
  return list;
}

Json matrix_row_json(const model::ModuleReleases& module) {
  Json json{{"path", module.path}, {"summary", module.summary}};
  put_if_known(json, "reason", module.reason);
  json["outcomes"] = Json::array();
  for (const model::ReleaseOutcome& on : module.outcomes)
    json["outcomes"].push_back({{"release", on.release},
                                {"outcome", name_of(on.outcome)},
                                {"errors", list_of(on.errors)}});
  return json;
}

Json matrix_json(const std::vector<model::ModuleReleases>& matrix) {
  Json list = Json::array();
  for (const model::ModuleReleases& module : matrix) list.push_back(matrix_row_json(module));
  return list;
}

Json problem_json(const model::Problem& problem) {
  return {{"path", problem.path},
          {"stage", problem.stage},
          {"code", problem.code},
          {"message", problem.message}};
}

Json modules_json(const Report& report) {
  Json list = Json::array();
  for (const model::Module* module : ordered_modules(report))
    list.push_back(module_json(*module, report));
  return list;
}

Json findings_json(const Report& report) {
  Json list = Json::array();
  for (const model::Finding* finding : ordered_findings(report))
    list.push_back(finding_json(*finding));
  return list;
}

Json problems_json(const Report& report) {
  Json list = Json::array();
  for (const model::Problem* problem : ordered_problems(report))
    list.push_back(problem_json(*problem));
  return list;
}

Json report_json(const Report& report) {
  Json json{{"schemaVersion", report.schema_version},
            {"tool", {{"name", "muslcheck"}, {"version", report.tool_version}}}};
  json["source"] = source_json(report.source);
  json["target"] = target_json(report.target);
  json["verdict"] = name_of(report.verdict);
  json["incomplete"] = report.incomplete;
  json["summary"] = summary_json(report.summary);
  json["modules"] = modules_json(report);
  json["findings"] = findings_json(report);
  json["plan"] = plan_json(report.plan);
  json["releases"] = releases_json(report.releases);
  json["matrix"] = matrix_json(report.matrix);
  json["suppressed"] = Json::array();
  json["problems"] = problems_json(report);
  return json;
}

}  // namespace

std::string write_json(const Report& report) {
  constexpr int kIndent = 2;
  return report_json(report).dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace muslcheck::report
