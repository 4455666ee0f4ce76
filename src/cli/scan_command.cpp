// `muslcheck scan`: options in, report out, exit code from the threshold.

#include <algorithm>
#include <utility>

#include "cli/commands.hpp"
#include "cli/duration.hpp"
#include "cli/progress_bar.hpp"
#include "cli/report_output.hpp"

namespace muslcheck::cli {
namespace {

/// What a baseline has does not count.
bool fails(const model::Report& report, const std::string& threshold) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const model::Finding& finding) {
                       return !finding.baseline && reaches(finding.severity, threshold);
                     });
}

scan::ScanOptions scan_options(const ScanCommand& command, plan::Accepted accepted) {
  scan::ScanOptions options = command.scan;
  options.process_ends = true;
  // What is no time was refused when the option was read.
  options.timeout = parse_duration(command.timeout).value_or(std::chrono::milliseconds::zero());
  options.accepted = std::move(accepted);
  if (options.cache_folder.empty() && !command.no_cache)
    options.cache_folder = default_cache_folder();
  return options;
}

/// Scans with a progress bar, which is gone before anything else is printed.
core::Result<model::Report> scan_with_progress(const ScanCommand& command, plan::Accepted accepted,
                                               const rules::RuleSet& rules) {
  scan::ScanOptions options = scan_options(command, std::move(accepted));
  if (command.output.quiet || command.no_progress || !can_show_progress())
    return scan::scan(options, rules);
  ProgressBar bar;
  options.progress = &bar.progress();
  options.on_start = [&] { bar.start(); };
  return scan::scan(options, rules);
}

}  // namespace

int run_scan(const ScanCommand& command, const rules::RuleSet& rules) {
  auto accepted = read_accepted(command);
  if (!accepted) return report_error(accepted.error());
  const auto report = scan_with_progress(command, std::move(*accepted), rules);
  if (!report) return report_error(report.error());
  if (const auto written = write_outputs(command.output, *report, rules); !written)
    return report_error(written.error());
  print_expired(*report);
  if (command.strict && report->incomplete) return kExitIncomplete;
  return fails(*report, command.fail_on) ? kExitFindings : kExitOk;
}

}  // namespace muslcheck::cli
