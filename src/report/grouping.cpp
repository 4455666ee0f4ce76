// Grouping of findings. One npm package often brings several ELF files with several causes each,
// all cured by one command; a list by file would hide that.

#include "report/grouping.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "muslcheck/core/paths.hpp"
#include "report/package_lookup.hpp"

namespace muslcheck::report {
namespace {

using model::Finding;
using model::Report;

std::string title_of(const Finding& finding, const model::Package* package) {
  // What is said of no file is said of the image: of its environment, or of many files.
  if (finding.path.empty() && finding.package.empty()) return "The image";
  if (package == nullptr || package->name.empty()) return finding.package;
  std::string title = package->name;
  if (!package->version.empty()) title += "@" + package->version;
  if (!package->ecosystem.empty()) title += " (" + package->ecosystem + ")";
  return title;
}

/// The directory of the package if `path` is really below it; "" otherwise.
std::string directory_of(const std::string& path, const model::Package* package) {
  if (package == nullptr || package->path.empty() || package->path == path) return {};
  return core::is_below(path, package->path) ? package->path : std::string();
}

std::string name_inside(const std::string& path, const std::string& directory) {
  return directory.empty() ? path : path.substr(directory.size() + 1);
}

const model::Module* find_module(const Report& report, const std::string& path) {
  const auto found = std::find_if(report.modules.begin(), report.modules.end(),
                                  [&](const model::Module& module) { return module.path == path; });
  return found == report.modules.end() ? nullptr : &*found;
}

/// Above all severities: the container does not even start.
constexpr int kEntrypoint = static_cast<int>(model::Severity::error) + 1;

int worst(const FileGroup& file) {
  const bool starts = std::any_of(file.findings.begin(), file.findings.end(),
                                  [](const Finding* finding) { return finding->entrypoint; });
  // Sorted: the worst is first.
  return starts ? kEntrypoint : static_cast<int>(file.findings.front()->severity);
}

int worst(const PackageGroup& group) { return worst(group.files.front()); }

void sort_file(FileGroup& file) {
  std::stable_sort(file.findings.begin(), file.findings.end(),
                   [](const Finding* a, const Finding* b) {
                     return std::tie(b->severity, a->rule_id, a->subject) <
                            std::tie(a->severity, b->rule_id, b->subject);
                   });
}

void sort_files(PackageGroup& group) {
  std::stable_sort(group.files.begin(), group.files.end(),
                   [](const FileGroup& a, const FileGroup& b) {
                     return worst(a) != worst(b) ? worst(a) > worst(b) : a.name < b.name;
                   });
}

using GroupKey = std::tuple<std::string, std::string, std::vector<std::string>>;

GroupKey key_of(const Report& report, const PackageLookup& lookup, const Finding& finding) {
  const auto index = lookup.find(finding.package, finding.path);
  const model::Package* package = index ? &report.packages[*index] : nullptr;
  return {title_of(finding, package), directory_of(finding.path, package), finding.owners};
}

}  // namespace

std::vector<PackageGroup> group_findings(const Report& report) {
  const PackageLookup lookup(report.packages);
  std::map<GroupKey, std::map<std::string, FileGroup>> keyed;
  for (const Finding& finding : report.findings) {
    const GroupKey key = key_of(report, lookup, finding);
    FileGroup& file = keyed[key][finding.path];
    if (file.findings.empty()) {
      file.name = name_inside(finding.path, std::get<1>(key));
      file.module = find_module(report, finding.path);
    }
    file.findings.push_back(&finding);
  }
  std::vector<PackageGroup> groups;
  for (auto& [key, files] : keyed) {
    const auto& [title, directory, owners] = key;
    PackageGroup group{.title = title, .directory = directory, .owners = owners, .files = {}};
    for (auto& [path, file] : files) {
      sort_file(file);
      group.files.push_back(std::move(file));
    }
    sort_files(group);
    groups.push_back(std::move(group));
  }
  std::stable_sort(groups.begin(), groups.end(), [](const PackageGroup& a, const PackageGroup& b) {
    return worst(a) > worst(b);
  });
  return groups;
}

}  // namespace muslcheck::report
