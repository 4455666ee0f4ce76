// As much of the shell's grammar as CMD lines use: "node server.js", "cd /srv && exec ./run",
// "migrate; server 2>&1 | tee log". Anything else ends the reading. (POSIX, Shell Command Language,
// 2.2 quoting, 2.3 token recognition.)

#include "runtimes/shell_command.hpp"

#include <algorithm>
#include <array>

#include "muslcheck/core/search.hpp"

namespace muslcheck::runtimes {
namespace {

constexpr std::string_view kSpaces = " \t\r";

/// Words that end the reading when they begin a command.
constexpr std::array<std::string_view, 10> kKeywords{"if", "for", "while",    "until", "case",
                                                     "!",  "{",   "function", "eval",  "[["};

/// Commands of the shell itself: nothing is started for them.
constexpr std::array<std::string_view, 20> kBuiltins{
    ":",    ".",      "source", "set", "export", "unset", "cd",   "umask", "ulimit", "trap",
    "echo", "printf", "test",   "[",   "true",   "false", "read", "shift", "wait",   "alias"};

struct Token {
  enum class Kind { word, separator, redirection, unknown, end };
  Kind kind = Kind::end;
  std::string text;
  bool literal = true;  ///< a word without $ and globs
};

class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  Token next() {
    skip_spaces();
    if (at_ == text_.size() || text_[at_] == '#') return {};
    const char c = text_[at_];
    if (c == '(' || c == ')' || c == '`') {
      ++at_;
      return {.kind = Token::Kind::unknown, .text = {}};
    }
    if (c == ';' || c == '&' || c == '|' || c == '\n') return separator();
    if (c == '<' || c == '>') return redirection();
    return word();
  }

 private:
  void skip_spaces() {
    while (at_ < text_.size()) {
      const bool continued = text_.substr(at_, 2) == "\\\n";
      if (!continued && kSpaces.find(text_[at_]) == std::string_view::npos) return;
      at_ += continued ? 2 : 1;
    }
  }

  Token separator() {
    while (at_ < text_.size() &&
           std::string_view(";&|\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
    return {.kind = Token::Kind::separator, .text = {}};
  }

  Token redirection() {
    while (at_ < text_.size() &&
           std::string_view("<>&|-").find(text_[at_]) != std::string_view::npos)
      ++at_;
    return {.kind = Token::Kind::redirection, .text = {}};
  }

  Token word() {
    Token token{.kind = Token::Kind::word, .text = {}};
    char quote = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote == 0 && std::string_view(" \t\r\n;&|<>()").find(c) != std::string_view::npos) break;
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == '\\' && quote != '\'' && at_ + 1 < text_.size()) {
        token.text += text_[++at_];
      } else {
        const bool expands = quote == 0
                                 ? std::string_view("$`*?[").find(c) != std::string_view::npos
                                 : quote == '"' && (c == '$' || c == '`');
        token.literal = token.literal && !expands;
        token.text += c;
      }
    }
    return token;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_assignment(const std::string& word) {
  const auto equals = word.find('=');
  return equals != std::string::npos && equals != 0 &&
         std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

bool is_number(const std::string& word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

struct Command {
  std::vector<Token> words;
  bool has_redirection = false;
};

/// Up to the next separator. The file of a redirection and its number are no words.
Token read_command(Tokens& tokens, Command& command) {
  for (bool file = false;;) {
    Token token = tokens.next();
    if (token.kind == Token::Kind::redirection) {
      if (!command.words.empty() && is_number(command.words.back().text)) command.words.pop_back();
      command.has_redirection = file = true;
      continue;
    }
    if (token.kind != Token::Kind::word) return token;
    if (!file) command.words.push_back(std::move(token));
    file = false;
  }
}

/// Takes away what stands before the program: assignments and exec.
void drop_leading(std::vector<Token>& words) {
  auto first = words.begin();
  while (first != words.end() &&
         (is_assignment(first->text) || first->text == "exec" || first->text == "command"))
    ++first;
  words.erase(words.begin(), first);
}

}  // namespace

ShellPrograms parse_shell(std::string_view text) {
  ShellPrograms result;
  Tokens tokens(text);
  std::string directory;
  int commands = 0;
  for (bool more = true; more;) {
    Command command;
    const Token last = read_command(tokens, command);
    more = last.kind == Token::Kind::separator;
    drop_leading(command.words);
    if (command.words.empty()) continue;
    ++commands;
    const std::string& name = command.words.front().text;
    if (last.kind == Token::Kind::unknown || !command.words.front().literal ||
        core::contains(kKeywords, name))
      return result;
    if (name == "cd") {
      if (command.words.size() < 2 || !command.words[1].literal) return result;
      directory = command.words[1].text;
    }
    if (core::contains(kBuiltins, name)) continue;
    ShellPrograms::Program program{.words = {}, .directory = directory};
    for (const Token& word : command.words) program.words.push_back(word.text);
    result.programs.push_back(std::move(program));
  }
  result.simple = commands == 1 && result.programs.size() == 1;
  return result;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  Tokens tokens(text);
  for (Token token = tokens.next(); token.kind != Token::Kind::end; token = tokens.next())
    if (token.kind == Token::Kind::word) words.push_back(std::move(token.text));
  return words;
}

}  // namespace muslcheck::runtimes
