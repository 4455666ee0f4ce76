// As much of the shell's grammar as is needed to tell commands from keywords, patterns and
// definitions. (POSIX, Shell Command Language, 2.9 and 2.10.) A script that this misreads costs a
// wrong line of advice, so what is not certain is left out: the reader never guesses a name.

#include "muslcheck/runtimes/shell_script.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "runtimes/command_prefix.hpp"
#include "runtimes/shell_tokens.hpp"

namespace muslcheck::runtimes {
namespace {

using Kind = ShellToken::Kind;
using Words = std::vector<std::string>;

/// Words before a command that say how it is used.
constexpr auto kKeywords = std::to_array<std::string_view>(
    {"if", "then", "else", "elif", "fi", "do", "done", "!", "while", "until", "{", "}", "coproc"});

/// What ash, dash and bash do themselves.
constexpr auto kBuiltins = std::to_array<std::string_view>(
    {":",       "[",         "[[",       "alias",   "bg",       "bind",     "break",   "builtin",
     "caller",  "cd",        "command",  "compgen", "complete", "continue", "declare", "dirs",
     "disown",  "echo",      "enable",   "eval",    "exec",     "exit",     "export",  "false",
     "fc",      "fg",        "getopts",  "hash",    "help",     "history",  "jobs",    "kill",
     "let",     "local",     "logout",   "mapfile", "popd",     "printf",   "pushd",   "pwd",
     "read",    "readarray", "readonly", "return",  "set",      "shift",    "shopt",   "suspend",
     "test",    "times",     "trap",     "true",    "type",     "typeset",  "ulimit",  "umask",
     "unalias", "unset",     "wait"});

constexpr auto kQuestions = std::to_array<std::string_view>({"which", "type", "hash", "whereis"});

/// After || they say that the command before them is needed.
constexpr auto kFailures = std::to_array<std::string_view>(
    {"exit", "return", "false", "kill", "break", "die", "fail", "error", "abort", "fatal"});

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// NAME=..., NAME+=..., NAME[1]=...
bool is_assignment(std::string_view word) {
  const std::size_t name = static_cast<std::size_t>(
      std::find_if_not(word.begin(), word.end(), is_name_character) - word.begin());
  if (name == 0 || name == word.size()) return false;
  const std::string_view rest = word.substr(name);
  return rest[0] == '=' || rest.starts_with("+=") ||
         (rest[0] == '[' && rest.find("]=") != rest.npos);
}

/// A name that can be looked for: no variable, no substitution, nothing that a person would not
/// call a program.
bool is_command_name(std::string_view word) {
  constexpr std::string_view kOthers = "_-+./";
  return !word.empty() && word.size() <= core::limits::kMaxPathLength && word[0] != '-' &&
         std::all_of(word.begin(), word.end(), [&](char c) {
           return is_name_character(c) || kOthers.find(c) != std::string_view::npos;
         });
}

/// The part of the text that a shell reads. Scripts of other languages may begin as one for sh, to
/// find their interpreter: '''exec' /a/long/path/python "$0" "$@" is a text for Python.
std::string_view shell_part(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && (text[at] == '#' || text[at] == '\n' || text[at] == '\r'))
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  const std::string_view rest = text.substr(at);
  const bool is_other = rest.starts_with("'''") || rest.starts_with("\"\"\"") ||
                        rest.starts_with("\":\"") || rest.starts_with("\"exec\"");
  return is_other ? text.substr(0, std::min(text.find('\n', at), text.size())) : text;
}

/// A piece of script that is still to be read.
struct Piece {
  std::string text;
  int line = 1;
  std::size_t depth = 0;
};

/// Reads one piece after the other: what is found within one is read later.
class Reader {
 public:
  void add(Piece piece) {
    if (piece.depth <= core::limits::kMaxShellNesting) waiting_.push_back(std::move(piece));
  }

  std::vector<ShellCommand> run() {
    while (!waiting_.empty() && commands_.size() < core::limits::kMaxScriptCommands) {
      piece_ = std::move(waiting_.front());
      waiting_.pop_front();
      read_piece();
    }
    return finished();
  }

  /// A command and those that it starts.
  void add_command(Words words, int line) {
    while (!words.empty() && commands_.size() < core::limits::kMaxScriptCommands) {
      const std::string_view name = core::file_name(words.front());
      note_question(words);
      const std::size_t script = find_inner_script(words);
      if (script < words.size()) add({words[script], line, piece_.depth + 1});
      const std::size_t inner = find_inner_command(words);
      Words rest(words.begin() + static_cast<std::ptrdiff_t>(inner), words.end());
      if (is_command_name(words.front()) &&
          (!core::contains(kBuiltins, name) || name.size() != words[0].size()))
        commands_.push_back({.words = std::move(words), .line = line});
      words = std::move(rest);
    }
  }

 private:
  void read_piece() {
    ShellTokens tokens(piece_.text, piece_.line);
    words_.clear();
    state_ = State::command;
    previous_ = Kind::newline;
    cases_ = 0;
    for (ShellToken token = tokens.next(); token.kind != Kind::end; token = tokens.next()) {
      if (commands_.size() >= core::limits::kMaxScriptCommands) break;
      take(token, tokens);
    }
    end_command();
    for (const InnerScript& inner : tokens.inner())
      add({std::string(inner.text), inner.line, piece_.depth + 1});
  }

  void take(const ShellToken& token, ShellTokens& tokens) {
    const Kind before = std::exchange(previous_, token.kind);
    // ((i++)) is arithmetic; in ( (a); b ) something stands between.
    if (before == Kind::open && token.kind == Kind::open && token.attached)
      return tokens.skip_parentheses();
    switch (state_) {
      case State::pattern: return take_pattern(token);
      case State::test:
        if (token.text == "]]") state_ = State::command;
        return;
      case State::case_head:
        if (token.kind == Kind::word && token.text == "in") begin_patterns();
        return;
      case State::loop_head:
        if (token.kind == Kind::newline || token.text == "do") state_ = State::command;
        return;
      case State::function_name:
        if (token.kind == Kind::word) functions_.insert(token.text);
        state_ = State::command;
        return;
      case State::command: return take_in_command(token, tokens);
    }
  }

  void take_in_command(const ShellToken& token, ShellTokens& tokens) {
    switch (token.kind) {
      case Kind::word: return take_word(token);
      case Kind::open: return take_open(token, tokens);
      case Kind::end_of_case:
        end_command();
        if (cases_ > 0) state_ = State::pattern;
        return;
      case Kind::and_or:
        if (token.text == "||") return end_command_before_or();
        return end_command();
      default: return end_command();
    }
  }

  void take_word(const ShellToken& token) {
    if (words_.empty()) {
      line_ = token.line;
      if (!token.quoted && begins_otherwise(token.text)) return;
      if (is_assignment(token.text)) {
        after_assignment_ = token.text.ends_with('=');
        return;
      }
    }
    after_assignment_ = false;
    // The name of a program is not a variable's value; an argument may be.
    const bool is_plain = token.literal || token.text == "[";
    words_.push_back(words_.empty() && !is_plain ? std::string() : token.text);
  }

  /// Whether the word is none of a command's, but of the grammar.
  bool begins_otherwise(const std::string& word) {
    if (core::contains(kKeywords, word)) {
      if (word == "{") is_after_or_ = false;  // { echo "it failed"; exit 1; }
      return true;
    }
    if (word == "case") state_ = State::case_head;
    if (word == "for" || word == "select") state_ = State::loop_head;
    if (word == "function") state_ = State::function_name;
    if (word == "[[") state_ = State::test;
    if (word == "esac" && cases_ > 0) --cases_;
    return state_ != State::command || word == "esac";
  }

  void take_open(const ShellToken& token, ShellTokens& tokens) {
    if (words_.size() == 1 && !words_[0].empty()) {  // NAME ()
      functions_.insert(words_[0]);
      words_.clear();
      return;
    }
    if (after_assignment_ && token.attached) {  // NAME=(a b c)
      after_assignment_ = false;
      return tokens.skip_parentheses();
    }
    end_command();
    is_after_or_ = false;
  }

  void take_pattern(const ShellToken& token) {
    if (token.kind == Kind::close) state_ = State::command;
    if (token.kind == Kind::word && token.text == "esac" && !token.quoted) {
      if (cases_ > 0) --cases_;
      state_ = State::command;
    }
  }

  void begin_patterns() {
    ++cases_;
    state_ = State::pattern;
  }

  void end_command() {
    finish_optional();
    const std::size_t first = commands_.size();
    Words words = std::exchange(words_, {});
    after_assignment_ = false;
    if (words.empty()) return;
    if (!words.front().empty()) add_command(std::move(words), line_);
    last_ = {first, commands_.size()};
  }

  void end_command_before_or() {
    end_command();
    is_after_or_ = true;
  }

  /// `NAME ... || OTHER`: the command after || has just been read.
  void finish_optional() {
    if (!is_after_or_) return;
    is_after_or_ = false;
    if (words_.empty() || core::contains(kFailures, words_[0])) return;
    for (std::size_t i = last_.first; i < last_.second; ++i) commands_[i].optional = true;
  }

  /// command -v NAME, which NAME, [ -x /usr/bin/NAME ]
  void note_question(const Words& words) {
    const bool is_command =
        words[0] == "command" && words.size() > 1 && (words[1] == "-v" || words[1] == "-V");
    const bool is_test = (words[0] == "[" || words[0] == "test") &&
                         std::find(words.begin(), words.end(), "-x") != words.end();
    if (!is_command && !is_test && !core::contains(kQuestions, words[0])) return;
    for (std::size_t i = 1; i < words.size(); ++i)
      asked_.insert(std::string(core::file_name(words[i])));
  }

  std::vector<ShellCommand> finished() {
    const auto is_function = [&](const ShellCommand& command) {
      return functions_.contains(command.words[0]);
    };
    commands_.erase(std::remove_if(commands_.begin(), commands_.end(), is_function),
                    commands_.end());
    for (ShellCommand& command : commands_)
      command.optional = command.optional || asked_.contains(core::file_name(command.words[0]));
    std::stable_sort(
        commands_.begin(), commands_.end(),
        [](const ShellCommand& left, const ShellCommand& right) { return left.line < right.line; });
    return std::move(commands_);
  }

  enum class State { command, pattern, test, case_head, loop_head, function_name };

  std::deque<Piece> waiting_;
  Piece piece_;
  std::vector<ShellCommand> commands_;
  std::set<std::string, std::less<>> functions_;
  std::set<std::string, std::less<>> asked_;  ///< whether they are there

  State state_ = State::command;
  Words words_;  ///< of the command at hand; the first is empty if it is no plain name
  int line_ = 0;
  int cases_ = 0;
  bool after_assignment_ = false;
  Kind previous_ = Kind::newline;  ///< of the token before
  bool is_after_or_ = false;
  std::pair<std::size_t, std::size_t> last_{0, 0};  ///< what the last command added
};

}  // namespace

std::vector<ShellCommand> parse_shell_script(std::string_view text) {
  Reader reader;
  reader.add({std::string(shell_part(text.substr(0, core::limits::kMaxScript))), 1, 0});
  return reader.run();
}

std::vector<ShellCommand> parse_command_words(const std::vector<std::string>& words) {
  Reader reader;
  reader.add_command(words, 1);
  return reader.run();
}

}  // namespace muslcheck::runtimes
