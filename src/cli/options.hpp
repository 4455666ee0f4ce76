#pragma once
/// Options that several commands have, and the commands that look at reports.

#include <CLI/CLI.hpp>
#include <string>

#include "cli/commands.hpp"

namespace muslcheck::cli {

/// -f and -o, of commands that write a report.
void add_output(CLI::App& command, OutputOptions& output);

/// --fail-on; `what` says in its help of what.
void add_fail_on(CLI::App& command, std::string& threshold, const char* what);

void add_convert(CLI::App& app, ConvertCommand& command);
void add_diff(CLI::App& app, DiffCommand& command);

}  // namespace muslcheck::cli
