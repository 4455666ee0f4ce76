// `muslcheck convert` and `muslcheck diff`: commands that look at reports and at no image.

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/report_output.hpp"

namespace muslcheck::cli {

int run_convert(const ConvertCommand& command, const rules::RuleSet& rules) {
  const auto report = read_report(command.file);
  if (!report) return report_error(report.error());
  const auto written = write_outputs(command.output, *report, rules);
  return written ? kExitOk : report_error(written.error());
}

int run_diff(const DiffCommand& command) {
  const auto before = read_report(command.before);
  if (!before) return report_error(before.error());
  const auto after = read_report(command.after);
  if (!after) return report_error(after.error());
  const report::Difference difference = report::compare_reports(*before, *after);
  const auto format = report::find_difference_format(command.format);
  const bool to_stdout = command.output.empty() || command.output == "-";
  const std::string text =
      report::write_difference(difference, format.value_or(report::DifferenceFormat::table),
                               table_options(command.verbose, to_stdout));
  const auto written = to_stdout ? write_stdout(text) : write_atomically(command.output, text);
  if (!written) return report_error(written.error());
  const bool fails =
      std::any_of(difference.added.begin(), difference.added.end(),
                  [&](const auto* finding) { return reaches(finding->severity, command.fail_on); });
  return fails ? kExitFindings : kExitOk;
}

}  // namespace muslcheck::cli
