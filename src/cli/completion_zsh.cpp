// Completion for zsh: a list of _arguments for each command. The words before the command are taken
// away first, so that it sees the options of one command only. A file can stand behind the kind of
// a source (docker-archive:app.tar) or a format (json=report.json).

#include "cli/completion.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {
namespace {

/// ":FORMAT:(table json)": what comes after an option, or as an argument.
std::string expected(const DescribedOption& option) {
  if (option.value.empty()) return "";
  std::string what = " ";
  if (!option.choices.empty())
    what = "(" + core::join(option.choices, " ") + ")";
  else if (option.takes_files)
    what = "_muslcheck_files";
  return ":" + summary(option.value) + ":" + what;
}

std::string option_lines(const DescribedOption& option) {
  const std::string once = "(" + core::join(option.names, " ") + ")";
  std::string text;
  for (const std::string& name : option.names) {
    const bool assigned = name.starts_with("--") && !option.value.empty();
    text += " \\\n        '" + (option.repeatable ? "*" : once) + name + (assigned ? "=" : "") +
            "[" + summary(option.description) + "]" + expected(option) + "'";
  }
  return text;
}

std::string argument_lines(const std::vector<DescribedCommand>& commands,
                           const DescribedCommand& command) {
  std::string text;
  for (const DescribedOption& argument : command.arguments)
    text += " \\\n        '" + expected(argument) + "'";
  std::string names;
  for (const DescribedCommand* child : children_of(commands, command.path))
    names += " " + child->name + "\\:\"" + summary(child->description) + "\"";
  return names.empty() ? text : text + " \\\n        ':command:((" + names.substr(1) + "))'";
}

std::string command_cases(const std::vector<DescribedCommand>& commands) {
  std::string text;
  for (const DescribedCommand& command : commands)
    if (!command.path.empty())
      text += "      ('" + command.parent + "/" + command.name + "') command='" + command.path +
              "' at=$index ;;\n";
  return text;
}

std::string argument_cases(const std::vector<DescribedCommand>& commands) {
  std::string text;
  for (const DescribedCommand& command : commands) {
    text += "    ('" + command.path + "')\n      _arguments -s";
    for (const DescribedOption& option : completed_options(commands, command))
      text += option_lines(option);
    text += argument_lines(commands, command) + " ;;\n";
  }
  return text;
}

constexpr const char* kStart = R"(#compdef muslcheck
# muslcheck completion for zsh: source <(muslcheck completion zsh)
_muslcheck_files() {
  compset -P '[a-z-]##[:=]'
  _files
}
_muslcheck() {
  local command= last=
  integer index at=1
  for (( index = 2; index < CURRENT; index++ )); do
    if [[ $last == -* ]]; then last=${words[index]}; continue; fi
    last=${words[index]}
    case "$command/$last" in
)";

constexpr const char* kBeforeArguments = R"(    esac
  done
  words=("${(@)words[at,-1]}")
  (( CURRENT -= at - 1 ))
  case $command in
)";

constexpr const char* kEnd = R"(  esac
}
if [[ ${funcstack[1]} == _muslcheck ]]; then
  _muslcheck "$@"
else
  compdef _muslcheck muslcheck
fi
)";

}  // namespace

std::string write_zsh(const std::vector<DescribedCommand>& commands) {
  return kStart + command_cases(commands) + kBeforeArguments + argument_cases(commands) + kEnd;
}

}  // namespace muslcheck::cli
