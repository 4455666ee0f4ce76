#pragma once
/// The words of one instruction.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/dockerfile/dockerfile.hpp"

namespace muslcheck::dockerfile {

/// The words between white space; quotes mean nothing. The views live as long as `text`.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);

/// The words between white space that is not quoted, quotes and escapes kept.
[[nodiscard]] std::vector<std::string> split_quoted_words(std::string_view text, char escape);

/// Takes the flags ("--from=build") off the start of `text`, up to the first word that is none, or
/// behind "--".
[[nodiscard]] std::vector<Flag> take_flags(std::string_view& text);

/// What a JSON list is. Anything else that is not a list, or no JSON at all, is the shell form.
enum class ListForm { shell, texts, other_values };

/// Whether `text` is a JSON list of texts, which `words` gets then.
[[nodiscard]] ListForm parse_list(std::string_view text, std::vector<std::string>& words);

/// The heredocs that the words of an instruction begin ("<<EOF", "3<<-'EOF'"), without content.
[[nodiscard]] std::vector<Heredoc> find_heredocs(std::string_view text);

/// The heredoc that this one word begins.
[[nodiscard]] std::optional<Heredoc> parse_heredoc_word(std::string_view word);

}  // namespace muslcheck::dockerfile
