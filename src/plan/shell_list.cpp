// Takes shell text apart into words, commands and elements, and puts it together again. It need not
// understand the shell: what it does not know stays where it is, and whoever rewrites looks at
// commands alone.

#include "plan/shell_list.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "muslcheck/core/text.hpp"

namespace muslcheck::plan {
namespace {

constexpr std::array<std::string_view, 11> kOpening{"if",    "then", "elif", "else", "do",  "while",
                                                    "until", "{",    "!",    "time", "exec"};
constexpr std::array<std::string_view, 4> kClosing{"fi", "done", "esac", "}"};

template <typename List>
bool has(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == 0 || equals == std::string_view::npos) return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

/// Builds the list word by word.
class ListBuilder {
 public:
  void add(Word word) {
    if (is_operator(word)) return add_operator(std::move(word));
    if (!in_command_ && has(kOpening, word.text)) {
      pending_ += word.gap + word.text;
      opens_ = true;
      joined_ = false;
      return;
    }
    if (!in_command_) begin_command(word);
    std::vector<Word>& words = list_.elements.back().commands.back().words;
    if (words.empty()) word.gap.clear();
    words.push_back(std::move(word));
  }

  ShellList finish(std::string tail) {
    list_.tail = pending_ + std::move(tail);
    return std::move(list_);
  }

 private:
  void add_operator(Word word) {
    const bool again = !in_command_ && !list_.elements.empty() && !pending_.empty();
    in_command_ = false;
    pending_ += word.gap + word.text;
    const bool separates = word.text == "&&" || word.text == ";" || word.text == "\n";
    const bool pipes = word.text == "|" || word.text == "||" || word.text == "|&";
    if (word.text == "(") opens_ = true;
    if (word.text == ")") closes_ = true;
    // Line ends in a row separate no more than one of them.
    follows_ = separates && (!again || follows_);
    joined_ = pipes && !again && !list_.elements.empty();
  }

  void begin_command(Word& first) {
    in_command_ = true;
    const std::string before = pending_ + first.gap;
    pending_.clear();
    if (!joined_) {
      ShellElement element{.before = before,
                           .follows = follows_,
                           .opens = opens_,
                           .closes = closes_ || has(kClosing, first.text)};
      list_.elements.push_back(std::move(element));
    }
    list_.elements.back().commands.push_back({.before = joined_ ? before : std::string()});
    follows_ = opens_ = closes_ = joined_ = false;
  }

  ShellList list_;
  std::string pending_;
  bool in_command_ = false;
  bool follows_ = false;
  bool opens_ = false;
  bool closes_ = false;
  bool joined_ = false;
};

/// True if the element can stand where the one before it stood.
bool can_move(const ShellElement& element) {
  return element.follows && !element.opens && !element.closes;
}

void move_to(ShellElement& element, const ShellElement& place) {
  element.before = place.before;
  element.follows = place.follows;
  element.opens = place.opens;
  element.closes = place.closes;
}

}  // namespace

ShellList parse_shell_list(std::vector<Word> words, std::string tail) {
  ListBuilder builder;
  for (Word& word : words) builder.add(std::move(word));
  return builder.finish(std::move(tail));
}

void remove_elements(ShellList& list, const std::vector<bool>& removed) {
  std::vector<ShellElement> kept;
  std::optional<ShellElement> place;  // of those taken out, for the next one
  for (std::size_t i = 0; i < list.elements.size(); ++i) {
    ShellElement& element = list.elements[i];
    if (place) move_to(element, *place);
    place.reset();
    if (!removed[i]) {
      kept.push_back(std::move(element));
      continue;
    }
    const bool has_next = i + 1 < list.elements.size();
    if (has_next && can_move(list.elements[i + 1])) {
      place = std::move(element);
    } else if (element.opens || element.closes || (kept.empty() ? has_next : !element.follows)) {
      element.commands = {ShellCommand{.before = {}, .words = {{.gap = {}, .text = ":"}}}};
      kept.push_back(std::move(element));
    }
  }
  list.elements = std::move(kept);
}

std::string text_of(const ShellCommand& command) {
  std::string text;
  for (const Word& word : command.words) text += word.gap + word.text;
  return text;
}

std::string text_of(const ShellElement& element) {
  std::string text;
  for (const ShellCommand& command : element.commands) text += command.before + text_of(command);
  return text;
}

std::string text_of(const ShellList& list) {
  std::string text;
  for (const ShellElement& element : list.elements) text += element.before + text_of(element);
  return text + list.tail;
}

std::string unquoted(std::string_view word) {
  std::string out;
  char quote = '\0';
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (quote == '\0' && (c == '\'' || c == '"'))
      quote = c;
    else if (c == quote)
      quote = '\0';
    else if (c == '\\' && quote != '\'' && i + 1 < word.size())
      out += word[++i];
    else
      out += c;
  }
  return out;
}

std::size_t program_index(const ShellCommand& command) {
  std::size_t index = 0;
  while (index < command.words.size() &&
         (is_assignment(command.words[index].text) || command.words[index].text == "sudo"))
    ++index;
  return index;
}

std::string program_of(const ShellCommand& command) {
  const std::size_t index = program_index(command);
  if (index >= command.words.size()) return {};
  std::string name = unquoted(command.words[index].text);
  return name.substr(name.rfind('/') + 1);
}

std::string plain_text(const ShellCommand& command) {
  std::string text;
  for (const Word& word : command.words) {
    if (!text.empty()) text += ' ';
    text += unquoted(word.text);
  }
  return text;
}

}  // namespace muslcheck::plan
