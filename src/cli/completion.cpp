// The commands that describe the program to a shell and to man.

#include "cli/completion.hpp"

#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {

const std::vector<std::string>& shell_names() {
  static const std::vector<std::string> names = {"bash", "zsh", "fish"};
  return names;
}

std::string write_completion(const std::vector<DescribedCommand>& commands,
                             std::string_view shell) {
  if (shell == "bash") return write_bash(commands);
  return shell == "zsh" ? write_zsh(commands) : write_fish(commands);
}

void add_completion(CLI::App& app, std::string& shell) {
  CLI::App* completion = app.add_subcommand("completion", "Print a script that completes options");
  completion->add_option("SHELL", shell, core::join(shell_names(), ", "))
      ->type_name("")
      ->required()
      ->check(one_of(shell_names()));
  completion->footer(
      "Examples:\n"
      "  source <(muslcheck completion bash)\n"
      "  muslcheck completion zsh > /usr/local/share/zsh/site-functions/_muslcheck\n"
      "  muslcheck completion fish > ~/.config/fish/completions/muslcheck.fish");
  app.add_subcommand("man", "Print the manual page")
      ->footer(
          "Example:\n"
          "  muslcheck man > /usr/local/share/man/man1/muslcheck.1");
}

}  // namespace muslcheck::cli
