#pragma once
/// What a rule says where no finding is at hand.

#include <string>

#include "muslcheck/rules/rules.hpp"

namespace muslcheck::rules {

/// A text of `check` with its placeholders in words ("the package", "the target"), but for packages
/// that the check itself names.
[[nodiscard]] std::string in_general(std::string text, const Check& check);

}  // namespace muslcheck::rules
