// The part of the report that says what was left out and why: people must be able to disagree.

#include "report/replaced.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "report/words.hpp"

namespace muslcheck::report {
namespace {

using model::Disposition;
using model::Module;
using model::Report;

bool is_from_base(const Module& module, const Report& report) {
  return report.source.base && module.layer >= 0 &&
         static_cast<std::size_t>(module.layer) < report.source.base->layers;
}

const model::Package* package_of(const Module& module, const Report& report) {
  return module.package && *module.package < report.packages.size()
             ? &report.packages[*module.package]
             : nullptr;
}

struct Group {
  std::size_t modules = 0;
  std::set<std::string> packages;
};

/// "of 88 deb packages": by how a module was recognised as something that stays behind.
std::map<std::string, Group> group_replaced(const Report& report) {
  std::map<std::string, Group> groups;
  for (const Module& module : report.modules) {
    if (module.disposition != Disposition::replaced) continue;
    const model::Package* package = package_of(module, report);
    std::string key = module.disposition_reason;
    if (is_from_base(module, report)) {
      key = "base";
    } else if (package != nullptr && package->distribution) {
      key = package->ecosystem;
    }
    Group& group = groups[key];
    ++group.modules;
    if (package != nullptr) group.packages.insert(package->name);
  }
  return groups;
}

std::string describe_group(const std::string& key, const Group& group, const Report& report) {
  std::string text = counted(group.modules, "native module");
  if (key == "base") return text + " of the base image " + report.source.base->name;
  for (const char* ecosystem : {"deb", "rpm", "apk"})
    if (key == ecosystem)
      return text + " of " + counted(group.packages.size(), std::string(ecosystem) + " package") +
             " of the distribution";
  return text + ", " + key;
}

/// Packages that a vendor made for the old distribution move along and are judged.
std::set<std::string> vendor_packages(const Report& report) {
  std::set<std::string> names;
  for (const Module& module : report.modules) {
    const model::Package* package = package_of(module, report);
    const bool of_system =
        package != nullptr && (package->ecosystem == "deb" || package->ecosystem == "rpm");
    if (module.disposition == Disposition::payload && of_system) names.insert(package->name);
  }
  return names;
}

void write_names(Page& page, const std::set<std::string>& names) {
  if (!names.empty())
    page.paragraph(4, 4, {}, core::join({names.begin(), names.end()}, " "), Style::dim);
}

}  // namespace

std::vector<ReplacedGroup> describe_replaced(const Report& report) {
  const auto groups = group_replaced(report);
  std::vector<const std::pair<const std::string, Group>*> sorted;
  for (const auto& group : groups) sorted.push_back(&group);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return a->second.modules > b->second.modules;
  });
  std::vector<ReplacedGroup> described;
  for (const auto* group : sorted)
    described.push_back(
        {describe_group(group->first, group->second, report), group->second.packages});
  return described;
}

std::string describe_vendors(const Report& report) {
  const std::set<std::string> vendors = vendor_packages(report);
  if (vendors.empty()) return {};
  return core::join({vendors.begin(), vendors.end()}, ", ") + " (not packages of the distribution)";
}

void write_replaced(Page& page, const Report& report, bool verbose) {
  const std::vector<ReplacedGroup> groups = describe_replaced(report);
  if (groups.empty()) return;
  page.blank();
  page.line(0, "What the new base replaces", Style::bold);
  for (const ReplacedGroup& group : groups) {
    page.paragraph(2, 4, {}, group.text);
    if (verbose) write_names(page, group.packages);
  }
  const std::string vendors = describe_vendors(report);
  if (!vendors.empty()) page.paragraph(2, 4, {"moves along and is judged:"}, vendors);
}

}  // namespace muslcheck::report
