// The pipeline. Read `scan` as a table of contents: everything above it prepares bytes, and from
// the tree on it is one pure function after the other.

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
#include "muslcheck/elf/reader.hpp"
#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/migrate/measure.hpp"
#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/packages/packages.hpp"
#include "muslcheck/plan/size.hpp"
#include "muslcheck/runtimes/language_runtimes.hpp"
#include "muslcheck/source/source.hpp"
#include "muslcheck/target/target.hpp"
#include "scan/assemble.hpp"
#include "scan/build_commands.hpp"
#include "scan/choose_target.hpp"
#include "scan/collect_layers.hpp"
#include "scan/dockerfile_plan.hpp"
#include "scan/guess_arch.hpp"
#include "scan/layer_origins.hpp"
#include "scan/matrix.hpp"
#include "scan/own_target.hpp"
#include "scan/parallel.hpp"
#include "scan/release_list.hpp"
#include "scan/runtime_stage.hpp"

namespace muslcheck::scan {
namespace {

/// What there is to read; a folder does not know.
void set_total(core::Progress* progress, const std::vector<model::LayerInfo>& layers) {
  if (progress == nullptr) return;
  for (const model::LayerInfo& layer : layers) progress->bytes_total += layer.size;
}

core::Result<std::string> choose_arch(const ScanOptions& options, const model::SourceInfo& source,
                                      const filesystem::FileTree& tree,
                                      const rules::RuleSet& rules) {
  if (!options.platform.empty()) return arch_of_platform(options.platform);
  const auto arch = target::alpine_arch_of_platform(source.platform);
  return arch ? *arch : guess_arch(tree, rules);
}

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
Given given_target(const std::string& name, const ReleaseList& list,
                   const std::optional<OwnTarget>& own) {
  if (own) return {own->target.info.name, own->how, &own->target};
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

SystemRequest target_image(const ScanOptions& options, const model::SourceInfo& info,
                           const std::string& arch, int jobs, const core::Deadline& deadline) {
  return {.reference = options.target_image,
          .platform = options.platform.empty() ? info.platform : options.platform,
          .image = {},
          .arch = arch,
          .jobs = jobs,
          .deadline = deadline};
}

/// What could not be read of the target may be what a module needs.
void add_target_problems(migrate::Migration& migration, const std::optional<OwnTarget>& own) {
  if (!own || own->tree == nullptr) return;
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

}  // namespace

core::Result<model::Report> scan(const ScanOptions& options, const rules::RuleSet& rules) try {
  const core::Deadline deadline = core::Deadline::after(options.timeout);
  // Wrong rules or a wrong target are found before gigabytes are read.
  if (auto known = checks::require_known_kinds(rules); !known)
    return tl::make_unexpected(known.error());
  const std::string given = options.target.value_or("");
  const auto release_list = read_release_list(given, rules);
  if (!release_list) return tl::make_unexpected(release_list.error());
  auto own = read_own_profile(options, rules);
  if (!own) return tl::make_unexpected(own.error());
  if (options.target && release_list->empty() && !*own)
    if (auto early = target::make_target(rules, given, kDefaultArch);
        !early && early.error().reason == "unknown-target")
      return tl::make_unexpected(early.error());
  const auto reference = source::parse_reference(options.source);
  if (!reference) return tl::make_unexpected(reference.error());
  const auto build = read_build(options);
  if (!build) return tl::make_unexpected(build.error());
  const int jobs = job_count(options.jobs);
  // Before the first thread: the reader forks its workers.
  auto reader = elf::Reader::create({.workers = jobs});
  if (!reader) return tl::make_unexpected(reader.error());
  if (options.on_start) options.on_start();
  const auto source = source::open_source(*reference, {.image = options.image,
                                                       .platform = options.platform,
                                                       .verify = options.verify,
                                                       .progress = options.progress,
                                                       .deadline = deadline});
  if (!source) return tl::make_unexpected(source.error());
  auto info = with_given_base((*source)->info(), options.base);
  if (!info) return tl::make_unexpected(info.error());

  set_total(options.progress, info->layers);
  std::optional<cache::FactsCache> cache;
  if (!options.cache_folder.empty()) cache.emplace(options.cache_folder, options.cache_size);
  auto layers = collect_layers(**source, *reader,
                               {.jobs = jobs,
                                .verify = options.verify,
                                .cache = cache ? &*cache : nullptr,
                                .progress = options.progress,
                                .deadline = deadline});
  if (!layers) return tl::make_unexpected(layers.error());
  auto owned_tree = std::make_unique<const filesystem::FileTree>(std::move(*layers));
  const filesystem::FileTree& tree = *owned_tree;
  if (options.process_ends) leave_to_the_system(std::move(owned_tree));
  const auto arch = choose_arch(options, (*source)->info(), tree, rules);
  if (!arch) return tl::make_unexpected(arch.error());

  if (!*own)
    own = read_target_image(target_image(options, *info, *arch, jobs, deadline), *reader, rules);
  if (!own) return tl::make_unexpected(own.error());
  if (*own)
    if (const auto fits = require_arch(**own, *arch); !fits)
      return tl::make_unexpected(fits.error());

  const packages::PackageIndex packages = packages::identify_packages(tree, rules.vendors);
  if (const auto in_time = deadline.check(); !in_time) return tl::make_unexpected(in_time.error());
  const std::vector<model::Problem> start_problems = add_runtime_stage(*info, tree, rules);
  std::vector<model::BuildCommand> build_commands;
  if (*build) build_commands = find_build_commands(**build);
  const Subject subject{tree, packages, rules, *arch, options.accepted, build_commands, deadline};
  const ReleaseList list = releases_with_arch(*release_list, given, *arch, rules);
  const auto target = make_chosen_target(given_target(given, list, *own), *info, subject);
  if (!target) return tl::make_unexpected(target.error());
  migrate::Migration migration =
      migrate::migrate({.source = *info,
                        .tree = tree,
                        .packages = packages,
                        .target_files = *own ? (*own)->tree.get() : nullptr,
                        .build = &build_commands},
                       *target, rules);
  if (const auto in_time = deadline.check(); !in_time) return tl::make_unexpected(in_time.error());
  for (const model::Problem& problem : start_problems) migration.problems.push_back(problem);
  add_empty_problem(migration, tree);
  add_target_problems(migration, *own);
  const auto& noticed = (*source)->problems();
  migration.problems.insert(migration.problems.end(), noticed.begin(), noticed.end());
  auto size = measure({.source = *info, .tree = tree, .packages = packages}, *target, rules);
  auto findings = checks::run_checks(migration, rules);
  std::vector<ReleaseResult> results;
  if (list.releases.size() > 1) {
    results = judge_older_releases(list.releases, *info, subject, jobs);
    results.push_back(summarise_release(
        migration, plan::sieve_findings(findings, options.accepted).findings, rules));
  }
  if (const auto in_time = deadline.check(); !in_time) return tl::make_unexpected(in_time.error());
  // After the checks: a Dockerfile of another image is nothing that is wrong in this one.
  if (*build) add_layer_origins(**build, migration.source, migration.problems);
  model::Report report =
      assemble_report(std::move(migration), std::move(findings), std::move(size), options.accepted);
  if (*build) add_dockerfile_plan(**build, options.target.has_value(), rules, report);
  add_releases(report, results);
  return report;
} catch (...) {
  return tl::make_unexpected(core::error_of_exception());
}

const char* version() { return MUSLCHECK_VERSION; }

}  // namespace muslcheck::scan
