// Plain lines for a terminal of any kind: ASCII decoration only, colour by the eight SGR codes of
// ECMA-48. Nothing from an image reaches the page except through core::printable.

#include "report/layout.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "muslcheck/core/text.hpp"

namespace muslcheck::report {
namespace {

constexpr std::size_t kMinimumWidth = 40;

struct CharacterRange {
  std::uint32_t first;
  std::uint32_t last;
  std::size_t columns;
};

/// The characters in real file names that are not one column wide (Unicode 15, EastAsianWidth W
/// and F, and the marks of category Mn that have their own blocks).
constexpr std::array kWidths{
    CharacterRange{0x0300, 0x036f, 0},   CharacterRange{0x1100, 0x115f, 2},
    CharacterRange{0x200b, 0x200f, 0},   CharacterRange{0x20d0, 0x20ff, 0},
    CharacterRange{0x2e80, 0xa4cf, 2},   CharacterRange{0xac00, 0xd7a3, 2},
    CharacterRange{0xf900, 0xfaff, 2},   CharacterRange{0xfe00, 0xfe0f, 0},
    CharacterRange{0xfe30, 0xfe6f, 2},   CharacterRange{0xff00, 0xff60, 2},
    CharacterRange{0xffe0, 0xffe6, 2},   CharacterRange{0x1f300, 0x1f64f, 2},
    CharacterRange{0x1f680, 0x1f6ff, 2}, CharacterRange{0x1f900, 0x1f9ff, 2},
    CharacterRange{0x20000, 0x3fffd, 2},
};

std::size_t columns_of(std::uint32_t character) {
  for (const CharacterRange& range : kWidths)
    if (character >= range.first && character <= range.last) return range.columns;
  return 1;
}

const char* sgr(Style style) {
  switch (style) {
    case Style::plain: return "";
    case Style::bold: return "1";
    case Style::dim: return "2";
    case Style::red: return "1;31";
    case Style::yellow: return "1;33";
    case Style::green: return "1;32";
  }
  return "";
}

/// Words laid out greedily: as many per line as fit, at least one. The first line has its own
/// width. Empty words (from two spaces in a row) are kept inside a line, never at its ends.
std::vector<std::string> fill(const std::vector<std::string_view>& words, std::size_t first_width,
                              std::size_t width) {
  std::vector<std::string> lines{""};
  std::size_t column = 0;
  for (const std::string_view word : words) {
    const std::size_t columns = display_width(word);
    const std::size_t room = lines.size() == 1 ? first_width : width;
    if (!lines.back().empty() && column + 1 + columns > room) {
      lines.emplace_back();
      column = 0;
    }
    if (lines.back().empty() && word.empty()) continue;
    if (!lines.back().empty()) {
      lines.back() += ' ';
      ++column;
    }
    lines.back() += word;
    column += columns;
  }
  for (std::string& line : lines) line.erase(line.find_last_not_of(' ') + 1);
  return lines;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    std::uint32_t character = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      character = character << 6U | (static_cast<std::uint8_t>(text[i + k]) & 0x3fU);
    columns += columns_of(character);
    i += length;
  }
  return columns;
}

Style style_of(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::ready: return Style::green;
    case model::Verdict::changes: return Style::yellow;
    case model::Verdict::blocked: return Style::red;
  }
  return Style::red;
}

Page::Page(int width, bool colour)
    : width_(std::max(kMinimumWidth, static_cast<std::size_t>(std::max(width, 0)))),
      colour_(colour) {}

void Page::blank() { text_ += '\n'; }

void Page::line(std::size_t indent, std::string_view text, Style style) {
  text_.append(indent, ' ');
  text_ += styled(core::printable(text), style);
  text_ += '\n';
}

void Page::paragraph(std::size_t indent, std::size_t hanging, const Label& label,
                     std::string_view text, Style style) {
  const std::string first = core::printable(label.text);
  const std::string rest = core::printable(text);
  std::vector<std::string_view> words = core::split(rest, ' ');
  const std::vector<std::string_view> label_words = core::split(first, ' ');
  if (!first.empty()) words.insert(words.begin(), label_words.begin(), label_words.end());
  const std::vector<std::string> lines = fill(words, width_ - indent, width_ - hanging);
  std::size_t left = first.size();  // of the label, with the space that a new line stands for
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t label_size = std::min(left, lines[i].size());
    left -= std::min(left, lines[i].size() + 1);
    text_.append(i == 0 ? indent : hanging, ' ');
    text_ += styled(lines[i].substr(0, label_size), label.style);
    text_ += styled(lines[i].substr(label_size), style);
    text_ += '\n';
  }
}

std::string Page::take() { return std::move(text_); }

std::string Page::styled(std::string_view text, Style style) const {
  if (!colour_ || style == Style::plain || text.empty()) return std::string(text);
  // A space before the first word would be coloured for nothing, and a terminal that underlines
  // bold text would show it.
  const std::size_t start = std::min(text.find_first_not_of(' '), text.size());
  return std::string(text.substr(0, start)) + "\x1b[" + sgr(style) + "m" +
         std::string(text.substr(start)) + "\x1b[0m";
}

}  // namespace muslcheck::report
