// Completion for bash, which has no notion of options: the script finds the command among the words
// before the cursor, and then knows what the word before the cursor expects. Bash makes words of
// their own of '=' and ':', so "--format=json" is three and "docker-archive:app.tar" too.

#include "cli/completion.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {
namespace {

/// `'scan:-f'|'scan:--format') `.
std::string pattern(const DescribedCommand& command, const DescribedOption& option) {
  std::vector<std::string> words;
  for (const std::string& name : option.names)
    words.push_back("'" + command.path + ":" + name + "'");
  return "    " + core::join(words, "|") + ") ";
}

std::string expected(const DescribedOption& option) {
  if (!option.choices.empty()) return "words='" + core::join(option.choices, " ") + "'";
  return option.takes_files ? "files=1" : ":";
}

std::string command_cases(const std::vector<DescribedCommand>& commands) {
  std::string text;
  for (const DescribedCommand& command : commands)
    if (!command.path.empty())
      text += "      '" + command.parent + "/" + command.name + "') command='" + command.path +
              "' ;;\n";
  return text;
}

std::string value_cases(const std::vector<DescribedCommand>& commands) {
  std::string text;
  for (const DescribedCommand& command : commands)
    for (const DescribedOption& option : completed_options(commands, command))
      if (!option.value.empty()) text += pattern(command, option) + expected(option) + " ;;\n";
  return text;
}

std::string option_cases(const std::vector<DescribedCommand>& commands) {
  std::string text;
  for (const DescribedCommand& command : commands) {
    std::vector<std::string> names;
    for (const DescribedOption& option : completed_options(commands, command))
      names.insert(names.end(), option.names.begin(), option.names.end());
    text += "    '" + command.path + ":-'*) words='" + core::join(names, " ") + "' ;;\n";
  }
  return text;
}

std::string argument_cases(const std::vector<DescribedCommand>& commands) {
  std::string text;
  for (const DescribedCommand& command : commands) {
    std::vector<std::string> names;
    for (const DescribedCommand* child : children_of(commands, command.path))
      names.push_back(child->name);
    std::string what;
    if (!names.empty())
      what = "words='" + core::join(names, " ") + "'";
    else if (!command.arguments.empty())
      what = expected(command.arguments.front());
    if (!what.empty()) text += "    '" + command.path + ":'*) " + what + " ;;\n";
  }
  return text;
}

constexpr const char* kStart =
    R"(# muslcheck completion for bash: source <(muslcheck completion bash)
_muslcheck() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local command='' words='' files='' last='' word index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    case $last in -*) last=$word; continue ;; esac
    last=$word
    case "$command/$word" in
)";

constexpr const char* kBeforeValues = R"(    esac
  done
  case $current in =|:) previous=${COMP_WORDS[COMP_CWORD-1]} current= ;; esac
  if [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
  case "$command:$previous" in
)";

constexpr const char* kBeforeRest = R"(    *) case "$command:$current" in
)";

constexpr const char* kEnd = R"(    esac ;;
  esac
  COMPREPLY=()
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  elif [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  fi
}
complete -F _muslcheck muslcheck
)";

}  // namespace

std::string write_bash(const std::vector<DescribedCommand>& commands) {
  return kStart + command_cases(commands) + kBeforeValues + value_cases(commands) + kBeforeRest +
         option_cases(commands) + argument_cases(commands) + kEnd;
}

}  // namespace muslcheck::cli
