// Text helpers. `printable` is the guard between names found in images and a terminal.

#include "muslcheck/core/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "muslcheck/core/limits.hpp"

namespace muslcheck::core {
namespace {

/// Length of the valid UTF-8 sequence at the start of `text`, 0 if it is not one (RFC 3629:
/// no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  if (lead == 0xe0 && byte(1) < 0xa0) return 0;
  if (lead == 0xed && byte(1) > 0x9f) return 0;
  if (lead == 0xf0 && byte(1) < 0x90) return 0;
  if (lead == 0xf4 && byte(1) > 0x8f) return 0;
  return length;
}

bool is_control(std::string_view sequence) {
  const auto first = static_cast<std::uint8_t>(sequence[0]);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
  // C1 controls U+0080..U+009F, and the bidirectional overrides U+202A..U+202E, U+2066..U+2069.
  const auto second = static_cast<std::uint8_t>(sequence[1]);
  if (sequence.size() == 2) return first == 0xc2 && second < 0xa0;
  if (sequence.size() != 3 || first != 0xe2) return false;
  const auto third = static_cast<std::uint8_t>(sequence[2]);
  return (second == 0x80 && third >= 0xaa && third <= 0xae) ||
         (second == 0x81 && third >= 0xa6 && third <= 0xa9);
}

void append_escaped(std::string& out, std::string_view bytes) {
  for (const char c : bytes) out += "\\x" + hex(static_cast<std::uint8_t>(c));
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for_each_part(text, separator, [&](std::string_view part) { parts.push_back(part); });
  return parts;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool pending = false;
  for (const char c : text) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      pending = !out.empty();
      continue;
    }
    if (pending) out += ' ';
    pending = false;
    out += c;
  }
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    if (length == 0 || is_control(sequence)) {
      append_escaped(out, sequence);
    } else {
      out += sequence;
    }
    text.remove_prefix(sequence.size());
  }
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string hex(std::uint8_t byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {kDigits[byte >> 4U], kDigits[byte & 15U]};
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string join_some(const std::vector<std::string>& parts, std::size_t most) {
  const std::size_t shown = std::min(parts.size(), most);
  const auto end = parts.begin() + static_cast<std::ptrdiff_t>(shown);
  std::string text = join({parts.begin(), end}, ", ");
  if (shown < parts.size()) text += " and " + std::to_string(parts.size() - shown) + " more";
  return text;
}

std::string shortened(std::string_view text, std::size_t max_size) {
  if (text.size() <= max_size) return std::string(text);
  const auto continues = [&](std::size_t at) {
    return (static_cast<std::uint8_t>(text[at]) & 0xc0U) == 0x80;
  };
  while (max_size > 0 && continues(max_size)) --max_size;
  return std::string(text.substr(0, max_size)) + "...";
}

std::string shallow_json(std::string_view text, std::size_t max_depth) {
  std::string shallow;
  shallow.reserve(text.size());
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    const bool closes = !in_string && (letter == ']' || letter == '}');
    const bool opens = !in_string && (letter == '[' || letter == '{');
    if (opens && depth++ == max_depth) shallow += "null";
    if (depth <= max_depth) shallow += letter;
    // More that closes than opens is an error, which the parser finds.
    if (closes && depth > 0) --depth;
    if (letter == '"') in_string = !in_string;
    const bool escapes = in_string && letter == '\\' && i + 1 < text.size();
    if (escapes && depth <= max_depth) shallow += text[i + 1];
    if (escapes) ++i;
  }
  return shallow;
}

std::string json_complaint(std::string_view what) {
  // "[json.exception.parse_error.101] parse error at line 1, column 2: ...; last read: 'INPUT'"
  const std::size_t label_end = what.find("] ");
  if (what.starts_with('[') && label_end != std::string_view::npos)
    what.remove_prefix(label_end + 2);
  what = what.substr(0, what.find("; last read: "));
  return "not JSON: " + shortened(what, limits::kMaxForeignMessage);
}

bool matches_glob(std::string_view pattern, std::string_view text) {
  // The classic two-pointer walk: on a mismatch go back to the last star and let it take one
  // more character. No recursion, so a hostile pattern costs at most pattern x text steps.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
      ++p;
      ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches_any(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return matches_glob(pattern, text); });
}

std::string describe_bytes(std::uint64_t bytes) {
  struct Unit {
    double bytes;
    const char* name;
  };
  constexpr std::array kUnits{Unit{1e9, "GB"}, Unit{1e6, "MB"}, Unit{1e3, "kB"}};
  const double value = static_cast<double>(bytes);
  for (const Unit& unit : kUnits) {
    const double number = value / unit.bytes;
    if (number < 0.9995) continue;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), number < 9.995 ? "%.1f %s" : "%.0f %s", number,
                  unit.name);
    return text.data();
  }
  return std::to_string(bytes) + " B";
}

}  // namespace muslcheck::core
