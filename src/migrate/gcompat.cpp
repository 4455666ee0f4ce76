// The advice "apk add gcompat" is given everywhere and is mostly wrong for modules: what a program
// of musl dlopens does not see libgcompat, unless LD_PRELOAD names it or the module needs one of the
// names that are links to it. So nothing is assumed: all modules are judged again as they would be
// then, each in its host and with what it needs.

#include "migrate/gcompat.hpp"

#include <algorithm>
#include <utility>

#include "migrate/judge.hpp"

namespace muslcheck::migrate {
namespace {

using model::GcompatHelp;
using model::Module;
using model::Outcome;

bool is_asked(const Module& module) {
  return module.disposition == model::Disposition::payload && !module.missing_variant &&
         (model::fails(module.outcome) || module.outcome == Outcome::loads_lazily);
}

/// As they are before they are judged.
std::vector<Module> without_loads(const std::vector<Module>& modules) {
  std::vector<Module> copies;
  copies.reserve(modules.size());
  for (const Module& module : modules) {
    Module& copy = copies.emplace_back();
    copy.path = module.path;
    copy.layer = module.layer;
    copy.role = module.role;
    copy.host = module.host;
    copy.disposition = module.disposition;
    copy.missing_variant = module.missing_variant;
  }
  return copies;
}

std::vector<Module> judge_again(const std::vector<Module>& modules, const ImageFacts& image,
                                const MovedFiles& files, const target::Target& target,
                                const rules::RuleSet& rules, const std::string& preload) {
  std::vector<Module> copies = without_loads(modules);
  judge_modules(copies, image, files, target, rules, preload);
  return copies;
}

/// What the loader would print, first what keeps the module from loading.
std::vector<std::string> texts_of(const Module& module) {
  std::vector<std::string> texts;
  for (const bool fatal : {true, false})
    for (const model::LoadError& error : module.load.errors)
      if (error.fatal == fatal && !error.text.empty()) texts.push_back(error.text);
  return texts;
}

/// What loads and lacks functions has not been helped: it crashes later, where nobody sees why.
GcompatHelp help_of(const Module& installed, const Module& preloaded) {
  if (installed.outcome == Outcome::loads) return GcompatHelp::installed;
  return preloaded.outcome == Outcome::loads ? GcompatHelp::preloaded : GcompatHelp::no;
}

std::vector<std::string> caveats_of(const Module& module, const ImageFacts& image,
                                    const rules::Gcompat& gcompat) {
  std::vector<std::string> caveats;
  for (const auto& [symbol, text] : gcompat.caveats)
    if (model::imports(*image.tree.find(module.path)->elf, symbol)) caveats.push_back(text);
  return caveats;
}

}  // namespace

void answer_gcompat(std::vector<Module>& modules, const ImageFacts& image, const MovedFiles& files,
                    const target::Target& target, const rules::RuleSet& rules) {
  if (std::none_of(modules.begin(), modules.end(), is_asked)) return;
  const rules::GcompatVersion* version = target::find_gcompat(target, rules);
  const auto with = target::with_gcompat(target, rules);
  if (version == nullptr || !with) return;
  const auto installed = judge_again(modules, image, files, *with, rules, {});
  const auto preloaded = judge_again(modules, image, files, *with, rules, rules.gcompat.library);
  for (std::size_t i = 0; i < modules.size(); ++i) {
    Module& module = modules[i];
    if (!is_asked(module)) continue;
    model::GcompatAnswer& answer = module.gcompat.emplace();
    answer.version = version->version;
    answer.help = help_of(installed[i], preloaded[i]);
    if (answer.help == GcompatHelp::no) answer.remaining = texts_of(preloaded[i]);
    if (answer.help != GcompatHelp::no) answer.caveats = caveats_of(module, image, rules.gcompat);
  }
}

}  // namespace muslcheck::migrate
