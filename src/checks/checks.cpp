// From a Migration to findings. Families give causes, this file turns causes into findings: one
// shape, one fingerprint rule, one order.

#include "muslcheck/checks/checks.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>
#include <utility>

#include "checks/cause.hpp"
#include "checks/image_traits.hpp"
#include "checks/installed_packages.hpp"
#include "checks/scripts.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"

namespace muslcheck::checks {

using model::Finding;
using model::Module;

namespace {

constexpr std::string_view kUnknownHost = "unknown";

using FindCauses = std::vector<Cause> (*)(const Module&, const Context&);

/// Every family over modules, in one place.
constexpr FindCauses kFamilies[] = {find_loading_causes, find_symbol_causes, find_trait_causes};

std::string path_in_package(const std::string& path, const model::Package* package) {
  if (package == nullptr || !core::is_below(path, package->path) || package->path.empty())
    return path;
  return path.substr(std::min(path.size(), package->path.size() + 1));
}

std::string fingerprint_of(const Cause& cause, const std::string& path,
                           const model::Package* package) {
  return model::make_fingerprint(cause.check->id, package == nullptr ? "" : package->ecosystem,
                                 package == nullptr ? "" : package->name,
                                 path_in_package(path, package), cause.subject);
}

/// Evidence ends with who loads a library, so that its failure explains theirs.
void add_dependents(Finding& finding, const Module& module, const Context& context) {
  const auto found = context.loaded_by.find(module.path);
  if (module.role != model::Role::library || found == context.loaded_by.end()) return;
  for (const std::string& path : found->second) finding.evidence.push_back("loaded by /" + path);
}

/// How each manager leaves development dependencies out. Yarn's lockfiles do not tell them.
constexpr std::array kProductionInstalls{
    std::pair{"pnpm-lock.yaml", "pnpm install --prod"},
    std::pair{"lock.yaml", "pnpm install --prod"},
    std::pair{"package-lock.json", "npm ci --omit=dev"},
    std::pair{"npm-shrinkwrap.json", "npm ci --omit=dev"},
    std::pair{".package-lock.json", "npm ci --omit=dev"},
};

/// What need not be in the image cannot fail there.
void add_development(Finding& finding, const model::Package& package) {
  if (!package.development) return;
  const std::string name(core::file_name(package.lockfile));
  const auto* install = core::find_where(
      kProductionInstalls, [&](const auto& candidate) { return name == candidate.first; });
  if (install != nullptr)
    finding.evidence.push_back("only a development dependency by " + name + ": " + install->second +
                               " leaves it out");
}

bool is_preloaded(const Module& module, const rules::RuleSet& rules) {
  const model::Host* host = rules.find_host(module.host);
  return host != nullptr && host->mode == model::DlopenMode::preload;
}

std::string why_entrypoint(const Module& module, const Context& context) {
  return is_preloaded(module, context.rules)
             ? "the container starts with it in every program: " + module.host_evidence
             : "the container starts with /" + module.path;
}

/// A static program has no loader that would look at LD_PRELOAD.
bool starts_dynamic_program(const Context& context) {
  const migrate::Migration& migration = context.migration;
  return core::find_where(migration.source.program, [&](const model::StartStep& step) {
           const Module* module = core::find_where(
               migration.modules, [&](const Module& other) { return other.path == step.path; });
           return module != nullptr && module->libc.libc != model::Libc::static_;
         }) != nullptr;
}

/// True for a program that the container starts and that cannot start, and for what is preloaded
/// into that program and fails.
bool breaks_entrypoint(const Module& module, const Context& context) {
  if (is_preloaded(module, context.rules))
    return module.outcome == model::Outcome::fails_to_start && starts_dynamic_program(context);
  return module.disposition == model::Disposition::payload &&
         module.outcome == model::Outcome::fails_to_start &&
         context.migration.source.starts(module.path);
}

Finding make_finding(const Cause& cause, const Module& module, const Context& context) {
  const model::Package* package = package_of(module, context);
  Finding finding;
  finding.rule_id = cause.check->id;
  finding.name = cause.check->name;
  finding.severity = cause.check->severity;
  // What the model takes for granted only ever makes things load: an error does not rest on it.
  finding.confidence = module.host == kUnknownHost
                           ? std::max(cause.confidence, model::Confidence::likely)
                           : cause.confidence;
  finding.fingerprint = fingerprint_of(cause, module.path, package);
  finding.path = module.path;
  finding.subject = cause.subject;
  finding.message = expand(cause.check->message, values_for(cause, module, context));
  finding.evidence = cause.evidence;
  if (package != nullptr) {
    finding.package = package->purl;
    finding.owners = package->owners;
    add_development(finding, *package);
  }
  finding.layer = module.layer;
  finding.remedy = choose_remedy(cause, module, context);
  add_dependents(finding, module, context);
  finding.entrypoint = breaks_entrypoint(module, context);
  if (finding.entrypoint) finding.evidence.push_back(why_entrypoint(module, context));
  return finding;
}

bool has_problem(const Module& module, const Context& context) {
  const auto& problems = context.migration.problems;
  return std::any_of(problems.begin(), problems.end(), [&](const model::Problem& problem) {
    return problem.stage == "elf" && problem.path == module.path;
  });
}

/// A payload module whose outcome the model could not tell. A problem is a finding of its own.
void add_undecided(std::vector<Finding>& findings, const Module& module, const Context& context) {
  const rules::Check* check = context.rules.find_check_of_kind("undecided");
  if (check == nullptr || module.disposition != model::Disposition::payload ||
      module.outcome != model::Outcome::unknown || has_problem(module, context))
    return;
  Cause cause;
  cause.check = check;
  cause.subject = check->name;
  cause.evidence = module.load.assumptions;
  findings.push_back(make_finding(cause, module, context));
}

/// By the stage in which the problem was met.
std::string_view check_kind(const model::Problem& problem) {
  if (problem.stage == "elf") return "problem-elf";
  return problem.stage == "packages" ? "problem-packages" : "problem-source";
}

void add_problem(std::vector<Finding>& findings, const model::Problem& problem,
                 const Context& context) {
  // A container that does not start today has lost no finding: the problem says it all.
  if (problem.stage == "config") return;
  const rules::Check* check = context.rules.find_check_of_kind(check_kind(problem));
  if (check == nullptr) return;
  const Values values{{"path", problem.path},
                      {"subject", problem.message},
                      {"target", context.migration.target.name}};
  Finding finding;
  finding.rule_id = check->id;
  finding.name = check->name;
  finding.severity = check->severity;
  finding.fingerprint = model::make_fingerprint(check->id, "", "", problem.path, problem.code);
  finding.path = problem.path;
  finding.subject = problem.code;
  finding.message = expand(check->message, values);
  finding.remedy = expand(check->remedy, values);
  findings.push_back(std::move(finding));
}

/// A runtime of the image that must be had in another way than with the base.
void add_runtime(std::vector<Finding>& findings, const model::Runtime& runtime,
                 const Context& context) {
  const rules::Check* check = context.rules.find_check_of_kind("runtime-left-behind");
  if (check == nullptr || runtime.in_new_base || runtime.distribution) return;
  const std::string version = runtime.version.empty() ? "" : " " + runtime.version;
  const Values values{
      {"path", "/" + runtime.program},
      {"subject", runtime.name + version},
      {"library", runtime.image.empty() ? "no tag of that version is known" : runtime.image},
      {"target", context.migration.target.name}};
  const Module* module = core::find_where(context.migration.modules, [&](const Module& other) {
    return other.path == runtime.program;
  });
  Finding finding;
  finding.rule_id = check->id;
  finding.name = check->name;
  finding.severity = check->severity;
  finding.fingerprint = model::make_fingerprint(check->id, "", "", runtime.program, runtime.id);
  finding.path = runtime.program;
  finding.subject = runtime.id;
  finding.message = expand(check->message, values);
  finding.evidence = {"recognised by " + runtime.how};
  if (module != nullptr) finding.layer = module->layer;
  finding.remedy = expand(check->remedy, values);
  findings.push_back(std::move(finding));
}

/// Causes that are said once for all modules of a package.
class PackageFindings {
 public:
  /// True if a finding has said it already; otherwise the finding that is about to be made, with
  /// this index, will have said it.
  bool has(const Cause& cause, const Module& module, std::size_t index) {
    if (!cause.of_package || !module.package) return false;
    const Key key{cause.check, *module.package, cause.subject};
    const auto [said, added] = said_.try_emplace(key, Said{.finding = index});
    if (!added) ++said->second.more;
    return !added;
  }

  /// Says of how many more modules each of them speaks.
  void add_counts(std::vector<Finding>& findings) const {
    for (const auto& [key, said] : said_) {
      if (said.more == 0) continue;
      findings[said.finding].evidence.push_back("the same for " + std::to_string(said.more) +
                                                " more " + (said.more == 1 ? "file" : "files") +
                                                " of the package");
    }
  }

 private:
  using Key = std::tuple<const rules::Check*, std::size_t, std::string>;
  struct Said {
    std::size_t finding = 0;
    std::size_t more = 0;
  };
  std::map<Key, Said> said_;
};

/// What keeps the container from starting at all comes first.
auto sort_key(const Finding& finding) {
  return std::make_tuple(!finding.entrypoint, std::cref(finding.path), std::cref(finding.rule_id),
                         std::cref(finding.subject));
}

}  // namespace

Context::Context(const migrate::Migration& the_migration, const rules::RuleSet& the_rules)
    : migration(the_migration), rules(the_rules) {
  for (const Module& module : migration.modules) {
    if (module.disposition != model::Disposition::payload) continue;
    payload.emplace(module.path, &module);
    if (module.role == model::Role::library) continue;
    for (const model::LibraryResolution& library : module.load.libraries)
      if (library.source == model::LibrarySource::image)
        add_once(loaded_by[library.path], module.path);
  }
}

std::vector<const model::LoadError*> own_errors(const Module& module, const Context& context) {
  std::vector<const model::LoadError*> errors;
  for (const model::LoadError& error : module.load.errors)
    if (error.needed_by == module.path || !context.payload.contains(error.needed_by))
      errors.push_back(&error);
  return errors;
}

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (!core::contains(list, text)) list.push_back(text);
}

std::string expand(std::string_view text, const Values& values) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return out += text;
    const auto value = values.find(text.substr(open + 1, close - open - 1));
    out += text.substr(0, open);
    if (value == values.end()) {
      out += text.substr(open, close - open + 1);
    } else {
      out += value->second;
    }
    text.remove_prefix(close + 1);
  }
  return out;
}

model::Remedy expand(const model::Remedy& remedy, const Values& values) {
  return {.kind = remedy.kind,
          .text = expand(remedy.text, values),
          .command = expand(remedy.command, values)};
}

const std::vector<std::string>& known_kinds() {
  static const std::vector<std::string> kKinds{"absent-user",
                                               "build-command",
                                               "busybox-option",
                                               "busybox-option-elsewhere",
                                               "command-at-start",
                                               "command-elsewhere",
                                               "command-in-health-check",
                                               "command-in-script",
                                               "command-without-package",
                                               "debian-command",
                                               "hash-missing",
                                               "image-trait",
                                               "installed-packages",
                                               "interpreter-at-start",
                                               "interpreter-elsewhere",
                                               "interpreter-missing",
                                               "library-absent",
                                               "library-installable",
                                               "library-other-soname",
                                               "library-unusable",
                                               "loader-as-library",
                                               "module-trait",
                                               "other-user-id",
                                               "preload-left-behind",
                                               "problem-elf",
                                               "problem-packages",
                                               "problem-source",
                                               "relocation-ifunc",
                                               "relocation-unsupported",
                                               "relr-ignored",
                                               "runtime-left-behind",
                                               "symbols",
                                               "symbols-any",
                                               "symbols-lazy",
                                               "symbols-of-library",
                                               "symbols-of-other-library",
                                               "tls-descriptor",
                                               "tls-initial-exec",
                                               "undecided",
                                               "user-management",
                                               "variant-not-installed",
                                               "variant-not-published",
                                               "variant-optional",
                                               "wrong-architecture"};
  return kKinds;
}

core::Result<void> require_known_kinds(const rules::RuleSet& rules) {
  for (const rules::Check& check : rules.checks)
    if (!core::contains(known_kinds(), check.kind))
      return core::fail(core::ErrorCode::bad_data, "unknown-check-kind",
                        "the rule " + check.id + " is of the unknown kind \"" + check.kind + "\"");
  return {};
}

std::vector<Finding> run_checks(const migrate::Migration& migration, const rules::RuleSet& rules) {
  const Context context(migration, rules);
  std::vector<Finding> findings;
  PackageFindings of_packages;
  for (const Module& module : migration.modules) {
    for (const FindCauses find_causes : kFamilies)
      for (const Cause& cause : find_causes(module, context)) {
        if (cause.check == nullptr || of_packages.has(cause, module, findings.size())) continue;
        findings.push_back(make_finding(cause, module, context));
      }
    add_undecided(findings, module, context);
  }
  of_packages.add_counts(findings);
  for (const model::Runtime& runtime : migration.source.runtimes)
    add_runtime(findings, runtime, context);
  for (Finding& finding : find_image_traits(context)) findings.push_back(std::move(finding));
  for (Finding& finding : find_script_findings(context)) findings.push_back(std::move(finding));
  if (auto installed = find_installed_packages(context, findings))
    findings.push_back(std::move(*installed));
  for (const model::Problem& problem : migration.problems) add_problem(findings, problem, context);
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return sort_key(a) < sort_key(b); });
  return findings;
}

}  // namespace muslcheck::checks
