// Strict reading of tab-separated tables and plain lists. A last line without a newline is an
// error: it is how a truncated file looks.

#include "rules/tsv.hpp"

#include "muslcheck/core/text.hpp"

namespace muslcheck::rules {
namespace {

/// Lines 1 and 2 are the header: "# provenance" and "#" followed by `columns`.
core::Result<std::vector<std::string_view>> split_lines(std::string_view file,
                                                        std::string_view text) {
  if (text.empty()) return tl::make_unexpected(bad_line(file, 1, "the file is empty"));
  std::vector<std::string_view> lines = core::split(text, '\n');
  if (!lines.back().empty())
    return tl::make_unexpected(bad_line(file, lines.size(), "ends without a newline"));
  lines.pop_back();
  if (!lines[0].starts_with("# ") || core::trim(lines[0].substr(1)).empty())
    return tl::make_unexpected(bad_line(file, 1, "must say where the data is from (\"# ...\")"));
  if (lines.size() < 2 || !lines[1].starts_with('#'))
    return tl::make_unexpected(bad_line(file, 2, "must name the columns (\"#...\")"));
  return lines;
}

/// The first row that breaks the order of the first column, or repeats it though it must be
/// unique, as an error.
core::Result<void> require_sorted(std::string_view file, const std::vector<TsvRow>& rows,
                                  bool unique) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string_view key = rows[i].cells[0];
    const std::string_view before = rows[i - 1].cells[0];
    if (before < key || (before == key && !unique)) continue;
    const std::string what = before == key ? "\" is there twice" : "\" is out of order";
    return tl::make_unexpected(bad_line(file, rows[i].line, "\"" + std::string(key) + what));
  }
  return {};
}

}  // namespace

core::Error bad_line(std::string_view file, std::size_t line, const std::string& message) {
  return {core::ErrorCode::bad_data,
          "bad-rule-file",
          "line " + std::to_string(line) + ": " + message,
          std::string(file),
          {}};
}

core::Result<std::vector<TsvRow>> read_tsv(std::string_view file, std::string_view text,
                                           const std::vector<std::string_view>& columns) {
  const auto lines = split_lines(file, text);
  if (!lines) return tl::make_unexpected(lines.error());
  if (core::split((*lines)[1].substr(1), '\t') != columns)
    return tl::make_unexpected(bad_line(file, 2, "has other columns than this program knows"));
  std::vector<TsvRow> rows;
  rows.reserve(lines->size() - 2);
  for (std::size_t i = 2; i < lines->size(); ++i) {
    TsvRow row{i + 1, core::split((*lines)[i], '\t')};
    if (row.cells.size() != columns.size())
      return tl::make_unexpected(bad_line(file, i + 1,
                                          "has " + std::to_string(row.cells.size()) +
                                              " columns instead of " +
                                              std::to_string(columns.size())));
    if (row.cells[0].empty())
      return tl::make_unexpected(bad_line(file, i + 1, "the first column is empty"));
    rows.push_back(std::move(row));
  }
  return rows;
}

core::Result<std::vector<TsvRow>> read_sorted(std::string_view file, std::string_view text,
                                              const std::vector<std::string_view>& columns,
                                              bool unique) {
  auto rows = read_tsv(file, text, columns);
  if (!rows) return rows;
  if (auto sorted = require_sorted(file, *rows, unique); !sorted)
    return tl::make_unexpected(sorted.error());
  return rows;
}

core::Result<ListFile> read_list(std::string_view file, std::string_view text,
                                 const std::vector<std::string_view>& keys) {
  auto lines = split_lines(file, text);
  if (!lines) return tl::make_unexpected(lines.error());
  ListFile list;
  const auto fields = core::split((*lines)[1].substr(1), '\t');
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string prefix = std::string(keys[i]) + "=";
    if (fields.size() != keys.size() || !fields[i].starts_with(prefix))
      return tl::make_unexpected(
          bad_line(file, 2, "field " + std::to_string(i + 1) + " must be \"" + prefix + "...\""));
    list.fields.push_back(fields[i].substr(prefix.size()));
  }
  list.lines.assign(lines->begin() + 2, lines->end());
  return list;
}

std::vector<std::string> split_cell(std::string_view cell, char separator) {
  std::vector<std::string> parts;
  if (cell.empty()) return parts;
  for (const std::string_view part : core::split(cell, separator)) parts.emplace_back(part);
  return parts;
}

}  // namespace muslcheck::rules
