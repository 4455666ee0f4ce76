// From a script's bytes to words and operators. One pass from left to right; what is nested
// (a substitution within quotes within a substitution) is passed over by counting and noted for
// later, so that nothing here calls itself. Each character of a level is looked at once.

#include "runtimes/shell_tokens.hpp"

#include <algorithm>

namespace muslcheck::runtimes {
namespace {

using Kind = ShellToken::Kind;

constexpr std::string_view kEndOfWord = " \t\r\n;&|<>()";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_one_of(char c, std::string_view characters) {
  return c != '\0' && characters.find(c) != std::string_view::npos;
}

}  // namespace

void ShellTokens::advance(std::size_t count) {
  const std::size_t end = std::min(text_.size(), at_ + count);
  for (; at_ < end; ++at_)
    if (text_[at_] == '\n') ++line_;
}

void ShellTokens::skip_blanks() {
  while (!at_end()) {
    if (is_one_of(peek(), " \t\r")) {
      advance();
    } else if (peek() == '\\' && peek(1) == '\n') {
      advance(2);
    } else if (peek() == '\\' && peek(1) == '\r' && peek(2) == '\n') {
      advance(3);
    } else if (peek() == '#') {
      while (!at_end() && peek() != '\n') advance();
    } else {
      return;
    }
  }
}

/// Called at the beginning of a line.
void ShellTokens::skip_heredocs() {
  for (const Heredoc& heredoc : heredocs_) {
    while (!at_end()) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = text_.substr(at_, end - at_);
      if (line.ends_with('\r')) line.remove_suffix(1);
      while (heredoc.strips_tabs && line.starts_with('\t')) line.remove_prefix(1);
      advance(end - at_ + 1);
      if (line == heredoc.end) break;
    }
  }
  heredocs_.clear();
}

/// <, >, 2>, &>; but not <( and >(, which are words.
bool ShellTokens::is_redirection() const {
  std::size_t ahead = 0;
  while (is_digit(peek(ahead))) ++ahead;
  if (ahead == 0 && peek() == '&' && peek(1) == '>') return true;
  return is_one_of(peek(ahead), "<>") && (ahead > 0 || peek(1) != '(');
}

void ShellTokens::skip_redirection() {
  while (is_digit(peek())) advance();
  if (peek() == '&') advance();
  const bool heredoc = peek() == '<' && peek(1) == '<' && peek(2) != '<';
  while (is_one_of(peek(), "<>|&")) advance();
  const bool strips_tabs = heredoc && peek() == '-';
  if (peek() == '-') advance();  // 2>&-, <<-
  skip_blanks();
  if (at_end() || is_one_of(peek(), "\n;&|()")) return;
  ShellToken file = word();
  if (heredoc) heredocs_.push_back({std::move(file.text), strips_tabs});
}

ShellToken ShellTokens::operator_token() {
  ShellToken token{.text = std::string(1, peek()), .line = line_};
  const char c = peek();
  const bool twice = peek(1) == c;
  advance();
  switch (c) {
    case '(': token.kind = Kind::open; return token;
    case ')': token.kind = Kind::close; return token;
    case '|':
    case '&':
      token.kind = twice ? Kind::and_or : c == '|' ? Kind::pipe : Kind::newline;
      if (twice || (c == '|' && peek() == '&')) {
        token.text += peek();
        advance();
      }
      return token;
    case ';':
      token.kind = Kind::newline;
      if (is_one_of(peek(), ";&")) token.kind = Kind::end_of_case;
      while (is_one_of(peek(), ";&")) advance();
      return token;
    default:  // a line ends
      token.kind = Kind::newline;
      skip_heredocs();
      return token;
  }
}

ShellToken ShellTokens::next() {
  const std::size_t before = at_;
  skip_blanks();
  while (!at_end() && is_redirection()) {
    skip_redirection();
    skip_blanks();
  }
  if (at_end()) return {.kind = Kind::end, .text = {}, .line = line_};
  const bool attached = at_ == before;
  const bool process = is_one_of(peek(), "<>") && peek(1) == '(';
  ShellToken token = is_one_of(peek(), "\n;&|()") ? operator_token() : word();
  if (process) token.literal = false;
  token.attached = attached;
  return token;
}

/// From the parenthesis at hand to the one that closes it.
void ShellTokens::parentheses(bool is_script) {
  const std::size_t begin = at_ + 1;
  const int line = line_;
  advance();
  skip_parentheses();
  const std::size_t end = at_ > begin && text_[at_ - 1] == ')' ? at_ - 1 : at_;
  if (is_script && end > begin) inner_.push_back({text_.substr(begin, end - begin), line});
}

void ShellTokens::skip_parentheses() {
  int depth = 1;
  char quote = '\0';
  for (; !at_end() && depth > 0; advance()) {
    const char c = peek();
    if (c == '\\' && quote != '\'') {
      advance();
    } else if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '#' && is_one_of(text_[at_ - 1], " \t\n")) {
      // An apostrophe in a comment is no quote.
      while (peek(1) != '\n' && at_ + 1 < text_.size()) advance();
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    }
  }
}

void ShellTokens::backquotes() {
  advance();
  const std::size_t begin = at_;
  const int line = line_;
  for (; !at_end() && peek() != '`'; advance())
    if (peek() == '\\') advance();
  if (at_ > begin) inner_.push_back({text_.substr(begin, at_ - begin), line});
  advance();
}

void ShellTokens::substitution(ShellToken& token) {
  token.literal = false;
  const std::size_t begin = at_;
  if (peek() == '`') {
    backquotes();
  } else {
    advance();
    if (peek() == '(') {
      const bool arithmetic = peek(1) == '(';
      parentheses(!arithmetic);
    }
  }
  token.text += text_.substr(begin, at_ - begin);
}

ShellToken ShellTokens::word() {
  ShellToken token{.kind = Kind::word, .text = {}, .line = line_};
  char quote = '\0';
  int braces = 0;  // of ${...}
  while (!at_end()) {
    const char c = peek();
    if (quote == '\0' && braces == 0 && is_one_of(c, kEndOfWord)) {
      const bool process = is_one_of(c, "<>") && peek(1) == '(' && token.text.empty();
      if (!process) break;
      advance();
      parentheses(true);
      token.literal = false;
      continue;
    }
    if (quote == '\'') {
      if (c == '\'')
        quote = '\0';
      else
        token.text += c;
      advance();
    } else if (c == '\\') {
      advance();
      if (peek() != '\n' && !at_end()) token.text += peek();
      token.quoted = true;
      advance();
    } else if (c == '"' || (c == '\'' && quote == '\0')) {
      quote = quote == '\0' ? c : '\0';
      token.quoted = true;
      advance();
    } else if (c == '$' || c == '`') {
      if (peek(1) == '{' && c == '$') ++braces;
      substitution(token);
    } else {
      if (c == '}' && braces > 0) --braces;
      token.literal = token.literal && (quote != '\0' || !is_one_of(c, "*?["));
      token.text += c;
      advance();
    }
  }
  return token;
}

}  // namespace muslcheck::runtimes
