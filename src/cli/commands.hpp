#pragma once
/// The subcommands, each from its options to an exit code.

#include <string>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/rules/rules.hpp"
#include "muslcheck/scan/scan.hpp"

namespace muslcheck::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFindings = 1;    ///< findings at or above the threshold
inline constexpr int kExitError = 2;       ///< usage or program error
inline constexpr int kExitIncomplete = 3;  ///< incomplete, with --strict

struct ScanCommand {
  scan::ScanOptions scan;
  std::string format = "table";
  std::vector<std::string> outputs;  ///< "FILE" or "FORMAT=FILE"
  std::string fail_on = "error";
  bool strict = false;
  bool quiet = false;
  bool verbose = false;
};

[[nodiscard]] int run_scan(const ScanCommand& command, const rules::RuleSet& rules);
[[nodiscard]] int run_explain(const std::string& subject, const rules::RuleSet& rules);
[[nodiscard]] int run_targets(const rules::RuleSet& rules);
[[nodiscard]] int run_rules(const rules::RuleSet& rules);

/// Before anything else: standard streams that are closed stay closed, and a signal that ends the
/// program removes the file that is being written.
void prepare_process();

/// "muslcheck: message" on stderr; the exit code for it.
int report_error(const core::Error& error);

/// Replaces `path` by `text` at once: a reader sees the old file or the whole new one.
[[nodiscard]] core::Result<void> write_atomically(const std::string& path, std::string_view text);

/// Writes to standard output. An output that is gone (a closed pipe) is an error.
[[nodiscard]] core::Result<void> write_stdout(std::string_view text);

}  // namespace muslcheck::cli
