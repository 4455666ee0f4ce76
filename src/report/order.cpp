// What all formats sort by, and what they look up alike.

#include "report/order.hpp"

#include <cstddef>
#include <functional>
#include <tuple>

namespace muslcheck::report {

std::vector<const model::Module*> ordered_modules(const model::Report& report) {
  return sorted_by(report.modules,
                   [](const model::Module& module) { return std::tie(module.path, module.layer); });
}

std::vector<const model::Finding*> ordered_findings(const model::Report& report) {
  return sorted_by(report.findings, [](const model::Finding& finding) {
    return std::make_tuple(!finding.entrypoint, std::cref(finding.path), std::cref(finding.rule_id),
                           std::cref(finding.subject), std::cref(finding.fingerprint));
  });
}

std::vector<const model::Problem*> ordered_problems(const model::Report& report) {
  return sorted_by(report.problems,
                   [](const model::Problem& problem) -> const model::Problem& { return problem; });
}

std::string purl_of(const model::Module& module, const model::Report& report) {
  if (!module.package || *module.package >= report.packages.size()) return {};
  return report.packages[*module.package].purl;
}

std::map<std::string, PackageContent> content_by_package(const model::Report& report) {
  std::map<std::string, PackageContent> packages;
  std::map<std::string, std::string> purls;  // of paths
  for (const model::Finding* finding : ordered_findings(report)) {
    packages[finding->package].findings.push_back(finding);
    purls[finding->path] = finding->package;
  }
  for (const model::Module* module : ordered_modules(report)) {
    if (module->disposition != model::Disposition::payload) continue;
    const auto found = purls.find(module->path);
    packages[found == purls.end() ? purl_of(*module, report) : found->second].modules.push_back(
        module);
  }
  return packages;
}

std::vector<std::string> unique_fingerprints(const std::vector<const model::Finding*>& findings) {
  std::map<std::string, std::size_t> seen;
  std::vector<std::string> fingerprints;
  for (const model::Finding* finding : findings) {
    const std::size_t copy = ++seen[finding->fingerprint];
    fingerprints.push_back(finding->fingerprint + (copy == 1 ? "" : ":" + std::to_string(copy)));
  }
  return fingerprints;
}

}  // namespace muslcheck::report
