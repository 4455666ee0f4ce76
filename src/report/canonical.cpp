// A report as its JSON has it. Every writer gets its report in this form, so that it cannot depend
// on anything that is lost between a scan and `muslcheck convert`: the order in which things were
// found, packages that own nothing, and bytes that JSON cannot carry.
//
// Names come from images and need not be UTF-8 (a file name is any bytes but '/' and NUL). JSON
// text must be (RFC 8259, 8.1), so each invalid byte becomes U+FFFD.

#include "report/canonical.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <string_view>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "report/json_fields.hpp"
#include "report/package_lookup.hpp"

namespace muslcheck::report {
namespace {

using model::Finding;
using model::Report;
using nlohmann::json;

void clean_text(std::string& text) {
  const auto is_plain = [](char byte) { return static_cast<unsigned char>(byte) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_plain)) return;
  text = json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace))
             .get<std::string>();
}

/// Makes every text of the report one that JSON can carry.
class Cleaner {
 public:
  template <typename T>
  void required(const char* /*key*/, T& value) {
    clean(value);
  }
  template <typename T>
  void optional(const char* /*key*/, T& value) {
    clean(value);
  }
  template <typename Visit>
  void object(const char* /*key*/, Visit&& visit) {
    std::forward<Visit>(visit)(*this);
  }
  void constant(const char* /*key*/, std::string_view /*text*/) {}
  template <typename Counts>
  void count(Counts& /*counts*/, const char* /*word*/) {}
  template <typename Index>
  void package(const char* /*key*/, Index& /*index*/, const std::string& /*path*/) {}

 private:
  void clean(std::string& text) { clean_text(text); }
  template <typename T>
  void clean(std::vector<T>& values) {
    for (T& value : values) clean(value);
  }
  template <typename T>
  void clean(std::optional<T>& value) {
    if (value) clean(*value);
  }
  template <typename T>
  void clean(T& value) {
    if constexpr (std::is_class_v<T>) visit_fields(*this, value);
  }
};

std::vector<bool> used_packages(const Report& report) {
  std::unordered_set<std::string_view> purls;
  for (const Finding& finding : report.findings) purls.insert(finding.package);
  for (const auto& suppressed : report.suppressed) purls.insert(suppressed.finding.package);
  std::vector<bool> used(report.packages.size());
  for (std::size_t i = 0; i < used.size(); ++i) used[i] = purls.contains(report.packages[i].purl);
  for (const model::Module& module : report.modules)
    if (module.package && *module.package < used.size()) used[*module.package] = true;
  for (std::size_t i = 0; i < used.size(); ++i)
    if (report.packages[i].purl.empty()) used[i] = false;
  return used;
}

/// Packages that own a module or a finding. A module refers to one by its purl and its own path,
/// which is what the JSON has.
void keep_used_packages(Report& report) {
  const std::vector<bool> used = used_packages(report);
  std::vector<model::Package> kept;
  for (std::size_t i = 0; i < used.size(); ++i)
    if (used[i]) kept.push_back(report.packages[i]);
  std::stable_sort(kept.begin(), kept.end(), [](const model::Package& a, const model::Package& b) {
    return std::tie(a.purl, a.path) < std::tie(b.purl, b.path);
  });
  const PackageLookup lookup(kept);
  for (model::Module& module : report.modules) {
    if (!module.package) continue;
    module.package = *module.package < report.packages.size()
                         ? lookup.find(report.packages[*module.package].purl, module.path)
                         : std::nullopt;
  }
  report.packages = std::move(kept);  // the elements stay where they are
}

auto rank(const Finding& finding) {
  return std::make_tuple(!finding.entrypoint, std::cref(finding.path), std::cref(finding.rule_id),
                         std::cref(finding.subject), std::cref(finding.fingerprint));
}

void sort_lists(Report& report) {
  std::stable_sort(report.modules.begin(), report.modules.end(),
                   [](const model::Module& a, const model::Module& b) {
                     return std::tie(a.path, a.layer) < std::tie(b.path, b.layer);
                   });
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
  std::stable_sort(report.suppressed.begin(), report.suppressed.end(),
                   [](const auto& a, const auto& b) { return rank(a.finding) < rank(b.finding); });
  std::sort(report.plan.apk.begin(), report.plan.apk.end());
  std::stable_sort(report.problems.begin(), report.problems.end());
}

}  // namespace

Report make_canonical(Report report) {
  Cleaner cleaner;
  visit_fields(cleaner, report);
  keep_used_packages(report);
  sort_lists(report);
  return report;
}

}  // namespace muslcheck::report
