#pragma once
/// Small text helpers that several modules need.

#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::core {

/// The parts between separators, empty ones included; one empty part for an empty text.
/// The views live as long as `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// Without white space (space, tab, CR, LF) at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

/// The text with control characters, escape sequences and invalid UTF-8 shown as \xNN, so that a
/// file name from an image can neither move the cursor nor forge a line of output.
[[nodiscard]] std::string printable(std::string_view text);

/// `parts` joined with `separator`.
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// True if `text` matches a pattern in which '*' stands for any characters and '?' for one.
/// Linear in time for one star, never exponential.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace muslcheck::core
