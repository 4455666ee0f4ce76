// MC3xx: modules that load and then misbehave, because musl has the name that they ask for and
// means something else by it. What a module's symbols and texts do not show is not guessed.

#include <algorithm>

#include "checks/condition.hpp"

namespace muslcheck::checks {

using model::Module;

namespace {

constexpr std::string_view kKind = "module-trait";

Cause make_cause(const rules::Check& check, const Module& module) {
  Cause cause;
  cause.check = &check;
  cause.subject = check.name;
  cause.confidence = check.confidence;
  cause.symbols = common(check.when->imports, module.traits.imports);
  for (const std::string& text : common(check.when->mentions, module.traits.mentions))
    add_once(cause.symbols, text);
  std::sort(cause.symbols.begin(), cause.symbols.end());
  cause.evidence.push_back(describe_traits(*check.when, module) + " (built for " +
                           name_of(module.libc.libc) + ": " + module.libc.evidence + ")");
  // All files of a package are built anew together.
  cause.of_package = true;
  return cause;
}

}  // namespace

std::vector<Cause> find_trait_causes(const Module& module, const Context& context) {
  std::vector<Cause> causes;
  if (!is_in_use(module, context)) return causes;
  for (const rules::Check& check : context.rules.checks)
    if (check.kind == kKind && check.when && holds_for(*check.when, module) &&
        holds_for_target(*check.when, context))
      causes.push_back(make_cause(check, module));
  return causes;
}

}  // namespace muslcheck::checks
