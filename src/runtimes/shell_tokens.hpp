#pragma once
/// The words and operators of a shell script. (POSIX, Shell Command Language, 2.3; bash's additions
/// where they would otherwise be misread.)

#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::runtimes {

struct ShellToken {
  enum class Kind {
    word,
    newline,  ///< or ; or &
    and_or,   ///< && and ||
    pipe,
    open,         ///< (
    close,        ///< )
    end_of_case,  ///< ;; and its like
    end,
  };
  Kind kind = Kind::end;
  std::string text;       ///< of a word: without quotes; of others: as it is
  bool quoted = false;    ///< a part of the word was: it is no keyword
  bool literal = true;    ///< a word without variables, substitutions and globs
  bool attached = false;  ///< nothing stands between it and the token before
  int line = 0;
};

/// A piece of script within the script: that of $(...), with the line it begins in.
struct InnerScript {
  std::string_view text;
  int line = 0;
};

/// Redirections with their files, comments and here-documents are no tokens.
class ShellTokens {
 public:
  ShellTokens(std::string_view text, int line) : text_(text), line_(line) {}

  [[nodiscard]] ShellToken next();
  /// Passes over everything up to the parenthesis that closes an open one.
  void skip_parentheses();
  /// Scripts within what has been read so far.
  [[nodiscard]] const std::vector<InnerScript>& inner() const { return inner_; }

 private:
  /// `<<-'EOF'`: where the text ends.
  struct Heredoc {
    std::string end;
    bool strips_tabs = false;
  };

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void advance(std::size_t count = 1);
  void skip_blanks();
  void skip_heredocs();
  [[nodiscard]] bool is_redirection() const;
  void skip_redirection();
  [[nodiscard]] ShellToken operator_token();
  [[nodiscard]] ShellToken word();
  /// At the dollar sign or backquote of a substitution.
  void substitution(ShellToken& token);
  void backquotes();
  /// At the opening parenthesis; notes what is inside if it is a script.
  void parentheses(bool is_script);

  std::string_view text_;
  std::size_t at_ = 0;
  int line_;
  std::vector<Heredoc> heredocs_;  ///< that begin with the next line
  std::vector<InnerScript> inner_;
};

}  // namespace muslcheck::runtimes
