#pragma once
/// Whether the `when` of a check holds, and what a person can look at to see that it does.

#include <string>
#include <vector>

#include "checks/cause.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::checks {

/// True for a module that moves and works as far as loading goes: hints on top of a failure are
/// noise. A library counts as what loads it does.
[[nodiscard]] bool is_in_use(const model::Module& module, const Context& context);

/// The parts of a condition that are about a module.
[[nodiscard]] bool holds_for(const rules::Condition& when, const model::Module& module);

/// The parts that are about the target's release.
[[nodiscard]] bool holds_for_target(const rules::Condition& when, const Context& context);

/// Of `wanted` those that are in the sorted `present`.
[[nodiscard]] std::vector<std::string> common(const std::vector<std::string>& wanted,
                                              const std::vector<std::string>& present);

/// "imports regexec, defines x, ...": what of the module made the condition hold.
[[nodiscard]] std::string describe_traits(const rules::Condition& when,
                                          const model::Module& module);

}  // namespace muslcheck::checks
