#pragma once
/// The libraries of a target: those of the bare image and those that apk can add.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "muslcheck/rules/rules.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::target {

[[nodiscard]] NameMap<TargetLibrary> make_libraries(const rules::RuleSet& rules,
                                                    const rules::Release& release,
                                                    const std::string& arch);

/// The names as TargetLibrary::exports wants them, with the characters that they refer to.
[[nodiscard]] std::shared_ptr<const std::unordered_set<std::string_view>> own_names(
    const std::vector<std::string>& symbols);

}  // namespace muslcheck::target
