#pragma once
/// What commands that have a report do with it: write it, and give an exit code by it.

#include <string>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/report.hpp"
#include "muslcheck/report/report.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::cli {

/// What -f, -o, -q and -v say.
struct OutputOptions {
  std::string format = "table";      ///< of standard output and of FILE without a format
  std::vector<std::string> outputs;  ///< "FILE" or "FORMAT=FILE"; none: standard output
  bool quiet = false;                ///< no table on standard output
  bool verbose = false;              ///< the table lists modules that load, too
};

/// Writes the report to all outputs, each in its format.
[[nodiscard]] core::Result<void> write_outputs(const OutputOptions& options,
                                               const model::Report& report,
                                               const rules::RuleSet& rules);

/// How a table looks best on standard output, or in a file.
[[nodiscard]] report::TableOptions table_options(bool verbose, bool to_stdout);

/// True if the severity is at or above a threshold: "error", "warning", "note" or "never".
[[nodiscard]] bool reaches(model::Severity severity, const std::string& threshold);

/// The text of a file, or of standard input for "-".
[[nodiscard]] core::Result<std::string> read_input(const std::string& path, std::size_t max_size);

/// The report that a JSON file holds. Errors name the file.
[[nodiscard]] core::Result<model::Report> read_report(const std::string& path);

}  // namespace muslcheck::cli
