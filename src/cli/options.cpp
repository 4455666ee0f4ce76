// Options of commands that write or read reports.

#include "cli/options.hpp"

#include <vector>

#include "cli/command_tree.hpp"
#include "muslcheck/report/report.hpp"

namespace muslcheck::cli {
namespace {

/// The names, on as many lines as the column of the help needs.
std::string lines_of(const std::vector<std::string>& names) {
  constexpr std::size_t kColumns = 50;
  std::string text;
  std::size_t width = 0;
  for (const std::string& name : names) {
    const bool fits = width + name.size() + 2 <= kColumns;
    if (!text.empty()) text += fits ? ", " : ",\n";
    width = (fits ? width + 2 : 0) + name.size();
    text += name;
  }
  return text;
}

}  // namespace

void add_output(CLI::App& command, OutputOptions& output) {
  command
      .add_option("-f,--format", output.format,
                  lines_of(report::format_names()) + "\n(default: table)")
      ->type_name("FORMAT")
      ->check(one_of(report::format_names()));
  command
      .add_option("-o,--output", output.outputs,
                  "Write to FILE instead of standard output;\n"
                  "repeatable, as FORMAT=FILE too")
      ->type_name("[FORMAT=]FILE")
      ->allow_extra_args(false);
}

void add_fail_on(CLI::App& command, std::string& threshold, const char* what) {
  command
      .add_option("--fail-on", threshold,
                  std::string(what) + "\nerror (default), warning, note, never")
      ->type_name("SEVERITY")
      ->check(one_of({"error", "warning", "note", "never"}));
}

void add_convert(CLI::App& app, ConvertCommand& command) {
  CLI::App* convert = app.add_subcommand("convert", "Make any format from a JSON report");
  convert->add_option("REPORT", command.file, "What scan -f json wrote; - is standard input")
      ->type_name("")
      ->required();
  add_output(*convert, command.output);
  convert->add_flag("-v,--verbose", command.output.verbose, "List the modules that load, too");
  convert->footer(
      "The result is the same as what scan writes, byte for byte.\n"
      "Example:\n"
      "  muslcheck convert report.json -o table=report.txt");
}

void add_diff(CLI::App& app, DiffCommand& command) {
  CLI::App* diff = app.add_subcommand("diff", "Say what is new and what is fixed");
  diff->add_option("OLD", command.before, "A report in JSON")->type_name("")->required();
  diff->add_option("NEW", command.after, "A later one; one of both may be -")
      ->type_name("")
      ->required();
  diff->add_option("-f,--format", command.format,
                   lines_of(report::difference_format_names()) + "\n(default: table)")
      ->type_name("FORMAT")
      ->check(one_of(report::difference_format_names()));
  diff->add_option("-o,--output", command.output, "Write to FILE instead of standard output")
      ->type_name("FILE");
  add_fail_on(*diff, command.fail_on, "Lowest severity of new findings for exit code 1:");
  diff->add_flag("-v,--verbose", command.verbose, "List what is unchanged, too");
  diff->footer(
      "Findings are the same if their fingerprints are: over rebuilds, versions of\n"
      "packages, and layers.");
}

}  // namespace muslcheck::cli
