#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::runtimes {

/// Programs that a line of shell runs.
struct ShellPrograms {
  struct Program {
    std::vector<std::string> words;  ///< without assignments, exec and redirections
    std::string directory;           ///< of a cd before it, as written; empty: none
  };
  std::vector<Program> programs;
  bool simple = false;  ///< one command and nothing else: it certainly runs
};

/// Reads simple commands joined by && || ; | and newlines. At the first thing whose meaning is
/// not certain (a variable as the command, if, a subshell) it stops: what was found stays.
[[nodiscard]] ShellPrograms parse_shell(std::string_view text);

/// Words of `env -S`: split at white space, quotes and backslashes taken away.
[[nodiscard]] std::vector<std::string> split_words(std::string_view text);

}  // namespace muslcheck::runtimes
