// Completion for fish: a line for each command, option and argument, with the condition under which
// it is offered. Files are offered only where they are asked for.

#include "cli/completion.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {
namespace {

/// True at the place of the command: after its own words, and before those of its commands.
std::string condition(const std::vector<DescribedCommand>& commands,
                      const DescribedCommand& command) {
  std::vector<std::string> parts;
  if (!command.path.empty())
    for (const std::string_view word : core::split(command.path, ' '))
      parts.push_back("__fish_seen_subcommand_from " + std::string(word));
  std::string names;
  for (const DescribedCommand* child : children_of(commands, command.path))
    names += " " + child->name;
  if (!names.empty()) parts.push_back("not __fish_seen_subcommand_from" + names);
  return core::join(parts, "; and ");
}

/// -x: a value is needed, and no files are offered for it; -r -F: with files.
std::string expected(const DescribedOption& option) {
  if (option.value.empty()) return "";
  if (!option.choices.empty()) return " -x -a '" + core::join(option.choices, " ") + "'";
  return option.takes_files ? " -r -F" : " -x";
}

std::string option_line(const DescribedOption& option, const std::string& start) {
  std::string text = start;
  for (const std::string& name : option.names)
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  return text + expected(option) + " -d '" + summary(option.description) + "'\n";
}

std::string command_lines(const std::vector<DescribedCommand>& commands,
                          const DescribedCommand& command) {
  const std::string start = "complete -c muslcheck -n '" + condition(commands, command) + "'";
  std::string text;
  for (const DescribedCommand* child : children_of(commands, command.path))
    text += start + " -a " + child->name + " -d '" + summary(child->description) + "'\n";
  for (const DescribedOption& argument : command.arguments) {
    if (!argument.choices.empty())
      text += start + " -a '" + core::join(argument.choices, " ") + "'\n";
    else if (argument.takes_files)
      text += start + " -F\n";
  }
  for (const DescribedOption& option : completed_options(commands, command))
    text += option_line(option, start);
  return text;
}

}  // namespace

std::string write_fish(const std::vector<DescribedCommand>& commands) {
  std::string text =
      "# muslcheck completion for fish: muslcheck completion fish | source\n"
      "complete -c muslcheck -f\n";
  for (const DescribedCommand& command : commands) text += command_lines(commands, command);
  return text;
}

}  // namespace muslcheck::cli
