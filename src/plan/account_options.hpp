#pragma once
/// Options of the commands that make accounts.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/shell_list.hpp"

namespace muslcheck::plan {

/// An option under its short and its long name.
struct OptionName {
  char letter;
  std::string_view word;
  bool has_value;
};

/// A command line taken apart; values and names as written, with their quotes.
struct Arguments {
  std::map<char, std::string> options;
  std::vector<std::string> names;
  bool understood = true;

  [[nodiscard]] bool has(char letter) const { return options.contains(letter); }
  [[nodiscard]] std::string value(char letter) const {
    const auto found = options.find(letter);
    return found == options.end() ? std::string() : found->second;
  }
};

/// Takes the command apart by the options that are known. Without `has_letters` "-x" is a long
/// option, as Debian's adduser has them.
[[nodiscard]] Arguments parse_arguments(const ShellCommand& command,
                                        std::span<const OptionName> known, bool has_letters);

}  // namespace muslcheck::plan
