// The move, step by step: describe every ELF file, decide what becomes of it, take away what the
// new base replaces, and judge what is left.

#include "muslcheck/migrate/migrate.hpp"

#include <functional>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>

#include "migrate/disposition.hpp"
#include "migrate/gcompat.hpp"
#include "migrate/judge.hpp"
#include "migrate/moved_files.hpp"
#include "migrate/scripts.hpp"
#include "migrate/traits.hpp"
#include "muslcheck/packages/os_release.hpp"
#include "muslcheck/runtimes/dotnet.hpp"
#include "muslcheck/runtimes/hosts.hpp"

namespace muslcheck::migrate {
namespace {

using NamedModules = std::map<std::string, runtimes::Loading, std::less<>>;

runtimes::Loading loading_of(const filesystem::Node& node, const NamedModules& named,
                             const rules::RuleSet& rules) {
  const auto found = named.find(node.entry.path);
  if (found != named.end()) return found->second;
  return runtimes::find_loading(node.entry.path, *node.elf, rules.hosts);
}

model::Module describe(const filesystem::Node& node, const ImageFacts& image,
                       const NamedModules& named, const rules::RuleSet& rules) {
  const model::ElfFacts& facts = *node.elf;
  const runtimes::Loading loading = loading_of(node, named, rules);
  model::Module module;
  module.path = node.entry.path;
  module.layer = node.layer;
  module.sha256 = node.sha256 == nullptr ? std::string() : *node.sha256;
  module.build_id = facts.build_id;
  module.architecture = model::machine_name(facts);
  module.libc = model::classify_libc(facts);
  module.role = loading.role;
  if (loading.host != nullptr)
    module.host = loading.host->id;
  else if (loading.role == model::Role::plugin)
    module.host = "unknown";
  module.host_evidence = loading.evidence;
  module.package = image.packages.owner(node.entry.path);
  // .NET opens what its deps.json lists, whatever it exports.
  if (module.role == model::Role::library && module.package &&
      runtimes::is_dotnet_asset(image.packages, *module.package, module.path)) {
    module.role = model::Role::plugin;
    module.host = "dotnet";
    module.host_evidence = "a native file of a deps.json";
  }
  return module;
}

std::vector<model::Module> describe_all(const ImageFacts& image, const target::Target& target,
                                        const rules::RuleSet& rules) {
  std::vector<model::Module> modules;
  const NamedModules named =
      runtimes::find_environment_modules(image.source.config.env, image.tree, rules.hosts);
  for (const auto& [path, node] : image.tree.nodes()) {
    if (node.elf == nullptr) continue;
    model::Module module = describe(node, image, named, rules);
    Decision decision = decide_disposition(module, *node.elf, image, target, rules);
    module.disposition = decision.disposition;
    module.disposition_reason = std::move(decision.reason);
    module.missing_variant = std::move(decision.missing_variant);
    modules.push_back(std::move(module));
  }
  return modules;
}

MovedFiles move_files(const std::vector<model::Module>& modules, const ImageFacts& image) {
  std::unordered_set<std::string> replaced;
  for (const model::Module& module : modules)
    if (module.disposition == model::Disposition::replaced) replaced.insert(module.path);
  return {image.tree, std::move(replaced), image.source.base ? image.source.base->layers : 0,
          image.target_files};
}

std::vector<model::Problem> all_problems(const ImageFacts& image) {
  std::vector<model::Problem> problems = image.tree.problems();
  problems.insert(problems.end(), image.packages.problems.begin(), image.packages.problems.end());
  return problems;
}

}  // namespace

Migration migrate(const ImageFacts& image, const target::Target& target,
                  const rules::RuleSet& rules) {
  Migration migration{.source = image.source,
                      .target = target.info,
                      .packages = image.packages.packages,
                      .modules = describe_all(image, target, rules),
                      .problems = all_problems(image)};
  const MovedFiles files = move_files(migration.modules, image);
  judge_modules(migration.modules, image, files, target, rules);
  if (image.ask_gcompat) answer_gcompat(migration.modules, image, files, target, rules);
  fill_traits(migration.modules, image.tree, rules);
  migration.files = match_files(image.tree, rules);
  migration.settings = find_settings(image.packages);
  migration.musl_system = packages::is_musl_system(image.tree);
  CalledCommands called = find_called_commands(image, target.info, rules);
  migration.scripts = std::move(called.scripts);
  migration.commands = std::move(called.commands);
  migration.build_packages = std::move(called.installed);
  return migration;
}

}  // namespace muslcheck::migrate
