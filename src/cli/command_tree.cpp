// CLI11's tree as plain values. It knows no kinds of values: what is a file is told by the name
// that the help has for the value, and the values that are allowed travel as the name of their
// check, which nothing prints.

#include "cli/command_tree.hpp"

#include <algorithm>
#include <cstddef>

#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {
namespace {

constexpr std::string_view kChoices = "one of ";

bool names_file(const std::string& value) {
  constexpr std::string_view kNames[] = {"FILE",   "[FORMAT=]FILE", "FOLDER", "SOURCE",
                                         "TARGET", "REPORT",        "OLD",    "NEW"};
  return std::find(std::begin(kNames), std::end(kNames), value) != std::end(kNames);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : core::split(text, ' ')) words.emplace_back(word);
  return words;
}

std::vector<std::string> choices_of(CLI::Option& option) {
  try {
    for (int index = 0;; ++index) {
      const std::string& name = option.get_validator(index)->get_name();
      if (name.starts_with(kChoices)) return words_of(name.substr(kChoices.size()));
    }
  } catch (const CLI::OptionNotFound&) {  // there is no count of checks
    return {};
  }
}

DescribedOption describe_option(CLI::Option& option) {
  DescribedOption described;
  for (const std::string& name : option.get_snames()) described.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) described.names.push_back("--" + name);
  if (option.get_positional())
    described.value = option.get_name();
  else if (option.get_items_expected_max() > 0)
    described.value = option.get_type_name();
  described.description = core::one_line(option.get_description());
  described.choices = choices_of(option);
  described.takes_files = names_file(described.value);
  described.repeatable = option.get_items_expected_max() > 1;
  return described;
}

DescribedCommand describe_command(CLI::App& app, const DescribedCommand* parent) {
  DescribedCommand described;
  if (parent != nullptr) {
    described.name = app.get_name();
    described.parent = parent->path;
    described.path = (parent->path.empty() ? "" : parent->path + " ") + described.name;
  }
  described.description = app.get_description();
  described.footer = app.get_footer();
  for (CLI::Option* option : app.get_options())
    (option->get_positional() ? described.arguments : described.options)
        .push_back(describe_option(*option));
  return described;
}

/// Recursion as deep as our own commands.
void add_commands(CLI::App& app, const DescribedCommand* parent,
                  std::vector<DescribedCommand>& commands) {
  const DescribedCommand described = describe_command(app, parent);
  commands.push_back(described);
  for (CLI::App* child : app.get_subcommands([](CLI::App*) { return true; }))
    add_commands(*child, &described, commands);
}

}  // namespace

CLI::Validator one_of(const std::vector<std::string>& values) {
  return CLI::IsMember(values).description("").name(std::string(kChoices) +
                                                    core::join(values, " "));
}

std::vector<DescribedCommand> describe_commands(CLI::App& app) {
  std::vector<DescribedCommand> commands;
  add_commands(app, nullptr, commands);
  return commands;
}

std::vector<const DescribedCommand*> children_of(const std::vector<DescribedCommand>& commands,
                                                 std::string_view path) {
  std::vector<const DescribedCommand*> children;
  for (const DescribedCommand& command : commands)
    if (!command.path.empty() && command.parent == path) children.push_back(&command);
  return children;
}

std::vector<DescribedOption> completed_options(const std::vector<DescribedCommand>& commands,
                                               const DescribedCommand& command) {
  std::vector<DescribedOption> options = command.options;
  if (command.path.empty()) return options;
  for (const DescribedOption& option : commands.front().options)
    if (std::none_of(options.begin(), options.end(), [&](const DescribedOption& own) {
          return own.names.back() == option.names.back();
        }))
      options.push_back(option);
  return options;
}

std::string summary(std::string_view description) {
  std::string text = core::one_line(description);
  for (const std::string_view end : {": ", ";", "("}) text = text.substr(0, text.find(end));
  std::string safe;
  for (const char letter : text)
    if (std::string_view("'\"`$\\[]").find(letter) == std::string_view::npos) safe += letter;
  std::string line = core::one_line(safe);
  while (line.ends_with('.') || line.ends_with(':')) line.pop_back();
  return line;
}

}  // namespace muslcheck::cli
