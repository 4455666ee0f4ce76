#pragma once
/// Small text helpers that several modules need.

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "muslcheck/core/printable.hpp"

namespace muslcheck::core {

/// A std::string that is gone at the end of the expression. Functions that give views of a text
/// refuse one.
template <typename T>
concept TemporaryString =
    !std::is_reference_v<T> && std::same_as<std::remove_const_t<T>, std::string>;

/// The parts between separators, empty ones included; one empty part for an empty text.
/// The views live as long as `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
template <TemporaryString Text>
std::vector<std::string_view> split(Text&& text, char separator) = delete;

/// The same parts one after the other, for texts too large to keep a list of their lines.
template <typename Visit>
void for_each_part(std::string_view text, char separator, Visit visit) {
  for (std::size_t start = 0;;) {
    const std::size_t end = text.find(separator, start);
    visit(text.substr(start, end == std::string_view::npos ? end : end - start));
    if (end == std::string_view::npos) return;
    start = end + 1;
  }
}

/// Without white space (space, tab, CR, LF) at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

/// Each run of white space (space, tab, CR, LF, FF, VT) as one space, none at both ends.
[[nodiscard]] std::string one_line(std::string_view text);

/// With the ASCII letters A to Z as a to z.
[[nodiscard]] std::string lower(std::string_view text);

/// The byte as two lower-case hex digits.
[[nodiscard]] std::string hex(std::uint8_t byte);

/// `parts` joined with `separator`.
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// "a, b and 3 more": the first of them, at most `most`, and how many there are beyond.
[[nodiscard]] std::string join_some(const std::vector<std::string>& parts, std::size_t most);

/// The text, or its first `max_size` bytes and "..." if it is longer. Never ends in the middle of
/// a character.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t max_size);

/// The same JSON with null for each list and object that lies inside `max_depth` others. What is no
/// JSON stays none, unless the wrong part is dropped. (A callback of nlohmann/json could drop them
/// while parsing; it takes time that grows with the square of the size.)
[[nodiscard]] std::string shallow_json(std::string_view text, std::size_t max_depth);

/// "not JSON: ..." from what nlohmann/json says, without its label and without the input, of which
/// it quotes as much as there is.
[[nodiscard]] std::string json_complaint(std::string_view what);

/// True if `text` matches a pattern in which '*' stands for any characters and '?' for one.
/// Linear in time for one star, never exponential.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text);

/// True if `text` matches one of the patterns.
[[nodiscard]] bool matches_any(const std::vector<std::string>& patterns, std::string_view text);

/// "1.2 GB", "93 MB", "512 kB", "7 B": decimal units, as container engines print sizes.
[[nodiscard]] std::string describe_bytes(std::uint64_t bytes);

}  // namespace muslcheck::core
