// Shell text to words. Quotes, "$(...)" and backquotes are part of a word, whatever is in them.
//
// A line that ends in the escape character goes on in the next one. In a Dockerfile comments and
// blank lines in between do not count; in a heredoc, which the shell reads, a line end ends a
// command and a comment goes to the end of its line.

#include <algorithm>
#include <array>

#include "plan/shell_list.hpp"

namespace muslcheck::plan {
namespace {

constexpr std::array<std::string_view, 10> kOperators{"&&", "||", ";;", "|&", ";",
                                                      "|",  "&",  "(",  ")",  "\n"};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

/// Reads words one after the other; the position only grows.
class WordReader {
 public:
  WordReader(std::string_view text, const ShellSyntax& syntax) : text_(text), syntax_(syntax) {}

  std::vector<Word> read(std::string& tail) {
    std::vector<Word> words;
    for (;;) {
      const std::size_t start = at_;
      skip_gap();
      const std::string gap(text_.substr(start, at_ - start));
      if (at_ >= text_.size() || is_comment_to_the_end()) {
        tail = text_.substr(start);
        return words;
      }
      const std::size_t word = at_;
      if (!skip_operator()) skip_word();
      words.push_back({.gap = gap, .text = std::string(text_.substr(word, at_ - word))});
    }
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  /// The end of an escaped line end that begins at `from`; `from` if there is none.
  [[nodiscard]] std::size_t end_of_continuation(std::size_t from) const {
    if (from >= text_.size() || text_[from] != syntax_.escape) return from;
    std::size_t end = from + 1;
    while (end < text_.size() && is_blank(text_[end])) ++end;
    return end < text_.size() && text_[end] == '\n' ? end + 1 : from;
  }

  /// Comments and blank lines behind a continuation, of which the Dockerfile's parser sees nothing.
  void skip_ignored_lines() {
    while (!syntax_.line_ends && at_ < text_.size()) {
      std::size_t first = at_;
      while (first < text_.size() && is_blank(text_[first])) ++first;
      if (first < text_.size() && text_[first] != '#' && text_[first] != '\n') return;
      const std::size_t end = text_.find('\n', first);
      if (end == std::string_view::npos) return;
      at_ = end + 1;
    }
  }

  void skip_gap() {
    for (;;) {
      const std::size_t end = end_of_continuation(at_);
      if (end != at_) {
        at_ = end;
        skip_ignored_lines();
      } else if (at_ < text_.size() &&
                 (is_blank(text_[at_]) || (text_[at_] == '\n' && !syntax_.line_ends))) {
        ++at_;
      } else if (syntax_.line_ends && peek() == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        return;
      }
    }
  }

  /// A comment of the shell in a line of a Dockerfile: nothing behind it is a command.
  [[nodiscard]] bool is_comment_to_the_end() const { return !syntax_.line_ends && peek() == '#'; }

  bool skip_operator() {
    if (text_.substr(at_).starts_with("&>")) return false;
    for (const std::string_view one : kOperators) {
      if (!text_.substr(at_).starts_with(one)) continue;
      at_ += one.size();
      return true;
    }
    return false;
  }

  void skip_quoted(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_)
      if (quote == '"' && text_[at_] == '\\') ++at_;
    at_ = std::min(at_ + 1, text_.size());
  }

  /// "$(...)", with whatever is nested in it, counted and not followed.
  void skip_substitution() {
    std::size_t depth = 0;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\')
        ++at_;
      else if (text_[at_] == '(')
        ++depth;
      else if (text_[at_] == ')' && --depth == 0)
        break;
    }
    at_ = std::min(at_ + 1, text_.size());
  }

  [[nodiscard]] bool ends_word() const {
    const char c = text_[at_];
    if (is_blank(c) || c == '\n') return true;
    const char before = at_ > 0 ? text_[at_ - 1] : '\0';
    if (c == '&') return before != '>' && before != '<' && peek(1) != '>';
    return c == ';' || c == '|' || c == '(' || c == ')';
  }

  /// True if the word ends at a continuation, which it does unless the next line goes on at once.
  bool ends_at_continuation() {
    const std::size_t end = end_of_continuation(at_);
    if (end == at_) return false;
    if (end >= text_.size() || is_blank(text_[end]) || text_[end] == '\n' || text_[end] == '#')
      return true;
    at_ = end - 1;
    return false;
  }

  void skip_word() {
    const std::size_t start = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (at_ > start && ends_word()) return;
      if (end_of_continuation(at_) != at_) {
        if (ends_at_continuation()) return;
        ++at_;
      } else if (c == '\'' || c == '"' || c == '`') {
        skip_quoted(c);
      } else if (c == '$' && peek(1) == '(') {
        ++at_;
        skip_substitution();
      } else {
        at_ = std::min(at_ + (c == '\\' ? 2 : 1), text_.size());
      }
    }
  }

  std::string_view text_;
  ShellSyntax syntax_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Word> read_shell_words(std::string_view text, const ShellSyntax& syntax,
                                   std::string& tail) {
  return WordReader(text, syntax).read(tail);
}

bool is_operator(const Word& word) {
  return std::find(kOperators.begin(), kOperators.end(), word.text) != kOperators.end();
}

}  // namespace muslcheck::plan
