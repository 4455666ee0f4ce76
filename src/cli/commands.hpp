#pragma once
/// The subcommands, each from its options to an exit code.

#include <csignal>
#include <string>
#include <string_view>
#include <vector>

#include "cli/report_output.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/plan/accept.hpp"
#include "muslcheck/rules/rules.hpp"
#include "muslcheck/scan/import.hpp"
#include "muslcheck/scan/scan.hpp"

namespace muslcheck::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFindings = 1;    ///< findings at or above the threshold
inline constexpr int kExitError = 2;       ///< usage or program error
inline constexpr int kExitIncomplete = 3;  ///< incomplete, with --strict

/// What the options of `muslcheck scan` say.
struct ScanCommand {
  scan::ScanOptions scan;
  OutputOptions output;
  std::string fail_on = "error";  ///< lowest severity for kExitFindings, or "never"
  std::string baseline;           ///< an older report in JSON; may be empty
  std::string ignore_file;        ///< empty: .muslcheckignore.json, if it is there
  std::string config;             ///< the configuration file, see apply_settings
  std::string timeout;            ///< as parse_duration takes it; empty: none
  bool strict = false;            ///< kExitIncomplete if anything could not be examined
  bool no_cache = false;          ///< facts of layers are neither looked up nor kept
  bool no_progress = false;       ///< no bar, though standard error is a terminal
};

/// What the options of `muslcheck convert` say.
struct ConvertCommand {
  std::string file;  ///< a report in JSON; "-": standard input
  OutputOptions output;
};

/// What the options of `muslcheck diff` say.
struct DiffCommand {
  std::string before;  ///< reports in JSON; one of them may be "-", standard input
  std::string after;
  std::string format = "table";
  std::string output;             ///< where to write; empty: standard output
  std::string fail_on = "error";  ///< lowest severity of new findings for kExitFindings
  bool verbose = false;           ///< the table lists unchanged findings, too
};

/// What the options of `muslcheck dockerfile` say.
struct DockerfileCommand {
  std::string file;
  std::string target;                   ///< "alpine:3.22"; empty: the newest, tags name none
  std::string stage;                    ///< that is the image; empty: the last one
  std::vector<std::string> build_args;  ///< "NAME=VALUE"
  bool multi_stage = false;             ///< as a build in two stages
  std::string output;                   ///< where to write; empty: standard output
};

/// What the options of `muslcheck target import` say.
struct ImportCommand {
  scan::ImportOptions options;
  std::string output;  ///< file; empty: standard output
};

/// Each prints what it was asked for and gives the exit code.
[[nodiscard]] int run_scan(const ScanCommand& command, const rules::RuleSet& rules);
[[nodiscard]] int run_dockerfile(const DockerfileCommand& command, const rules::RuleSet& rules);
[[nodiscard]] int run_convert(const ConvertCommand& command, const rules::RuleSet& rules);
[[nodiscard]] int run_diff(const DiffCommand& command);
[[nodiscard]] int run_explain(const std::string& subject, const rules::RuleSet& rules);
[[nodiscard]] int run_targets(const rules::RuleSet& rules);
[[nodiscard]] int run_target_import(const ImportCommand& command, const rules::RuleSet& rules);
[[nodiscard]] int run_rules(const rules::RuleSet& rules);

/// What the ignore file and the baseline of the command have.
[[nodiscard]] core::Result<plan::Accepted> read_accepted(const ScanCommand& command);

/// A line on stderr for each entry of the ignore file that no longer applies.
void print_expired(const model::Report& report);

/// "info" says what the cache in the folder has, "clean" empties it.
[[nodiscard]] int run_cache(const std::string& action, const std::string& folder);

/// Where the cache is unless the user says otherwise: muslcheck/ in $XDG_CACHE_HOME or in
/// ~/.cache (XDG Base Directory Specification); empty if neither is known.
[[nodiscard]] std::string default_cache_folder();

/// Before anything else: standard streams that are closed stay closed, and a signal that ends the
/// program removes the file that is being written and the progress bar.
void prepare_process();

/// The signals that prepare_process() deals with.
[[nodiscard]] sigset_t ending_signals();

/// "muslcheck: message" on stderr; the exit code for it.
int report_error(const core::Error& error);

/// Replaces `path` by `text` at once: a reader sees the old file or the whole new one.
[[nodiscard]] core::Result<void> write_atomically(const std::string& path, std::string_view text);

/// Writes to standard output. An output that is gone (a closed pipe) is an error.
[[nodiscard]] core::Result<void> write_stdout(std::string_view text);

}  // namespace muslcheck::cli
