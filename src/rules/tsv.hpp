#pragma once
/// Strict reading of the tab-separated rule files: provenance in line one, column names in line
/// two, then one row a line.

#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"

namespace muslcheck::rules {

struct TsvRow {
  std::size_t line = 0;  ///< from 1
  std::vector<std::string_view> cells;
};

/// Rows with exactly the columns named; the views refer to `text`.
[[nodiscard]] core::Result<std::vector<TsvRow>> read_tsv(
    std::string_view file, std::string_view text, const std::vector<std::string_view>& columns);

/// The same, sorted by the first column, in which no text is twice if it must be `unique`.
[[nodiscard]] core::Result<std::vector<TsvRow>> read_sorted(
    std::string_view file, std::string_view text, const std::vector<std::string_view>& columns,
    bool unique);

/// Lines after the two header lines of a plain list, with the fields "#key=value\t..." of the
/// second one.
struct ListFile {
  std::vector<std::string_view> fields;  ///< values, in the order asked for
  std::vector<std::string_view> lines;
};

[[nodiscard]] core::Result<ListFile> read_list(std::string_view file, std::string_view text,
                                               const std::vector<std::string_view>& keys);

/// "FILE: line N: message" as bad_data.
[[nodiscard]] core::Error bad_line(std::string_view file, std::size_t line,
                                   const std::string& message);

/// The parts of "a,b,c"; none for an empty cell.
[[nodiscard]] std::vector<std::string> split_cell(std::string_view cell, char separator);

}  // namespace muslcheck::rules
