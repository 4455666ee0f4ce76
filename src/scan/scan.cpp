// The pipeline. `scan`, at the end, is its table of contents: what is asked for is checked, then
// everything is read, and from the tree on judge_image is one pure function after the other.

#include "muslcheck/scan/scan.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "muslcheck/checks/checks.hpp"
#include "muslcheck/core/deadline.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/migrate/measure.hpp"
#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/packages/packages.hpp"
#include "muslcheck/plan/size.hpp"
#include "muslcheck/runtimes/language_runtimes.hpp"
#include "muslcheck/target/target.hpp"
#include "scan/assemble.hpp"
#include "scan/build_commands.hpp"
#include "scan/choose_target.hpp"
#include "scan/dockerfile_plan.hpp"
#include "scan/layer_origins.hpp"
#include "scan/matrix.hpp"
#include "scan/own_target.hpp"
#include "scan/parallel.hpp"
#include "scan/read_image.hpp"
#include "scan/release_list.hpp"
#include "scan/request.hpp"
#include "scan/runtime_stage.hpp"

namespace muslcheck::scan {
namespace {

/// An image that was read, and what is asked of it.
struct Subject {
  const filesystem::FileTree& tree;
  const packages::PackageIndex& packages;
  const rules::RuleSet& rules;
  std::string arch;
  const plan::Accepted& accepted;
  const std::vector<model::BuildCommand>& build;  ///< what the Dockerfile runs, if one was given
  core::Deadline deadline;
};

/// A target as the user named it; an empty name leaves the choice to choose_target().
struct Given {
  std::string name;
  std::string how = "given with --target";
  const target::Target* own = nullptr;  ///< one that the user brings
};

/// Finds the runtimes of the image and, with them, where to move to.
core::Result<target::Target> make_chosen_target(const Given& given, model::SourceInfo& info,
                                                const Subject& subject) {
  const rules::RuleSet& rules = subject.rules;
  info.runtimes = runtimes::find_language_runtimes({.image = info,
                                                    .tree = subject.tree,
                                                    .packages = subject.packages,
                                                    .known = rules.runtimes,
                                                    .tags = rules.image_tags},
                                                   release_of(given.name, rules));
  const TargetChoice choice = choose_target(given.name, info.runtimes, rules, given.how);
  auto target = given.own != nullptr ? core::Result<target::Target>(*given.own)
                                     : target::make_target(rules, choice.name, subject.arch);
  if (!target) return target;
  if (!choice.image.empty()) target->info.image = choice.image;
  target->info.how = choice.how;
  return target;
}

/// What the user asked for, once the architecture is known.
Given given_target(const std::string& name, const ReleaseList& list, const OwnTarget* own) {
  if (own != nullptr) return {own->target.info.name, own->how, &own->target};
  if (!list.releases.empty()) return {"alpine:" + list.releases.back(), list.how};
  return {name};
}

/// The move to one release of several, of which only the outcomes are kept.
ReleaseResult judge_release(const std::string& release, model::SourceInfo info,
                            const Subject& subject) {
  if (subject.deadline.is_over()) return {};  // nobody will look at it
  const auto target = make_chosen_target({"alpine:" + release}, info, subject);
  if (!target) return {.verdict = {.release = release}, .modules = {}};  // it was checked before
  const migrate::Migration migration = migrate::migrate({.source = info,
                                                         .tree = subject.tree,
                                                         .packages = subject.packages,
                                                         .build = &subject.build,
                                                         .ask_gcompat = false},
                                                        *target, subject.rules);
  const auto sieved =
      plan::sieve_findings(checks::run_checks(migration, subject.rules), subject.accepted);
  return summarise_release(migration, sieved.findings, subject.rules);
}

/// All releases but the last, which is that of the main report.
std::vector<ReleaseResult> judge_older_releases(const std::vector<std::string>& releases,
                                                const model::SourceInfo& info,
                                                const Subject& subject, int jobs) {
  std::vector<ReleaseResult> results(releases.size() - 1);
  std::vector<std::size_t> order(results.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for_each_in_parallel(order, std::min(jobs, core::limits::kMaxParallelReleases),
                       [&](std::size_t index, core::Tasks&) {
                         results[index] = judge_release(releases[index], info, subject);
                       });
  return results;
}

/// All releases, if there are several; that of the main report has been judged.
std::vector<ReleaseResult> judge_releases(const std::vector<std::string>& releases,
                                          const model::SourceInfo& info, const Subject& subject,
                                          int jobs, const migrate::Migration& newest,
                                          const std::vector<model::Finding>& findings) {
  if (releases.size() < 2) return {};
  std::vector<ReleaseResult> results = judge_older_releases(releases, info, subject, jobs);
  results.push_back(summarise_release(
      newest, plan::sieve_findings(findings, subject.accepted).findings, subject.rules));
  return results;
}

void add_releases(model::Report& report, const std::vector<ReleaseResult>& results) {
  for (const ReleaseResult& result : results) report.releases.push_back(result.verdict);
  report.matrix = make_matrix(results);
}

/// Freeing hundreds of thousands of values one by one takes as long as a tenth of a scan.
void leave_to_the_system(std::unique_ptr<const filesystem::FileTree> tree) {
  static const filesystem::FileTree* kept = nullptr;  // still reachable: this is no leak
  kept = tree.release();
  (void)kept;
}

/// What could not be read of the target may be what a module needs.
void add_target_problems(migrate::Migration& migration, const OwnTarget* own) {
  if (own == nullptr || own->tree == nullptr) return;
  for (model::Problem problem : own->tree->problems()) {
    problem.message = "in the target: " + problem.message;
    migration.problems.push_back(std::move(problem));
  }
}

void add_empty_problem(migrate::Migration& migration, const filesystem::FileTree& tree) {
  if (!tree.nodes().empty()) return;
  migration.problems.push_back({.path = migration.source.name,
                                .stage = "source",
                                .code = "empty-source",
                                .message = "it holds no files"});
}

/// What the image takes and would take. Bare Alpine has about eight megabytes: nobody makes an
/// image smaller that has hardly more.
std::optional<model::SizeMath> measure(const migrate::ImageFacts& image,
                                       const target::Target& target, const rules::RuleSet& rules) {
  constexpr std::uint64_t kSmallest = 10'000'000;
  auto size = migrate::measure_image(image, rules);
  if (!size || size->before < kSmallest) return std::nullopt;
  plan::estimate_size(*size, target.info, rules);
  return size;
}

/// The move itself, with all that could not be examined on the way.
migrate::Migration move_image(const ReadImage& image, const Subject& subject,
                              const target::Target& target, const OwnTarget* own) {
  migrate::Migration migration =
      migrate::migrate({.source = image.info,
                        .tree = subject.tree,
                        .packages = subject.packages,
                        .target_files = own == nullptr ? nullptr : own->tree.get(),
                        .build = &subject.build},
                       target, subject.rules);
  for (const model::Problem& problem : image.problems) migration.problems.push_back(problem);
  add_empty_problem(migration, subject.tree);
  add_target_problems(migration, own);
  return migration;
}

/// From the tree on everything is a pure function of values.
core::Result<model::Report> judge_image(const ScanOptions& options, const Request& request,
                                        ReadImage& image, const filesystem::FileTree& tree,
                                        const rules::RuleSet& rules) {
  const packages::PackageIndex packages = packages::identify_packages(tree, rules.vendors);
  if (auto in_time = request.deadline.check(); !in_time)
    return tl::make_unexpected(in_time.error());
  for (model::Problem& problem : add_runtime_stage(image.info, tree, rules))
    image.problems.push_back(std::move(problem));
  std::vector<model::BuildCommand> commands;
  if (request.build) commands = find_build_commands(*request.build);
  const Subject subject{tree,     packages,        rules, image.arch, options.accepted,
                        commands, request.deadline};
  const ReleaseList list = releases_with_arch(request.releases, request.target, image.arch, rules);
  const OwnTarget* own = own_target(request, image);
  const auto target =
      make_chosen_target(given_target(request.target, list, own), image.info, subject);
  if (!target) return tl::make_unexpected(target.error());
  migrate::Migration migration = move_image(image, subject, *target, own);
  if (auto in_time = request.deadline.check(); !in_time)
    return tl::make_unexpected(in_time.error());
  auto size = measure({.source = image.info, .tree = tree, .packages = packages}, *target, rules);
  auto findings = checks::run_checks(migration, rules);
  const std::vector<ReleaseResult> results =
      judge_releases(list.releases, image.info, subject, request.jobs, migration, findings);
  if (auto in_time = request.deadline.check(); !in_time)
    return tl::make_unexpected(in_time.error());
  // After the checks: a Dockerfile of another image is nothing that is wrong in this one.
  if (request.build) add_layer_origins(*request.build, migration.source, migration.problems);
  model::Report report =
      assemble_report(std::move(migration), std::move(findings), std::move(size), options.accepted);
  if (request.build) add_dockerfile_plan(*request.build, options.target.has_value(), rules, report);
  add_releases(report, results);
  return report;
}

}  // namespace

core::Result<model::Report> scan(const ScanOptions& options, const rules::RuleSet& rules) try {
  auto request = check_request(options, rules);
  if (!request) return tl::make_unexpected(request.error());
  auto image = read_image(options, *request, rules);
  if (!image) return tl::make_unexpected(image.error());
  const filesystem::FileTree& tree = *image->tree;
  if (options.process_ends) leave_to_the_system(std::move(image->tree));
  return judge_image(options, *request, *image, tree, rules);
} catch (...) {
  return tl::make_unexpected(core::error_of_exception());
}

const char* version() { return MUSLCHECK_VERSION; }

}  // namespace muslcheck::scan
