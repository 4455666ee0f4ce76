#pragma once
/// Variables and quotes in the words of a Dockerfile.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"

namespace muslcheck::dockerfile {

/// The value of a variable; nothing if it is not set.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

/// The word without quotes and escapes, with its variables replaced: $A, ${A}, ${A:-b}, ${A-b},
/// ${A:+b}, ${A+b}, ${A:?b}, ${A?b}, ${A#b}, ${A##b}, ${A%b}, ${A%%b}, ${A/b/c}, ${A//b/c}.
/// A variable that is not set is empty, and its name is added to `unset` if the word says nothing
/// to take instead. Errors: malformed, limit_exceeded; they name no place.
[[nodiscard]] core::Result<std::string> expand(std::string_view word, const Lookup& lookup,
                                               char escape,
                                               std::vector<std::string>* unset = nullptr);

}  // namespace muslcheck::dockerfile
