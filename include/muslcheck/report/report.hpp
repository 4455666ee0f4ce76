#pragma once
/// One writer per format, from model::Report to text.

#include <string>
#include <string_view>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/report.hpp"

namespace muslcheck::report {

struct TableOptions {
  bool colour = false;
  int width = 80;        ///< columns
  bool verbose = false;  ///< also lists modules that load
};

/// For people: the verdict first, then what to do, then findings grouped by package.
/// Names from the image are printed with core::printable.
[[nodiscard]] std::string write_table(const model::Report& report, const TableOptions& options);

/// JSON by rules/schema/report-1.schema.json: sorted keys within the order of the schema, lists
/// never null, two-space indentation, a final newline.
[[nodiscard]] std::string write_json(const model::Report& report);

}  // namespace muslcheck::report
