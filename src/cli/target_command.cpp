// `muslcheck target import`: the profile is the output, so it goes to standard output or a file and
// nothing else does. What is not in it because it could not be read is told on standard error.

#include <iostream>

#include "cli/commands.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {

int run_target_import(const ImportCommand& command, const rules::RuleSet& rules) {
  const auto imported = scan::import_target(command.options, rules);
  if (!imported) return report_error(imported.error());
  for (const model::Problem& problem : imported->problems)
    std::cerr << "muslcheck: warning: " << core::printable(problem.path) << ": "
              << core::printable(problem.message) << "\n";
  const std::string text = rules::write_target_profile(imported->profile);
  const auto written = command.output.empty() || command.output == "-"
                           ? write_stdout(text)
                           : write_atomically(command.output, text);
  return written ? kExitOk : report_error(written.error());
}

}  // namespace muslcheck::cli
