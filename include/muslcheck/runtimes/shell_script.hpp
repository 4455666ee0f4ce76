#pragma once
/// The commands of a shell script, as far as they can be told without running it.

#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::runtimes {

/// A simple command.
struct ShellCommand {
  /// The name and its arguments, without quotes; variables as they are written.
  std::vector<std::string> words;
  int line = 0;  ///< where it begins, from 1
  /// The script asks whether the command is there (command -v NAME), or does something else
  /// without it (NAME || true).
  bool optional = false;
  bool operator==(const ShellCommand&) const = default;
};

/// Reads a script for sh or bash. Commands within commands count: $(...), `...`, sh -c '...'; of
/// `exec sudo -u app env A=b node x.js` there are sudo, env and node. What the shell does itself
/// (cd, exec), functions that the script defines and names made of variables are left out. What
/// cannot be understood is passed over: this is for advice, not for running. At most
/// kMaxScriptCommands of them.
[[nodiscard]] std::vector<ShellCommand> parse_shell_script(std::string_view text);

/// The same for a command of which the words are known: {"tini", "--", "sh", "-c", "curl x | jq"}.
[[nodiscard]] std::vector<ShellCommand> parse_command_words(const std::vector<std::string>& words);

}  // namespace muslcheck::runtimes
