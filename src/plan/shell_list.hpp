#pragma once
/// The commands of a RUN line as a list whose members can be changed or taken out while everything
/// else stays as it is written: spaces, continuation lines and comments between words are kept.

#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::plan {

/// A word, or an operator, with what stands before it.
struct Word {
  std::string gap;   ///< spaces, continuation lines, comments
  std::string text;  ///< as written, with its quotes
  bool operator==(const Word&) const = default;
};

/// How text is read that can go on over lines.
struct ShellSyntax {
  char escape = '\\';      ///< before a line end: goes on in the next line
  bool line_ends = false;  ///< a line end ends a command, as in the body of a heredoc
};

/// Words and operators in order. `tail` gets what follows the last one: a line end, a comment.
[[nodiscard]] std::vector<Word> read_shell_words(std::string_view text, const ShellSyntax& syntax,
                                                 std::string& tail);

[[nodiscard]] bool is_operator(const Word& word);

/// A command without pipes and operators.
struct ShellCommand {
  std::string before;       ///< operator and spaces between it and the one before it
  std::vector<Word> words;  ///< the first has no gap
};

/// What stands between "&&", ";" or line ends: one command, or several joined by "|" and "||".
struct ShellElement {
  std::string before;    ///< operators, keywords and spaces
  bool follows = false;  ///< only a "&&", ";" or line end before it, so that it can be taken out
  bool opens = false;    ///< a keyword such as "then" or a parenthesis stands directly before it
  bool closes = false;   ///< "fi", "done", "}", or a parenthesis closes before it
  std::vector<ShellCommand> commands;
};

struct ShellList {
  std::vector<ShellElement> elements;
  std::string tail;
};

[[nodiscard]] ShellList parse_shell_list(std::vector<Word> words, std::string tail);

/// Takes out the elements for which `removed` is true, each with one of its operators; where the
/// syntax needs a command there, ":" takes its place.
void remove_elements(ShellList& list, const std::vector<bool>& removed);

[[nodiscard]] std::string text_of(const ShellCommand& command);
[[nodiscard]] std::string text_of(const ShellElement& element);
[[nodiscard]] std::string text_of(const ShellList& list);

/// The word without quotes and backslashes; variables as written.
[[nodiscard]] std::string unquoted(std::string_view word);

/// Index of the word that names the program: behind NAME=value and sudo. The size if there is none.
[[nodiscard]] std::size_t program_index(const ShellCommand& command);

/// Name of the program without folder; empty if there is none.
[[nodiscard]] std::string program_of(const ShellCommand& command);

/// The words without what is between them, quotes removed, joined by one space.
[[nodiscard]] std::string plain_text(const ShellCommand& command);

}  // namespace muslcheck::plan
