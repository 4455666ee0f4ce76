#pragma once
/// One chooser per way of finding native code; choice.cpp asks them in order.

#include <optional>

#include "muslcheck/runtimes/choice.hpp"

namespace muslcheck::runtimes {

/// Nothing: the module is not in a place that this chooser knows.
using Chooser = std::optional<Choice> (*)(const ChoiceInput&);

/// CPython's extension modules, by the suffix of their names.
[[nodiscard]] std::optional<Choice> choose_python(const ChoiceInput& input);

/// A musl sibling beside the module, as npm packages and prebuilt files name it.
[[nodiscard]] std::optional<Choice> choose_sibling(const ChoiceInput& input);

}  // namespace muslcheck::runtimes
