#pragma once
/// Lines of text for a terminal: wrapping, indentation and colour.

#include <cstddef>
#include <string>
#include <string_view>

#include "muslcheck/model/report.hpp"

namespace muslcheck::report {

/// Columns that the text takes on a terminal: 2 for East Asian wide characters and emoji, 0 for
/// combining marks, 1 for all else. The text must be the result of core::printable.
[[nodiscard]] std::size_t display_width(std::string_view text);

enum class Style { plain, bold, dim, red, yellow, green };

/// The colour of a verdict's word.
[[nodiscard]] Style style_of(model::Verdict verdict);

/// The start of a paragraph: never broken, and the only part of it that is styled.
struct Label {
  std::string text;
  Style style = Style::plain;
};

/// A page that is written from top to bottom. Every text is passed through core::printable, so
/// names from an image may be handed over as they are.
class Page {
 public:
  /// A width below 40 columns is taken as 40.
  Page(int width, bool colour);

  void blank();
  /// One line that is never broken, for what is copied: commands, paths.
  void line(std::size_t indent, std::string_view text, Style style = Style::plain);
  /// Label and text, broken at spaces only. Lines after the first are indented by `hanging`. A
  /// word longer than a line keeps its line for itself.
  void paragraph(std::size_t indent, std::size_t hanging, const Label& label, std::string_view text,
                 Style style = Style::plain);

  /// The page so far, each line ended by a line feed, without spaces at line ends.
  [[nodiscard]] std::string take();
  [[nodiscard]] std::size_t width() const { return width_; }

 private:
  [[nodiscard]] std::string styled(std::string_view text, Style style) const;

  std::size_t width_;
  bool colour_;
  std::string text_;
};

}  // namespace muslcheck::report
