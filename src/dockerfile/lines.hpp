#pragma once
/// The lines of a Dockerfile: directives, comments, continuation lines, heredocs.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/dockerfile/dockerfile.hpp"

namespace muslcheck::dockerfile {

/// Where a piece of a joined line comes from.
struct Segment {
  std::size_t offset = 0;  ///< in LogicalLine::text
  int line = 0;
  int column = 0;
};

/// One instruction's line, continuation lines joined.
struct LogicalLine {
  std::string text;
  std::vector<Segment> segments;
  LineRange lines;
};

class LineReader {
 public:
  /// The text must outlive the reader.
  LineReader(std::string_view text, std::string file);

  /// The next instruction, nothing at the end of the file. Directives are kept on the way.
  [[nodiscard]] core::Result<std::optional<LogicalLine>> next();

  /// Reads the body of a heredoc, which begins with the next line; `lines` is that of its
  /// instruction, for the message, and grows.
  [[nodiscard]] core::Result<void> read_heredoc(Heredoc& heredoc, LineRange& lines);

  /// Those lines as they are, without the last line end.
  [[nodiscard]] std::string original(LineRange lines) const;

  [[nodiscard]] const std::vector<Directive>& directives() const { return directives_; }
  [[nodiscard]] char escape() const { return escape_; }
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  [[nodiscard]] core::Result<void> read_directive(std::string_view line);
  void append_continued(LogicalLine& line);
  [[nodiscard]] bool take_continuation(std::string_view& line) const;

  std::vector<std::string_view> lines_;  ///< with their ends
  std::size_t next_ = 0;
  std::string file_;
  std::vector<Directive> directives_;
  char escape_ = '\\';
  bool in_directives_ = true;
  std::size_t bom_ = 0;
};

/// An error at a line of a Dockerfile.
[[nodiscard]] tl::unexpected<core::Error> fail_at(const std::string& file, int line,
                                                  std::string reason, std::string message);

/// Space, tab, line ends, vertical tab, form feed.
[[nodiscard]] bool is_space(char c);

}  // namespace muslcheck::dockerfile
