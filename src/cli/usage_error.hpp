#pragma once
/// What is wrong with a command line, in words that name the argument and what was meant.

#include <CLI/CLI.hpp>
#include <string>

namespace muslcheck::cli {

/// One line without "muslcheck:", such as: unknown option --targt; did you mean --target?
[[nodiscard]] std::string describe_usage_error(CLI::App& app, const CLI::ParseError& error);

/// The command that the arguments were for, with its parents: "muslcheck target import".
[[nodiscard]] std::string command_in_use(const CLI::App& app);

}  // namespace muslcheck::cli
