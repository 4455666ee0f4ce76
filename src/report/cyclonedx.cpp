// CycloneDX 1.6 JSON, to be merged with the bill of materials that other tools make of the image:
// components are the packages that native code or findings belong to, and what becomes of them
// stands in properties. No serial number and no time, so that the same image makes the same bytes.

#include <algorithm>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "report/order.hpp"
#include "report/purl.hpp"
#include "report/words.hpp"
#include "report/writers.hpp"

namespace muslcheck::report {
namespace {

using Json = nlohmann::ordered_json;
using model::Finding;
using model::Module;
using model::Outcome;
using model::Report;
using model::Severity;

void put(Json& properties, const char* name, const std::string& value) {
  if (value.empty()) return;
  properties.push_back(
      {{"name", std::string("muslcheck:") + name}, {"value", core::printable(value)}});
}

/// From what is well to what is not; not judged is worse than well.
int rank_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::loads: return 0;
    case Outcome::unknown: return 1;
    case Outcome::loads_lazily: return 2;
    case Outcome::fails_to_load: return 3;
    case Outcome::fails_to_start: return 4;
  }
  return 1;
}

bool fails(const Module& module) { return rank_of(module.outcome) > rank_of(Outcome::unknown); }

std::string worst_outcome(const std::vector<const Module*>& modules) {
  if (modules.empty()) return {};
  const auto worst = std::max_element(
      modules.begin(), modules.end(),
      [](const Module* a, const Module* b) { return rank_of(a->outcome) < rank_of(b->outcome); });
  return name_of((*worst)->outcome);
}

std::string count_of(const std::vector<const Finding*>& findings, Severity severity) {
  return std::to_string(
      std::count_if(findings.begin(), findings.end(),
                    [&](const Finding* finding) { return finding->severity == severity; }));
}

void put_findings(Json& properties, const std::vector<const Finding*>& findings) {
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note})
    put(properties, (std::string(name_of(severity)) + "s").c_str(), count_of(findings, severity));
  for (const Finding* finding : findings)
    put(properties, "finding",
        finding->rule_id + " " + finding->fingerprint + " " + finding->message);
}

void put_remedies(Json& properties, const std::vector<const Finding*>& findings) {
  std::vector<std::string> written;
  for (const Finding* finding : findings) {
    const model::Remedy& remedy = finding->remedy;
    const std::string text = remedy.command.empty() ? remedy.text : remedy.command;
    if (std::find(written.begin(), written.end(), text) != written.end()) continue;
    written.push_back(text);
    put(properties, "remedy", text);
  }
}

Json file_json(const Module& module, const std::string& reference) {
  Json json{{"type", "file"}, {"bom-ref", reference}, {"name", core::printable(module.path)}};
  if (!module.sha256.empty())
    json["hashes"] = Json::array({{{"alg", "SHA-256"}, {"content", module.sha256}}});
  json["properties"] = Json::array();
  put(json["properties"], "outcome", name_of(module.outcome));
  put(json["properties"], "confidence", name_of(module.confidence));
  put(json["properties"], "layer", std::to_string(module.layer));
  return json;
}

/// Of the modules those that fail. A path may be there once per layer, a reference only once.
Json files_json(const std::vector<const Module*>& modules) {
  Json list = Json::array();
  for (std::size_t i = 0; i < modules.size(); ++i) {
    if (!fails(*modules[i])) continue;
    const bool is_again = i > 0 && modules[i - 1]->path == modules[i]->path;
    std::string reference = "file:" + core::printable(modules[i]->path);
    if (is_again) reference += "#" + std::to_string(i);
    list.push_back(file_json(*modules[i], reference));
  }
  return list;
}

/// A jar that names no group has none: package URLs of Maven must (purl-spec), and readers refuse
/// a bill of materials with one that does not.
bool is_complete(const Purl& purl) {
  return !purl.name.empty() && (purl.type != "maven" || purl.name.find(':') != std::string::npos);
}

Json package_json(const std::string& purl, const PackageContent& component) {
  const Purl parsed = parse_purl(purl);
  const std::string name = parsed.name.empty() ? purl : parsed.name;
  Json json{
      {"type", "library"}, {"bom-ref", core::printable(purl)}, {"name", core::printable(name)}};
  if (!parsed.version.empty()) json["version"] = core::printable(parsed.version);
  if (is_complete(parsed)) json["purl"] = core::printable(purl);
  json["properties"] = Json::array();
  put(json["properties"], "outcome", worst_outcome(component.modules));
  put(json["properties"], "modules", std::to_string(component.modules.size()));
  put_findings(json["properties"], component.findings);
  put_remedies(json["properties"], component.findings);
  if (Json files = files_json(component.modules); !files.empty())
    json["components"] = std::move(files);
  return json;
}

Json components_json(const std::map<std::string, PackageContent>& components) {
  Json list = Json::array();
  for (const auto& [purl, component] : components) {
    if (!purl.empty()) {
      list.push_back(package_json(purl, component));
      continue;
    }
    for (Json& file : files_json(component.modules)) list.push_back(std::move(file));
  }
  return list;
}

/// The image, with the verdict and with findings that no package has.
Json image_json(const Report& report, const std::map<std::string, PackageContent>& components) {
  Json json{{"type", report.source.kind == "file" ? "file" : "container"},
            {"bom-ref", "image"},
            {"name", core::printable(report.source.name)}};
  if (!report.source.digest.empty()) json["version"] = core::printable(report.source.digest);
  json["properties"] = Json::array();
  Json& properties = json["properties"];
  put(properties, "verdict", name_of(report.verdict));
  put(properties, "summary", describe_verdict(report));
  put(properties, "incomplete", report.incomplete ? "true" : "false");
  put(properties, "target", report.target.name);
  put(properties, "new-base", report.target.image);
  const auto unowned = components.find("");
  if (unowned != components.end()) put_findings(properties, unowned->second.findings);
  return json;
}

}  // namespace

std::string write_cyclonedx(const Report& report) {
  const std::map<std::string, PackageContent> components = content_by_package(report);
  Json tool{{"type", "application"}, {"name", "muslcheck"}};
  if (!report.tool_version.empty()) tool["version"] = report.tool_version;
  const Json bom{{"$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json"},
                 {"bomFormat", "CycloneDX"},
                 {"specVersion", "1.6"},
                 {"version", 1},
                 {"metadata",
                  {{"tools", {{"components", Json::array({std::move(tool)})}}},
                   {"component", image_json(report, components)}}},
                 {"components", components_json(components)}};
  constexpr int kIndent = 2;
  return bom.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace muslcheck::report
