// CLI11 says which arguments are left over, in its own order and without a word on what was meant.

#include "cli/usage_error.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "cli/command_tree.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {
namespace {

/// Beyond two typing errors it is a guess.
constexpr std::size_t kMaxDistance = 2;
/// Nobody mistypes a name of this length; it would only take time.
constexpr std::size_t kMaxNameLength = 40;

/// Insertions, deletions and replacements between two texts (Levenshtein).
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

/// "; did you mean --target?", or nothing.
std::string suggest(const std::string& given, const std::vector<std::string>& known) {
  if (given.size() > kMaxNameLength) return {};
  const std::string* best = nullptr;
  std::size_t best_distance = kMaxDistance + 1;
  for (const std::string& name : known) {
    const std::size_t steps = distance(given, name);
    // "-x" is two steps from everything short.
    if (steps >= best_distance || steps + 1 >= name.size()) continue;
    best = &name;
    best_distance = steps;
  }
  return best == nullptr ? std::string() : "; did you mean " + *best + "?";
}

const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

/// Its path as describe_commands() has it: "target import".
std::string path_of(const CLI::App& app) {
  std::string path;
  for (const CLI::App* command = &app; !command->get_subcommands().empty();) {
    command = command->get_subcommands().front();
    path += (path.empty() ? "" : " ") + command->get_name();
  }
  return path;
}

std::vector<std::string> option_names(CLI::App& app) {
  const std::vector<DescribedCommand> commands = describe_commands(app);
  const std::string path = path_of(app);
  std::vector<std::string> names;
  for (const DescribedCommand& command : commands) {
    if (command.path != path) continue;
    for (const DescribedOption& option : completed_options(commands, command))
      names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

std::string describe_left_over(CLI::App& app, const std::string& argument) {
  if (argument.size() > 1 && argument.front() == '-') {
    const std::string name = argument.substr(0, argument.find('='));
    return "unknown option " + core::printable(name) + suggest(name, option_names(app));
  }
  return "unexpected argument \"" + core::printable(argument) + "\"";
}

std::string describe_missing_command(CLI::App& app, const std::vector<std::string>& left_over) {
  const CLI::App& command = innermost(app);
  std::vector<std::string> names;
  for (const CLI::App* one : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(one->get_name());
  const std::string known = core::join(names, ", ");
  if (left_over.empty()) return "a command is missing: " + known;
  const std::string guess = suggest(left_over.front(), names);
  return "unknown command \"" + core::printable(left_over.front()) + "\"" +
         (guess.empty() ? "; known are " + known : guess);
}

}  // namespace

std::string command_in_use(const CLI::App& app) {
  const std::string path = path_of(app);
  return app.get_name() + (path.empty() ? "" : " " + path);
}

std::string describe_usage_error(CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> left_over = app.remaining(true);
  const bool needs_command = innermost(app).get_require_subcommand_min() > 0;
  if (needs_command && (left_over.empty() || !left_over.front().starts_with('-')))
    return describe_missing_command(app, left_over);
  if (!left_over.empty()) return describe_left_over(app, left_over.front());
  return core::printable(error.what());
}

}  // namespace muslcheck::cli
