// Reads the tables of libraries and packages: rules/targets/sonames.tsv, sonames-near-miss.tsv,
// exports/*.txt, npm-siblings.tsv and npm-packages.tsv, and rules/python-packages.tsv and
// nuget-packages.tsv. Guarantees that they are sorted, so that they can be searched, and that no
// key is there twice.

#include <array>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "rules/parts.hpp"
#include "rules/tsv.hpp"

namespace muslcheck::rules {
namespace {

using Rows = std::vector<TsvRow>;

std::string text_of(std::string_view cell) { return std::string(cell); }

/// What is wrong with the releases of one soname row, or "".
std::string check_releases(const SonamePackage& entry, const RuleSet& rules) {
  std::vector<std::string_view> seen;
  for (const auto* list : {&entry.evidenced, &entry.inferred, &entry.extrapolated}) {
    for (const std::string& release : *list) {
      if (rules.find_release(release) == nullptr) return "unknown release \"" + release + "\"";
      if (core::contains(seen, release)) return "release " + release + " is there twice";
      seen.push_back(release);
    }
  }
  return seen.empty() ? "has no release" : "";
}

constexpr std::array<std::string_view, 5> kNearMissKinds{"other-soname", "same", "absent", "glibc",
                                                         "not-found"};
constexpr std::array<std::string_view, 7> kNpmAnswers{"yes",   "no",      "no?",    "sibling",
                                                      "build", "partial", "unknown"};

constexpr std::array<std::string_view, 4> kPythonAnswers{"yes", "build", "no", "unknown"};
constexpr std::array<std::string_view, 3> kNugetAnswers{"yes", "no", "unknown"};

}  // namespace

core::Result<void> read_sonames(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto rows =
      read_sorted(file, text, {"soname", "apk", "evidenced", "inferred", "extrapolated"}, false);
  if (!rows) return tl::make_unexpected(rows.error());
  rules.sonames.reserve(rows->size());
  for (const TsvRow& row : *rows) {
    SonamePackage entry{text_of(row.cells[0]), text_of(row.cells[1]), split_cell(row.cells[2], ','),
                        split_cell(row.cells[3], ','), split_cell(row.cells[4], ',')};
    std::string wrong = entry.apk.empty() ? "has no package" : check_releases(entry, rules);
    const bool same_soname = !rules.sonames.empty() && rules.sonames.back().soname == entry.soname;
    if (wrong.empty() && same_soname && rules.sonames.back().apk == entry.apk)
      wrong = "\"" + entry.soname + "\" of " + entry.apk + " is there twice";
    if (!wrong.empty()) return tl::make_unexpected(bad_line(file, row.line, wrong));
    rules.sonames.push_back(std::move(entry));
  }
  return {};
}

core::Result<void> read_near_misses(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto rows = read_sorted(file, text, {"debian", "alpine", "apk", "kind", "note"}, true);
  if (!rows) return tl::make_unexpected(rows.error());
  for (const TsvRow& row : *rows) {
    if (!core::contains(kNearMissKinds, row.cells[3]))
      return tl::make_unexpected(
          bad_line(file, row.line, "unknown kind \"" + text_of(row.cells[3]) + "\""));
    rules.near_misses.push_back({text_of(row.cells[0]), split_cell(row.cells[1], ' '),
                                 text_of(row.cells[2]), text_of(row.cells[3]),
                                 text_of(row.cells[4])});
  }
  return {};
}

core::Result<void> read_exports(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto list = read_list(file, text, {"soname", "apk", "release", "arch"});
  if (!list) return tl::make_unexpected(list.error());
  LibraryExports entry{text_of(list->fields[0]),
                       text_of(list->fields[1]),
                       text_of(list->fields[2]),
                       text_of(list->fields[3]),
                       {}};
  if (entry.soname.empty() || entry.apk.empty())
    return tl::make_unexpected(bad_line(file, 2, "soname and apk must not be empty"));
  if (!entry.measured_release.empty() && rules.find_release(entry.measured_release) == nullptr)
    return tl::make_unexpected(
        bad_line(file, 2, "unknown release \"" + entry.measured_release + "\""));
  entry.symbols.reserve(list->lines.size());
  for (std::size_t i = 0; i < list->lines.size(); ++i) {
    const std::string_view name = list->lines[i];
    if (name.empty() || (i > 0 && name <= list->lines[i - 1]))
      return tl::make_unexpected(
          bad_line(file, i + 3, "\"" + text_of(name) + "\" is empty or out of order"));
    entry.symbols.emplace_back(name);
  }
  rules.exports.push_back(std::move(entry));
  return {};
}

core::Result<void> read_npm_siblings(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto rows = read_sorted(file, text, {"glibc", "musl"}, true);
  if (!rows) return tl::make_unexpected(rows.error());
  for (const TsvRow& row : *rows) {
    if (row.cells[1].empty())
      return tl::make_unexpected(bad_line(file, row.line, "has no musl package"));
    rules.npm_musl_siblings.emplace(row.cells[0], row.cells[1]);
  }
  return {};
}

core::Result<void> read_npm_packages(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto rows = read_sorted(
      file, text, {"name", "mechanism", "musl", "basis", "first_musl_version", "parent", "note"},
      true);
  if (!rows) return tl::make_unexpected(rows.error());
  for (const TsvRow& row : *rows) {
    if (!core::contains(kNpmAnswers, row.cells[2]))
      return tl::make_unexpected(
          bad_line(file, row.line, "unknown answer \"" + text_of(row.cells[2]) + "\""));
    rules.npm_packages.push_back(
        {text_of(row.cells[0]), text_of(row.cells[1]), text_of(row.cells[2]), text_of(row.cells[3]),
         text_of(row.cells[4]), text_of(row.cells[5]), text_of(row.cells[6])});
  }
  return {};
}

core::Result<void> read_python_packages(std::string_view file, std::string_view text,
                                        RuleSet& rules) {
  const auto rows = read_sorted(
      file, text,
      {"name", "musl", "first_musl_version", "basis", "pure_python", "apk", "build", "note"}, true);
  if (!rows) return tl::make_unexpected(rows.error());
  for (const TsvRow& row : *rows) {
    const auto wrong = [&](std::size_t cell, const char* what) {
      return tl::make_unexpected(
          bad_line(file, row.line, what + (" \"" + text_of(row.cells[cell])) + "\""));
    };
    if (!core::contains(kPythonAnswers, row.cells[1])) return wrong(1, "unknown answer");
    if (row.cells[3].empty()) return wrong(3, "has no basis");
    if (!row.cells[4].empty() && row.cells[4] != "pure")
      return wrong(4, "must be pure or empty, not");
    rules.python_packages.push_back({.name = text_of(row.cells[0]),
                                     .musl = text_of(row.cells[1]),
                                     .first_musl_version = text_of(row.cells[2]),
                                     .basis = text_of(row.cells[3]),
                                     .has_pure_python = row.cells[4] == "pure",
                                     .apk = text_of(row.cells[5]),
                                     .build = text_of(row.cells[6]),
                                     .note = text_of(row.cells[7])});
  }
  return {};
}

core::Result<void> read_nuget_packages(std::string_view file, std::string_view text,
                                       RuleSet& rules) {
  const auto rows = read_sorted(
      file, text,
      {"name", "musl", "first_musl_version", "basis", "replacement", "files", "own_file", "note"},
      true);
  if (!rows) return tl::make_unexpected(rows.error());
  for (const TsvRow& row : *rows) {
    const auto wrong = [&](std::size_t cell, const char* what) {
      return tl::make_unexpected(
          bad_line(file, row.line, what + (" \"" + text_of(row.cells[cell])) + "\""));
    };
    if (!core::contains(kNugetAnswers, row.cells[1])) return wrong(1, "unknown answer");
    if (row.cells[3].empty()) return wrong(3, "has no basis");
    if (row.cells[5].empty() != row.cells[6].empty()) return wrong(6, "files without own_file or");
    model::NugetPackage package{.name = text_of(row.cells[0]),
                                .musl = text_of(row.cells[1]),
                                .first_musl_version = text_of(row.cells[2]),
                                .basis = text_of(row.cells[3]),
                                .replacement = text_of(row.cells[4]),
                                .own_file = text_of(row.cells[6]),
                                .note = text_of(row.cells[7])};
    core::for_each_part(row.cells[5], ' ', [&](std::string_view glob) {
      if (!glob.empty()) package.files.emplace_back(glob);
    });
    rules.nuget_packages.push_back(std::move(package));
  }
  return {};
}

}  // namespace muslcheck::rules
