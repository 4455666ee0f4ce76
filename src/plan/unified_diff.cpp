// A unified diff (POSIX diff -u). Which lines change is known, so only the lines of one edit are
// compared with one another, by their longest common subsequence.

#include "plan/unified_diff.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "muslcheck/core/limits.hpp"

namespace muslcheck::plan {
namespace {

constexpr std::size_t kContext = 3;

/// One line of the diff: ' ', '-' or '+'.
struct DiffLine {
  char kind = ' ';
  const std::string* text = nullptr;
};

using Lines = std::vector<std::string>;

void add_all(std::vector<DiffLine>& out, char kind, const std::string* first, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out.push_back({kind, first + i});
}

/// Lengths of the longest common subsequence of the rests from each pair of lines on.
std::vector<std::size_t> common_lengths(const std::string* old_lines, std::size_t count,
                                        const Lines& lines) {
  const std::size_t width = lines.size() + 1;
  std::vector<std::size_t> length((count + 1) * width, 0);
  for (std::size_t i = count; i-- > 0;)
    for (std::size_t j = lines.size(); j-- > 0;)
      length[i * width + j] = old_lines[i] == lines[j] ? length[(i + 1) * width + j + 1] + 1
                                                       : std::max(length[(i + 1) * width + j],
                                                                  length[i * width + j + 1]);
  return length;
}

void add_edit(std::vector<DiffLine>& out, const Lines& old_lines, const LineEdit& edit) {
  const std::string* first = old_lines.data() + edit.first;
  const std::size_t width = edit.lines.size() + 1;
  if ((edit.count + 1) * width > core::limits::kMaxDiffCells) {
    add_all(out, '-', first, edit.count);
    add_all(out, '+', edit.lines.data(), edit.lines.size());
    return;
  }
  const std::vector<std::size_t> length = common_lengths(first, edit.count, edit.lines);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < edit.count || j < edit.lines.size()) {
    const bool both = i < edit.count && j < edit.lines.size();
    if (both && first[i] == edit.lines[j]) {
      out.push_back({' ', first + i++});
      ++j;
    } else if (j == edit.lines.size() ||
               (both && length[(i + 1) * width + j] >= length[i * width + j + 1])) {
      out.push_back({'-', first + i++});
    } else {
      out.push_back({'+', &edit.lines[j++]});
    }
  }
}

std::vector<DiffLine> all_lines(const Lines& lines, const std::vector<LineEdit>& edits) {
  std::vector<DiffLine> out;
  std::size_t at = 0;
  for (const LineEdit& edit : edits) {
    add_all(out, ' ', lines.data() + at, edit.first - at);
    add_edit(out, lines, edit);
    at = edit.first + edit.count;
  }
  add_all(out, ' ', lines.data() + at, lines.size() - at);
  // As people know it: in a change, what goes stands before what comes.
  for (auto start = out.begin(); start != out.end();) {
    const auto is_change = [](const DiffLine& line) { return line.kind != ' '; };
    start = std::find_if(start, out.end(), is_change);
    const auto end = std::find_if_not(start, out.end(), is_change);
    std::stable_partition(start, end, [](const DiffLine& line) { return line.kind == '-'; });
    start = end;
  }
  return out;
}

/// "12,3": patch wants the line before for a side without lines.
std::string range_text(std::size_t start, std::size_t count) {
  return std::to_string(count == 0 ? start : start + 1) +
         (count == 1 ? "" : "," + std::to_string(count));
}

void write_line(Lines& out, const DiffLine& line) {
  std::string text = line.kind + *line.text;
  const bool ended = text.ends_with('\n');
  if (ended) text.pop_back();
  out.push_back(std::move(text));
  if (!ended) out.emplace_back("\\ No newline at end of file");
}

/// One past the last line of the hunk whose first change is at `change`.
std::size_t end_of_hunk(const std::vector<DiffLine>& lines, std::size_t change) {
  std::size_t last = change;
  for (std::size_t i = change; i < lines.size() && i <= last + 2 * kContext + 1; ++i)
    if (lines[i].kind != ' ') last = i;
  return std::min(last + kContext + 1, lines.size());
}

}  // namespace

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

std::string apply_edits(const Lines& lines, const std::vector<LineEdit>& edits) {
  std::string text;
  std::size_t at = 0;
  const auto keep_to = [&](std::size_t end) {
    for (; at < end; ++at) text += lines[at];
  };
  for (const LineEdit& edit : edits) {
    keep_to(edit.first);
    for (const std::string& line : edit.lines) text += line;
    at += edit.count;
  }
  keep_to(lines.size());
  return text;
}

Lines unified_diff(const Lines& lines, const std::vector<LineEdit>& edits, std::string_view name) {
  const std::vector<DiffLine> all = all_lines(lines, edits);
  Lines out;
  std::size_t old_line = 0;
  std::size_t new_line = 0;
  for (std::size_t at = 0; at < all.size();) {
    std::size_t change = at;
    while (change < all.size() && all[change].kind == ' ') ++change;
    if (change == all.size()) break;
    const std::size_t start = std::max(at, change - std::min(change, kContext));
    old_line += start - at;
    new_line += start - at;
    const std::size_t end = end_of_hunk(all, change);
    Lines body;
    std::size_t removed = 0;
    std::size_t added = 0;
    for (std::size_t i = start; i < end; ++i) {
      write_line(body, all[i]);
      removed += all[i].kind != '+' ? 1 : 0;
      added += all[i].kind != '-' ? 1 : 0;
    }
    if (out.empty()) out = {"--- " + std::string(name), "+++ " + std::string(name)};
    out.push_back("@@ -" + range_text(old_line, removed) + " +" + range_text(new_line, added) +
                  " @@");
    out.insert(out.end(), body.begin(), body.end());
    old_line += removed;
    new_line += added;
    at = end;
  }
  return out;
}

}  // namespace muslcheck::plan
