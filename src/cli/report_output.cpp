// Reports on their way out, and back in.

#include "cli/report_output.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/commands.hpp"
#include "muslcheck/core/limits.hpp"

namespace muslcheck::cli {
namespace {

struct Output {
  report::Format format = report::Format::table;
  std::string path;  ///< empty: standard output
};

/// "-o r.json" takes the format of -f; "-o json=r.json" names its own.
std::vector<Output> parse_outputs(const OutputOptions& options) {
  const report::Format standard =
      report::find_format(options.format).value_or(report::Format::table);
  std::vector<Output> outputs;
  for (const std::string& text : options.outputs) {
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

core::Result<void> write_output(const Output& output, const OutputOptions& options,
                                const model::Report& report, const rules::RuleSet& rules) {
  const bool to_stdout = output.path.empty() || output.path == "-";
  const std::string text = report::write_report(
      report, output.format,
      {.table = table_options(options.verbose, to_stdout), .rules = rules::rule_texts(rules)});
  return to_stdout ? write_stdout(text) : write_atomically(output.path, text);
}

}  // namespace

report::TableOptions table_options(bool verbose, bool to_stdout) {
  report::TableOptions options;
  options.verbose = verbose;
  if (!to_stdout || ::isatty(STDOUT_FILENO) == 0) return options;
  // https://no-color.org: set and not empty.
  const char* no_color = std::getenv("NO_COLOR");
  options.colour = no_color == nullptr || *no_color == '\0';
  options.width = terminal_width();
  return options;
}

core::Result<void> write_outputs(const OutputOptions& options, const model::Report& report,
                                 const rules::RuleSet& rules) {
  for (const Output& output : parse_outputs(options)) {
    if (options.quiet && output.path.empty() && output.format == report::Format::table) continue;
    if (auto written = write_output(output, options, report, rules); !written) return written;
  }
  return {};
}

bool reaches(model::Severity severity, const std::string& threshold) {
  if (threshold == "never") return false;
  const model::Severity lowest = threshold == "note"      ? model::Severity::note
                                 : threshold == "warning" ? model::Severity::warning
                                                          : model::Severity::error;
  return severity >= lowest;
}

core::Result<model::Report> read_report(const std::string& path) {
  const auto text = read_input(path, core::limits::kMaxReport);
  if (!text) return tl::make_unexpected(text.error());
  auto report = report::read_json(*text);
  if (!report) report.error().path = path == "-" ? "standard input" : path;
  return report;
}

}  // namespace muslcheck::cli
