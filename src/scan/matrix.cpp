// What changes from one Alpine release to another is what musl and the libraries of apk have: names
// come (statx, with 1.2.5) and go (the *64 names, with 1.2.4), libstdc++ grows, sonames change. So
// for most modules there is one release from which on they load, or up to which they did, and the
// reason is what musl says on the release next to it.

#include "scan/matrix.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "muslcheck/core/text.hpp"
#include "muslcheck/plan/plan.hpp"

namespace muslcheck::scan {
namespace {

using model::ModuleReleases;
using model::Outcome;
using model::ReleaseOutcome;

/// Of a module that fails what makes it fail, of one that loads what can go wrong later.
std::vector<const model::LoadError*> main_errors(const model::Module& module) {
  std::vector<const model::LoadError*> errors;
  for (const model::LoadError& error : module.load.errors)
    if (error.fatal || !model::fails(module.outcome)) errors.push_back(&error);
  return errors;
}

// ---- Reasons ---------------------------------------------------------------------------------

/// "13" for "13.2.1_git20231014".
std::string gcc_major(const rules::Release& release) {
  return release.gcc.substr(0, release.gcc.find('.'));
}

/// N of a version of libstdc++ that counts up: "GLIBCXX_3.4.32", "CXXABI_1.3.15".
std::optional<int> number_after(std::string_view version, std::string_view prefix) {
  if (!version.starts_with(prefix)) return std::nullopt;
  int number = 0;
  const char* end = version.data() + version.size();
  const auto parsed = std::from_chars(version.data() + prefix.size(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return number;
}

/// The first release whose libstdc++ has what `has` asks for.
template <typename Has>
const rules::Release* first_release(const rules::RuleSet& rules, Has has) {
  const auto found = std::find_if(rules.releases.begin(), rules.releases.end(), has);
  return found == rules.releases.end() ? nullptr : &*found;
}

/// "needs libstdc++ of gcc 13 (GLIBCXX_3.4.32), this has gcc 12"; empty if that is not it.
std::string describe_libstdcxx(const model::LoadError& error, const rules::Release& here,
                               const rules::RuleSet& rules) {
  const auto glibcxx = number_after(error.version, "GLIBCXX_3.4.");
  const auto cxxabi = number_after(error.version, "CXXABI_1.3.");
  const bool is_newer =
      (glibcxx && *glibcxx > here.glibcxx_max) || (cxxabi && *cxxabi > here.cxxabi_max);
  if (!is_newer) return {};
  const rules::Release* release = first_release(rules, [&](const rules::Release& other) {
    return glibcxx ? other.glibcxx_max >= *glibcxx : other.cxxabi_max >= *cxxabi;
  });
  const std::string needed = release == nullptr ? std::string("a newer libstdc++")
                                                : "libstdc++ of gcc " + gcc_major(*release);
  return "needs " + needed + " (" + error.version + "), this has that of gcc " + gcc_major(here);
}

/// The first text, without the module's own path, which stands before it anyway.
std::string describe_error(const model::LoadError& error, const model::Module& module,
                           const rules::Release* here, const rules::RuleSet& rules) {
  if (here != nullptr)
    if (std::string text = describe_libstdcxx(error, *here, rules); !text.empty()) return text;
  if (error.kind == model::LoadErrorKind::variant_missing && error.text.empty())
    return error.subject + ", which is used on musl instead, is not there";
  const std::string own = "Error relocating /" + module.path + ": ";
  return error.text.starts_with(own) ? error.text.substr(own.size()) : error.text;
}

std::string reason_of(const model::Module& module, const std::string& release,
                      const rules::RuleSet& rules) {
  if (module.outcome == Outcome::unknown) return "not judged";
  const auto errors = main_errors(module);
  if (module.outcome == Outcome::loads || errors.empty()) return {};
  std::string text = describe_error(*errors.front(), module, rules.find_release(release), rules);
  const std::size_t more = errors.size() - 1;
  if (more != 0) text += " (and " + std::to_string(more) + " more)";
  return module.outcome == Outcome::loads_lazily ? "loads, can crash later: " + text : text;
}

// ---- Rows ------------------------------------------------------------------------------------

/// One module over the releases; null where it does not move.
struct Row {
  std::vector<const ModuleResult*> cells;
};

std::map<std::string, Row> collect_rows(const std::vector<ReleaseResult>& results) {
  std::map<std::string, Row> rows;
  for (std::size_t i = 0; i < results.size(); ++i) {
    for (const auto& [path, module] : results[i].modules) {
      Row& row = rows[path];
      row.cells.resize(results.size());
      row.cells[i] = &module;
    }
  }
  return rows;
}

std::vector<ReleaseOutcome> outcomes_of(const Row& row, const std::vector<ReleaseResult>& results) {
  std::vector<ReleaseOutcome> outcomes;
  for (std::size_t i = 0; i < results.size(); ++i)
    outcomes.push_back(row.cells[i] != nullptr
                           ? row.cells[i]->outcome
                           : ReleaseOutcome{results[i].verdict.release, Outcome::loads, {}});
  return outcomes;
}

bool is_worth_a_row(const std::vector<ReleaseOutcome>& outcomes) {
  const ReleaseOutcome& first = outcomes.front();
  const bool is_same =
      std::all_of(outcomes.begin(), outcomes.end(), [&](const ReleaseOutcome& other) {
        return other.outcome == first.outcome && other.errors == first.errors;
      });
  return !is_same || model::fails(first.outcome);
}

/// The release where it does not load that is nearest to one where it does: the one after the
/// newest that it loads on, else the newest before. The newest of all if it loads on none.
std::optional<std::size_t> nearest_failing(const std::vector<ReleaseOutcome>& outcomes) {
  const auto loads = [&](std::size_t i) { return outcomes[i].outcome == Outcome::loads; };
  std::size_t end = outcomes.size();
  while (end > 0 && !loads(end - 1)) --end;
  if (end == 0) return outcomes.size() - 1;
  if (end < outcomes.size()) return end;
  while (end > 0 && loads(end - 1)) --end;
  return end > 0 ? std::optional(end - 1) : std::nullopt;
}

ModuleReleases make_row(const std::string& path, const Row& row,
                        std::vector<ReleaseOutcome> outcomes) {
  ModuleReleases result{
      .path = path, .outcomes = {}, .summary = describe_releases(outcomes), .reason = {}};
  if (const auto failing = nearest_failing(outcomes);
      failing && row.cells[*failing] != nullptr && !row.cells[*failing]->reason.empty())
    result.reason = "on " + outcomes[*failing].release + ": " + row.cells[*failing]->reason;
  result.outcomes = std::move(outcomes);
  return result;
}

/// Neighbouring releases, from one index to another.
struct Run {
  std::size_t first;
  std::size_t last;
};

template <typename Holds>
std::vector<Run> runs_where(const std::vector<ReleaseOutcome>& outcomes, Holds holds) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!holds(outcomes[i].outcome)) continue;
    if (!runs.empty() && runs.back().last + 1 == i)
      runs.back().last = i;
    else
      runs.push_back({i, i});
  }
  return runs;
}

std::string describe_run(const Run& run, const std::vector<ReleaseOutcome>& outcomes) {
  const std::string& first = outcomes[run.first].release;
  const std::string& last = outcomes[run.last].release;
  const bool to_the_end = run.last + 1 == outcomes.size();
  if (run.first == 0) return to_the_end ? "on all" : "up to " + last;
  if (to_the_end) return "from " + first + " on";
  return run.first == run.last ? "on " + first : "from " + first + " to " + last;
}

/// "from 3.20 on", "up to 3.18 and from 3.24 on"; empty if there is no such release.
template <typename Holds>
std::string describe_where(const std::vector<ReleaseOutcome>& outcomes, Holds holds) {
  const std::vector<Run> runs = runs_where(outcomes, holds);
  std::vector<std::string> texts;
  for (const Run& run : runs) texts.push_back(describe_run(run, outcomes));
  return core::join(texts, " and ");
}

}  // namespace

ReleaseResult summarise_release(const migrate::Migration& migration,
                                const std::vector<model::Finding>& findings,
                                const rules::RuleSet& rules) {
  ReleaseResult result;
  const std::string& release = migration.target.release;
  result.verdict = {.release = release, .verdict = plan::decide_verdict(findings)};
  for (const model::Finding& finding : findings) {
    if (finding.severity == model::Severity::error) ++result.verdict.errors;
    if (finding.severity == model::Severity::warning) ++result.verdict.warnings;
  }
  for (const model::Module& module : migration.modules) {
    if (module.disposition != model::Disposition::payload) continue;
    ModuleResult& kept = result.modules[module.path];
    kept.outcome = {release, module.outcome, {}};
    for (const model::LoadError* error : main_errors(module))
      kept.outcome.errors.push_back(error->text);
    kept.reason = reason_of(module, release, rules);
  }
  return result;
}

std::vector<ModuleReleases> make_matrix(const std::vector<ReleaseResult>& results) {
  std::vector<ModuleReleases> matrix;
  for (const auto& [path, row] : collect_rows(results)) {
    std::vector<ReleaseOutcome> outcomes = outcomes_of(row, results);
    if (is_worth_a_row(outcomes)) matrix.push_back(make_row(path, row, std::move(outcomes)));
  }
  return matrix;
}

std::string describe_releases(const std::vector<ReleaseOutcome>& outcomes) {
  const auto loads = [](Outcome outcome) { return outcome == Outcome::loads; };
  if (std::string text = describe_where(outcomes, loads); !text.empty()) return text;
  // That is less than to load and more than "on none".
  const auto lazily = [](Outcome outcome) { return outcome == Outcome::loads_lazily; };
  const std::string text = describe_where(outcomes, lazily);
  return text.empty() ? "on none" : text + ", but it can crash later";
}

}  // namespace muslcheck::scan
