// Options in all the forms that getopt_long(3) takes: "-rms /bin/sh", "-u1000", "--uid=1000",
// "--uid 1000".

#include "plan/account_options.hpp"

#include "muslcheck/core/search.hpp"

namespace muslcheck::plan {
namespace {

/// "--uid=1000", "--uid 1000"; `next` is the word behind it.
bool take_long(std::string_view word, const std::string* next, std::span<const OptionName> known,
               Arguments& out, bool& took_next) {
  word.remove_prefix(word.starts_with("--") ? 2 : 1);
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  const OptionName* option =
      core::find_where(known, [&](const OptionName& one) { return one.word == name; });
  if (option == nullptr) return false;
  std::string value;
  if (option->has_value && equals != std::string_view::npos) value = word.substr(equals + 1);
  if (option->has_value && equals == std::string_view::npos) {
    if (next == nullptr) return false;
    value = *next;
    took_next = true;
  }
  out.options[option->letter] = value;
  return option->has_value || equals == std::string_view::npos;
}

/// "-rms", "-u1000", "-u 1000".
bool take_short(std::string_view word, const std::string* next, std::span<const OptionName> known,
                Arguments& out, bool& took_next) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    const OptionName* option =
        core::find_where(known, [&](const OptionName& one) { return one.letter == word[i]; });
    if (option == nullptr) return false;
    out.options[option->letter] = {};
    if (!option->has_value) continue;
    if (i + 1 < word.size()) {
      out.options[option->letter] = word.substr(i + 1);
    } else if (next != nullptr) {
      out.options[option->letter] = *next;
      took_next = true;
    } else {
      return false;
    }
    return true;
  }
  return true;
}

}  // namespace

Arguments parse_arguments(const ShellCommand& command, std::span<const OptionName> known,
                          bool has_letters) {
  Arguments out;
  const std::vector<Word>& words = command.words;
  for (std::size_t i = program_index(command) + 1; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    const std::string* next = i + 1 < words.size() ? &words[i + 1].text : nullptr;
    bool took_next = false;
    if (!word.starts_with('-')) {
      out.names.push_back(word);
      out.understood = out.understood && word.find_first_of("<>") == std::string::npos;
    } else {
      const bool is_long = word.starts_with("--") || !has_letters;
      const bool known_option = is_long ? take_long(word, next, known, out, took_next)
                                        : take_short(word, next, known, out, took_next);
      out.understood = out.understood && known_option;
    }
    if (took_next) ++i;
  }
  return out;
}

}  // namespace muslcheck::plan
