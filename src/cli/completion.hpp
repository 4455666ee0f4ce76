#pragma once
/// Scripts that complete commands, options and their values in shells.

#include <string>
#include <string_view>
#include <vector>

#include "cli/command_tree.hpp"

namespace muslcheck::cli {

/// The shells that there are scripts for.
[[nodiscard]] const std::vector<std::string>& shell_names();

/// The commands `completion` and `man`.
void add_completion(CLI::App& app, std::string& shell);

/// The script for one of shell_names().
[[nodiscard]] std::string write_completion(const std::vector<DescribedCommand>& commands,
                                           std::string_view shell);

/// The script for each shell.
[[nodiscard]] std::string write_bash(const std::vector<DescribedCommand>& commands);
[[nodiscard]] std::string write_zsh(const std::vector<DescribedCommand>& commands);
[[nodiscard]] std::string write_fish(const std::vector<DescribedCommand>& commands);

/// The manual page for man, in roff.
[[nodiscard]] std::string write_manual(const std::vector<DescribedCommand>& commands,
                                       std::string_view version);

}  // namespace muslcheck::cli
