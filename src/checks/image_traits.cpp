// MC4xx: what the image as a whole relies on and the target does differently. What holds for
// hundreds of modules is said once, with the first few of them, and only where something in the
// image shows that it matters.

#include <algorithm>
#include <optional>

#include "checks/condition.hpp"
#include "checks/image_traits.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::checks {

using model::Finding;
using model::Module;
using Texts = std::vector<std::string>;

namespace {

constexpr std::string_view kKind = "image-trait";
constexpr std::size_t kShownModules = 3;

/// What made a condition hold. It does not hold unless every part has found something.
struct Evidence {
  Texts texts;
  std::string path;
  int layer = 0;
  const model::Package* package = nullptr;  ///< that the condition asks for
  std::vector<const Module*> modules;

  void place(const std::string& at, int in_layer) {
    if (!path.empty()) return;
    path = at;
    layer = in_layer;
  }
};

using IsRuntime = bool (*)(const model::Runtime&);

const model::Runtime* find_runtime(const Texts& ids, const Context& context, IsRuntime is_wanted) {
  return core::find_where(context.migration.source.runtimes, [&](const model::Runtime& runtime) {
    return core::contains(ids, runtime.id) && is_wanted(runtime);
  });
}

bool is_any(const model::Runtime& /*runtime*/) { return true; }
bool is_base(const model::Runtime& runtime) { return runtime.in_new_base; }

void add_runtime(Evidence& evidence, const model::Runtime& runtime) {
  const std::string version = runtime.version.empty() ? "" : " " + runtime.version;
  evidence.texts.push_back("the image has " + runtime.name + version + ": " + runtime.how);
}

/// One variable after the other: of several with one name the last counts, as for the container.
Texts matching_environment(const Texts& globs, const Context& context) {
  std::map<std::string, std::string> variables;
  for (const std::string& entry : context.migration.source.config.env)
    variables[entry.substr(0, entry.find('='))] = entry;
  Texts found;
  for (const auto& [name, entry] : variables)
    if (core::matches_any(globs, entry)) found.push_back("Env has " + entry);
  for (const std::string& setting : context.migration.settings)
    if (core::matches_any(globs, setting)) found.push_back("runtimeconfig.json has " + setting);
  return found;
}

bool has_file(const Texts& globs, const Context& context) {
  return core::find_where(globs, [&](const std::string& glob) {
           return context.migration.files.contains(glob);
         }) != nullptr;
}

const model::Package* find_package(const Texts& globs, const Context& context) {
  return core::find_where(context.migration.packages, [&](const model::Package& package) {
    return core::matches_any(globs, package.purl);
  });
}

bool is_excluded(const rules::Condition& when, const Context& context) {
  return find_runtime(when.without_bases, context, is_base) != nullptr ||
         !matching_environment(when.without_environment, context).empty() ||
         has_file(when.without_files, context) ||
         find_package(when.without_packages, context) != nullptr;
}

bool add_environment(Evidence& evidence, const rules::Condition& when, const Context& context) {
  if (when.environment.empty()) return true;
  const Texts found = matching_environment(when.environment, context);
  evidence.texts.insert(evidence.texts.end(), found.begin(), found.end());
  return !found.empty();
}

bool add_files(Evidence& evidence, const rules::Condition& when, const Context& context) {
  if (when.files.empty()) return true;
  bool any = false;
  for (const std::string& glob : when.files) {
    const auto found = context.migration.files.find(glob);
    if (found == context.migration.files.end()) continue;
    const migrate::MatchedFiles& matched = found->second;
    const std::string& first = matched.paths.front();
    const std::string more =
        matched.count == 1 ? "" : " and " + std::to_string(matched.count - 1) + " more";
    evidence.texts.push_back("the image has /" + first + more);
    evidence.place(first.substr(0, first.find(" -> ")), matched.layer);
    any = true;
  }
  return any;
}

bool add_package(Evidence& evidence, const rules::Condition& when, const Context& context) {
  if (when.packages.empty()) return true;
  const model::Package* package = find_package(when.packages, context);
  if (package == nullptr) return false;
  evidence.texts.push_back("the image has " + package->purl);
  evidence.package = package;
  evidence.place(package->path, 0);
  return true;
}

bool add_base(Evidence& evidence, const rules::Condition& when, const Context& context) {
  if (when.bases.empty()) return true;
  const model::Runtime* runtime = find_runtime(when.bases, context, is_base);
  if (runtime != nullptr) evidence.texts.push_back("the new base is " + runtime->image);
  return runtime != nullptr;
}

void add_modules(Evidence& evidence, const rules::Condition& when, const Context& context) {
  for (const auto& [path, module] : context.payload)
    if (is_in_use(*module, context) && holds_for(when, *module)) evidence.modules.push_back(module);
  const std::size_t shown = std::min(kShownModules, evidence.modules.size());
  for (std::size_t i = 0; i < shown; ++i)
    evidence.texts.push_back("/" + evidence.modules[i]->path + " " +
                             describe_traits(when, *evidence.modules[i]));
  if (const std::size_t more = evidence.modules.size() - shown; more != 0)
    evidence.texts.push_back("and " + std::to_string(more) + " more " +
                             (more == 1 ? "file" : "files"));
}

/// A runtime or a module: who would use what the check is about.
bool add_users(Evidence& evidence, const rules::Condition& when, const Context& context) {
  const bool by_module = when.asks_for_module();
  if (when.runtimes.empty() && !by_module) return true;
  const model::Runtime* runtime = find_runtime(when.runtimes, context, is_any);
  if (runtime != nullptr) add_runtime(evidence, *runtime);
  if (by_module) add_modules(evidence, when, context);
  return runtime != nullptr || !evidence.modules.empty();
}

std::optional<Evidence> find_evidence(const rules::Condition& when, const Context& context) {
  if (!holds_for_target(when, context) || is_excluded(when, context)) return std::nullopt;
  Evidence evidence;
  const bool holds = add_environment(evidence, when, context) &&
                     add_files(evidence, when, context) && add_package(evidence, when, context) &&
                     add_base(evidence, when, context) && add_users(evidence, when, context);
  if (!holds) return std::nullopt;
  return evidence;
}

Values values_of(const rules::Check& check, const Evidence& evidence, const Context& context) {
  const migrate::Migration& migration = context.migration;
  Texts imports;
  for (const Module* module : evidence.modules)
    for (const std::string& name : common(check.when->imports, module->traits.imports))
      add_once(imports, name);
  const std::size_t count = evidence.modules.size();
  return {{"apk", core::join(check.apk, " ")},
          {"arch", migration.target.arch},
          {"count", std::to_string(count) + (count == 1 ? " file" : " files")},
          {"musl", migration.target.musl},
          {"symbols", core::join(imports, ", ")},
          {"target", migration.target.name}};
}

Finding make_finding(const rules::Check& check, Evidence evidence, const Context& context) {
  const Values values = values_of(check, evidence, context);
  Finding finding;
  finding.rule_id = check.id;
  finding.name = check.name;
  finding.severity = check.severity;
  finding.confidence = check.confidence;
  finding.subject = check.apk.empty() ? check.name : core::join(check.apk, " ");
  // What is first in the image may change from build to build: it is not part of the ticket.
  finding.fingerprint = model::make_fingerprint(check.id, "", "", "", finding.subject);
  finding.path = std::move(evidence.path);
  finding.layer = evidence.layer;
  if (evidence.package != nullptr) {
    finding.package = evidence.package->purl;
    finding.owners = evidence.package->owners;
  }
  finding.message = expand(check.message, values);
  finding.evidence = std::move(evidence.texts);
  finding.remedy = expand(check.remedy, values);
  return finding;
}

}  // namespace

std::vector<Finding> find_image_traits(const Context& context) {
  std::vector<Finding> findings;
  // An image that has musl already loses nothing by a move to musl.
  if (context.migration.musl_system) return findings;
  for (const rules::Check& check : context.rules.checks) {
    if (check.kind != kKind || !check.when) continue;
    if (auto evidence = find_evidence(*check.when, context))
      findings.push_back(make_finding(check, std::move(*evidence), context));
  }
  return findings;
}

}  // namespace muslcheck::checks
