#pragma once
/// The commands and options as --help knows them, for texts that are made of them: completion for
/// shells and the manual page.

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::cli {

/// An option or an argument of a command.
struct DescribedOption {
  std::vector<std::string> names;    ///< "-f", "--format"; none for an argument
  std::string value;                 ///< "FORMAT", or the name of an argument; empty for a flag
  std::string description;           ///< on one line
  std::vector<std::string> choices;  ///< the only values; empty if there are others
  bool takes_files = false;          ///< the value can be a file or a folder
  bool repeatable = false;
};

struct DescribedCommand {
  std::string path;    ///< "target import"; empty for the program itself
  std::string name;    ///< "import"
  std::string parent;  ///< the path of the command that has it: "target"
  std::string description;
  std::string footer;  ///< its lines as they are
  std::vector<DescribedOption> options;
  std::vector<DescribedOption> arguments;
};

/// A check that allows these values only, which describe_commands() gives as choices.
[[nodiscard]] CLI::Validator one_of(const std::vector<std::string>& values);

/// The program first, then each command before those that it has.
[[nodiscard]] std::vector<DescribedCommand> describe_commands(CLI::App& app);

/// The commands directly below a path.
[[nodiscard]] std::vector<const DescribedCommand*> children_of(
    const std::vector<DescribedCommand>& commands, std::string_view path);

/// Options of the command, and those of the program, which can be given after each command, too.
[[nodiscard]] std::vector<DescribedOption> completed_options(
    const std::vector<DescribedCommand>& commands, const DescribedCommand& command);

/// The first clause of a description, without anything that a shell interprets in quotes.
[[nodiscard]] std::string summary(std::string_view description);

}  // namespace muslcheck::cli
