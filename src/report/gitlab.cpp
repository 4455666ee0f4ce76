// GitLab's Code Quality report: a list of issues, each with a file and a line of the repository.
// A file of the image stands there under its path in the image, unless a Dockerfile says which of
// its lines brought it.

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "report/layers.hpp"
#include "report/order.hpp"
#include "report/words.hpp"
#include "report/writers.hpp"

namespace muslcheck::report {
namespace {

using Json = nlohmann::ordered_json;
using model::Finding;
using model::Report;

/// Bytes of a description, which GitLab shows in one line of a list.
constexpr std::size_t kMaxDescription = 1'000;

/// GitLab's five words. A program that keeps the container from starting is worse than all else.
const char* severity_of(const Finding& finding) {
  if (finding.entrypoint) return "blocker";
  switch (finding.severity) {
    case model::Severity::error: return "critical";
    case model::Severity::warning: return "minor";
    case model::Severity::note: return "info";
  }
  return "info";
}

/// "./" and "/" in front would make a path that is in no repository.
std::string relative(std::string path) {
  while (path.starts_with("./")) path.erase(0, 2);
  path.erase(0, path.find_first_not_of('/'));
  return path.empty() ? "." : path;
}

Json location(const std::string& path, int line) {
  return {{"path", core::printable(relative(path))}, {"lines", {{"begin", std::max(1, line)}}}};
}

Json location_of(const Report& report, const Finding& finding) {
  if (finding.path.empty()) return location(report.source.name, 1);
  const model::LayerOrigin* origin = instruction_of(report, finding.layer);
  return origin == nullptr ? location(finding.path, 1) : location(origin->file, origin->line);
}

std::string describe(const Report& report, const Finding& finding) {
  std::string text = describe_surely(finding);
  if (!finding.path.empty() && instruction_of(report, finding.layer) != nullptr)
    text += " File: " + finding.path + ".";
  if (!finding.remedy.text.empty()) text += " Fix: " + finding.remedy.text;
  if (!finding.remedy.command.empty()) text += " (" + finding.remedy.command + ")";
  return core::shortened(core::printable(text), kMaxDescription);
}

}  // namespace

std::string write_gitlab(const Report& report) {
  const std::vector<const Finding*> findings = ordered_findings(report);
  const std::vector<std::string> fingerprints = unique_fingerprints(findings);
  Json issues = Json::array();
  for (std::size_t i = 0; i < findings.size(); ++i)
    issues.push_back({{"description", describe(report, *findings[i])},
                      {"check_name", findings[i]->rule_id},
                      {"fingerprint", fingerprints[i]},
                      {"severity", severity_of(*findings[i])},
                      {"location", location_of(report, *findings[i])}});
  constexpr int kIndent = 2;
  return issues.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace muslcheck::report
