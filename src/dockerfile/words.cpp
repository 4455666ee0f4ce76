// Words of instructions. Three kinds of splitting exist side by side in Dockerfiles: at white space
// (FROM, COPY), at white space outside quotes (ENV, ARG, LABEL), and JSON lists (the exec form).
// Heredocs are looked for as a shell would split the line (BuildKit's parser, heredocsFromLine).

#include "dockerfile/words.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "dockerfile/lines.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::dockerfile {
namespace {

/// Walks over a text with the quotes of a shell: which characters separate words, and which are
/// quotes or escapes themselves.
class QuoteState {
 public:
  explicit QuoteState(char escape) : escape_(escape) {}

  /// True if the character at `at` belongs to the same word as the one before.
  bool in_word(char c) {
    if (escaped_) {
      escaped_ = false;
      return true;
    }
    if (c == escape_ && quote_ != '\'') {
      escaped_ = true;
    } else if (quote_ != 0) {
      if (c == quote_) quote_ = 0;
    } else if (c == '"' || c == '\'') {
      quote_ = c;
    } else {
      return !is_space(c);
    }
    return true;
  }

  [[nodiscard]] bool is_open() const { return quote_ != 0; }

 private:
  char escape_;
  char quote_ = 0;
  bool escaped_ = false;
};

struct QuotedWords {
  std::vector<std::string> words;
  bool open_quote = false;
};

QuotedWords split_with_quotes(std::string_view text, char escape) {
  QuotedWords result;
  QuoteState state(escape);
  std::string word;
  for (const char c : text) {
    if (state.in_word(c)) {
      word += c;
    } else if (!word.empty()) {
      result.words.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) result.words.push_back(std::move(word));
  result.open_quote = state.is_open();
  return result;
}

/// The word without its quotes and escapes, and whether it had quotes.
std::pair<std::string, bool> unquoted(std::string_view word) {
  std::string text;
  bool had_quotes = false;
  char quote = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    const bool is_quote = quote == 0 ? c == '"' || c == '\'' : c == quote;
    if (is_quote) {
      quote = quote == 0 ? c : '\0';
      had_quotes = true;
    } else if (c == '\\' && quote != '\'' && i + 1 < word.size()) {
      text += word[++i];
    } else {
      text += c;
    }
  }
  return {text, had_quotes};
}

Flag parse_flag(std::string_view word) {
  word.remove_prefix(2);
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) return {.name = std::string(word), .value = {}};
  return {.name = std::string(word.substr(0, equals)),
          .value = unquoted(word.substr(equals + 1)).first};
}

}  // namespace

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !is_space(text[i])) continue;
    if (i > start) words.push_back(text.substr(start, i - start));
    start = i + 1;
  }
  return words;
}

std::vector<std::string> split_quoted_words(std::string_view text, char escape) {
  return split_with_quotes(text, escape).words;
}

std::vector<Flag> take_flags(std::string_view& text) {
  std::vector<Flag> flags;
  while (true) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    if (!text.starts_with("--")) return flags;
    // A backslash always, whatever the escape character is: so does BuildKit.
    QuoteState state('\\');
    std::size_t size = 0;
    while (size < text.size() && state.in_word(text[size])) ++size;
    const std::string_view word = text.substr(0, size);
    text.remove_prefix(size);
    if (word == "--") return flags;
    flags.push_back(parse_flag(word));
  }
}

ListForm parse_list(std::string_view text, std::vector<std::string>& words) {
  using nlohmann::json;
  text = core::trim(text);
  if (!text.starts_with('[')) return ListForm::shell;
  // What lies in lists of the list is not kept: hostile nesting costs nothing.
  bool is_nested = false;
  const auto keep = [&](int depth, json::parse_event_t event, json&) {
    const bool opens =
        event == json::parse_event_t::array_start || event == json::parse_event_t::object_start;
    is_nested = is_nested || (opens && depth > 0);
    return depth <= 1;
  };
  const json list = json::parse(text, keep, false);
  if (!list.is_array()) return ListForm::shell;
  if (is_nested) return ListForm::other_values;
  for (const json& item : list) {
    if (!item.is_string()) return ListForm::other_values;
    words.push_back(item.get<std::string>());
  }
  return ListForm::texts;
}

std::optional<Heredoc> parse_heredoc_word(std::string_view word) {
  while (!word.empty() && word.front() >= '0' && word.front() <= '9') word.remove_prefix(1);
  if (!word.starts_with("<<")) return std::nullopt;
  word.remove_prefix(2);
  Heredoc heredoc;
  if (word.starts_with('-')) {
    heredoc.strips_tabs = true;
    word.remove_prefix(1);
  }
  if (word.empty() || word.find('<') != std::string_view::npos) return std::nullopt;
  const auto [name, quoted] = unquoted(word);
  if (name.empty()) return std::nullopt;
  heredoc.name = name;
  heredoc.expands = !quoted;
  return heredoc;
}

std::vector<Heredoc> find_heredocs(std::string_view text) {
  std::vector<Heredoc> heredocs;
  const QuotedWords split = split_with_quotes(text, '\\');
  if (split.open_quote) return heredocs;
  for (const std::string& word : split.words)
    if (auto heredoc = parse_heredoc_word(word)) heredocs.push_back(std::move(*heredoc));
  return heredocs;
}

}  // namespace muslcheck::dockerfile
