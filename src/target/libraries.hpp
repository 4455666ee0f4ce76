#pragma once
/// The libraries of a target: those of the bare image and those that apk can add.

#include <string>

#include "muslcheck/rules/rules.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::target {

[[nodiscard]] NameMap<TargetLibrary> make_libraries(const rules::RuleSet& rules,
                                                    const rules::Release& release,
                                                    const std::string& arch);

}  // namespace muslcheck::target
