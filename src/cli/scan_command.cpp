// `muslcheck scan`: options in, report out, exit code from the threshold.

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "cli/commands.hpp"
#include "cli/progress_bar.hpp"
#include "muslcheck/report/report.hpp"

namespace muslcheck::cli {
namespace {

struct Output {
  report::Format format = report::Format::table;
  std::string path;  ///< empty: standard output
};

/// "-o r.json" takes the format of -f; "-o json=r.json" names its own.
std::vector<Output> parse_outputs(const ScanCommand& command) {
  const report::Format standard =
      report::find_format(command.format).value_or(report::Format::table);
  std::vector<Output> outputs;
  for (const std::string& text : command.outputs) {
    const auto equals = text.find('=');
    const auto named = equals == std::string::npos
                           ? std::nullopt
                           : report::find_format(std::string_view(text).substr(0, equals));
    outputs.push_back(named ? Output{*named, text.substr(equals + 1)} : Output{standard, text});
  }
  if (outputs.empty()) outputs.push_back({standard, {}});
  return outputs;
}

int terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 40) return 80;
  return std::min<int>(size.ws_col, 120);
}

report::TableOptions table_options(const ScanCommand& command, bool to_stdout) {
  report::TableOptions options;
  options.verbose = command.verbose;
  if (!to_stdout || ::isatty(STDOUT_FILENO) == 0) return options;
  // https://no-color.org: set and not empty.
  const char* no_color = std::getenv("NO_COLOR");
  options.colour = no_color == nullptr || *no_color == '\0';
  options.width = terminal_width();
  return options;
}

std::vector<report::RuleText> rule_texts(const rules::RuleSet& rules) {
  std::vector<report::RuleText> texts;
  for (const rules::Check& check : rules.checks)
    texts.push_back({.id = check.id,
                     .name = check.name,
                     .title = check.title,
                     .cause = check.cause,
                     .help = check.remedy.text,
                     .severity = check.severity,
                     .references = check.references});
  return texts;
}

core::Result<void> write_output(const Output& output, const ScanCommand& command,
                                const model::Report& report, const rules::RuleSet& rules) {
  const bool to_stdout = output.path.empty() || output.path == "-";
  const std::string text = report::write_report(
      report, output.format,
      {.table = table_options(command, to_stdout), .rules = rule_texts(rules)});
  return to_stdout ? write_stdout(text) : write_atomically(output.path, text);
}

bool reaches(const model::Report& report, const std::string& threshold) {
  if (threshold == "never") return false;
  const model::Severity lowest = threshold == "note"      ? model::Severity::note
                                 : threshold == "warning" ? model::Severity::warning
                                                          : model::Severity::error;
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const model::Finding& finding) { return finding.severity >= lowest; });
}

scan::ScanOptions scan_options(const ScanCommand& command) {
  scan::ScanOptions options = command.scan;
  options.process_ends = true;
  if (options.cache_folder.empty() && !command.no_cache)
    options.cache_folder = default_cache_folder();
  return options;
}

/// Scans with a progress bar, which is gone before anything else is printed.
core::Result<model::Report> scan_with_progress(const ScanCommand& command,
                                               const rules::RuleSet& rules) {
  scan::ScanOptions options = scan_options(command);
  if (command.quiet || command.no_progress || !can_show_progress())
    return scan::scan(options, rules);
  ProgressBar bar;
  options.progress = &bar.progress();
  options.on_start = [&] { bar.start(); };
  return scan::scan(options, rules);
}

}  // namespace

int run_scan(const ScanCommand& command, const rules::RuleSet& rules) {
  const auto report = scan_with_progress(command, rules);
  if (!report) return report_error(report.error());
  for (const Output& output : parse_outputs(command)) {
    if (command.quiet && output.path.empty() && output.format == report::Format::table) continue;
    if (const auto written = write_output(output, command, *report, rules); !written)
      return report_error(written.error());
  }
  if (command.strict && report->incomplete) return kExitIncomplete;
  return reaches(*report, command.fail_on) ? kExitFindings : kExitOk;
}

}  // namespace muslcheck::cli
