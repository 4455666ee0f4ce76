// Lines of a Dockerfile, by the rules of BuildKit's frontend (moby/buildkit, frontend/dockerfile/
// parser):
//
// - directives ("# escape=`") stand before everything else, blank lines included;
// - a comment is a line whose first character that is no space is '#'; there are no comments behind
//   an instruction;
// - a line that ends in the escape character, spaces and tabs behind it allowed, goes on in the
//   next line, unless there are two of them; comments and blank lines in between are skipped;
// - the body of a heredoc is taken as it is.

#include "dockerfile/lines.hpp"

#include <algorithm>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::dockerfile {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view without_line_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view without_leading_space(std::string_view line) {
  while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
  return line;
}

bool is_comment(std::string_view line) { return without_leading_space(line).starts_with('#'); }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The parts of "name = value"; an empty name if the text is something else.
std::pair<std::string, std::string_view> parse_assignment(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_letter(text[end]) || (text[end] >= '0' && text[end] <= '9')))
    ++end;
  std::string name(text.substr(0, end));
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  text = without_leading_space(text.substr(end));
  if (name.empty() || !is_letter(name.front()) || !text.starts_with('=')) return {};
  return {name, core::trim(text.substr(1))};
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
    if (lines.size() > core::limits::kMaxDockerfileLines) break;  // next() refuses it
  }
  return lines;
}

int column_of(std::string_view line, std::string_view part) {
  return static_cast<int>(part.data() - line.data()) + 1;
}

}  // namespace

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

tl::unexpected<core::Error> fail_at(const std::string& file, int line, std::string reason,
                                    std::string message) {
  return core::fail(core::ErrorCode::malformed, std::move(reason), std::move(message),
                    file + ":" + std::to_string(line));
}

LineReader::LineReader(std::string_view text, std::string file)
    : lines_(lines_of(text)), file_(std::move(file)) {
  if (!lines_.empty() && lines_[0].starts_with(kByteOrderMark)) bom_ = kByteOrderMark.size();
}

core::Result<void> LineReader::read_directive(std::string_view line) {
  const int number = static_cast<int>(next_);
  in_directives_ = false;
  if (!line.starts_with('#')) return {};
  const auto assignment = parse_assignment(without_leading_space(line.substr(1)));
  const std::string& name = assignment.first;
  const std::string_view value = assignment.second;
  if ((name != "syntax" && name != "escape" && name != "check") || value.empty()) return {};
  const bool repeated =
      std::any_of(directives_.begin(), directives_.end(),
                  [&](const Directive& directive) { return directive.name == name; });
  if (repeated)
    return fail_at(file_, number, "directive-repeated",
                   "the directive " + name + " may be given only once");
  if (name == "escape" && value != "\\" && value != "`")
    return fail_at(file_, number, "escape-invalid",
                   "the escape character is '" + core::printable(core::shortened(value, 20)) +
                       "'; it can be \\ or ` only");
  if (name == "escape") escape_ = value.front();
  directives_.push_back({.name = name, .value = std::string(value), .line = number});
  in_directives_ = true;
  return {};
}

/// Takes the escape character off the end of a line that goes on in the next one.
bool LineReader::take_continuation(std::string_view& line) const {
  const std::size_t last = line.find_last_not_of(" \t");
  if (last == std::string_view::npos || line[last] != escape_) return false;
  if (last > 0 && line[last - 1] == escape_) return false;
  line = line.substr(0, last);
  return true;
}

void LineReader::append_continued(LogicalLine& line) {
  for (bool goes_on = true; goes_on && next_ < lines_.size();) {
    std::string_view part = without_line_end(lines_[next_++]);
    if (is_comment(part) || without_leading_space(part).empty()) continue;
    const int column = column_of(lines_[next_ - 1], part);
    line.segments.push_back(
        {.offset = line.text.size(), .line = static_cast<int>(next_), .column = column});
    goes_on = take_continuation(part);
    line.text += part;
  }
}

core::Result<std::optional<LogicalLine>> LineReader::next() {
  if (lines_.size() > core::limits::kMaxDockerfileLines)
    return core::fail(
        core::ErrorCode::limit_exceeded, "too-many-lines",
        "has more than " + std::to_string(core::limits::kMaxDockerfileLines) + " lines", file_);
  while (next_ < lines_.size()) {
    const std::string_view whole = lines_[next_];
    std::string_view part = without_line_end(whole);
    if (next_++ == 0) part.remove_prefix(bom_);
    part = without_leading_space(part);
    if (in_directives_)
      if (const auto read = read_directive(part); !read) return tl::make_unexpected(read.error());
    if (part.empty() || part.starts_with('#')) continue;
    LogicalLine line;
    line.lines.first = static_cast<int>(next_);
    line.segments.push_back(
        {.offset = 0, .line = line.lines.first, .column = column_of(whole, part)});
    const bool goes_on = take_continuation(part);
    line.text = part;
    if (goes_on) append_continued(line);
    line.lines.last = static_cast<int>(next_);
    if (core::trim(line.text).empty()) continue;
    return line;
  }
  return std::nullopt;
}

core::Result<void> LineReader::read_heredoc(Heredoc& heredoc, LineRange& lines) {
  while (next_ < lines_.size()) {
    const std::string_view line = lines_[next_++];
    lines.last = static_cast<int>(next_);
    std::string_view word = without_line_end(line);
    if (heredoc.strips_tabs)
      word.remove_prefix(std::min(word.find_first_not_of('\t'), word.size()));
    if (word == heredoc.name) return {};
    heredoc.content += line;
  }
  return fail_at(file_, lines.first, "heredoc-unterminated",
                 "the heredoc " + core::printable(core::shortened(heredoc.name, 100)) +
                     " does not end: there is no line with this word alone");
}

std::string LineReader::original(LineRange lines) const {
  std::string text;
  for (int line = lines.first; line <= lines.last; ++line)
    text += lines_[static_cast<std::size_t>(line) - 1];
  if (lines.first == 1) text.erase(0, bom_);
  text.resize(without_line_end(text).size());
  return text;
}

}  // namespace muslcheck::dockerfile
