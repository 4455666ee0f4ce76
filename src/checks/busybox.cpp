// Options as getopt takes them apart: "-oP" is -o and -P, "-k2" is -k with an argument, and what
// follows "-k" alone is its argument, whatever it looks like. Which letters take an argument is
// known for the commands of which people write such things; an unknown one is taken for a flag, and
// a word that could not be only flags is passed over rather than read wrongly.

#include "checks/busybox.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::checks {
namespace {

using rules::BusyboxOption;
using Words = std::vector<std::string>;

/// Letters of options with an argument (GNU's manual pages).
constexpr std::array<std::pair<std::string_view, std::string_view>, 28> kWithArgument{{
    {"awk", "vFf"},     {"base64", "w"},      {"cp", "tS"},           {"cut", "bcdf"},
    {"date", "dfrs"},   {"df", "Btx"},        {"diff", "CIUWx"},      {"du", "BdtX"},
    {"env", "CSu"},     {"fold", "w"},        {"grep", "ABCDdefm"},   {"head", "cn"},
    {"ln", "tS"},       {"ls", "ITw"},        {"mktemp", "p"},        {"mv", "tS"},
    {"nc", "IiopqswX"}, {"ping", "ciIsWw"},   {"ps", "CGOopqstUu"},   {"sed", "ef"},
    {"seq", "fs"},      {"sort", "koStT"},    {"stat", "c"},          {"su", "cgs"},
    {"tail", "cns"},    {"tar", "bCfgIKTVX"}, {"wget", "aeiOoPQtTU"}, {"xargs", "adEInPs"},
}};

bool takes_argument(std::string_view command, char letter) {
  const auto* known =
      core::find_where(kWithArgument, [&](const auto& entry) { return entry.first == command; });
  return known != nullptr && known->second.find(letter) != std::string_view::npos;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// An option as it is given, or an operand (with an empty name).
struct Given {
  std::string option;
  std::string value;
  bool has_value = false;
};

class Arguments {
 public:
  Arguments(const std::string& command, const Words& words) : command_(command), words_(words) {
    // find takes whole words: -printf.
    const bool whole = command == "find";
    for (at_ = 1; at_ < words.size(); ++at_) {
      const std::string& word = words[at_];
      if (only_operands_ || word.size() < 2 || word[0] != '-') {
        given_.push_back({.option = {}, .value = word, .has_value = true});
      } else if (word == "--") {
        only_operands_ = true;
      } else if (word[1] == '-') {
        add_long(word);
      } else if (whole) {
        given_.push_back({.option = word, .value = {}});
      } else {
        add_letters(word);
      }
    }
  }
  [[nodiscard]] const std::vector<Given>& all() const { return given_; }

 private:
  void add_long(const std::string& word) {
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos)
      given_.push_back({word.substr(0, equals), word.substr(equals + 1), true});
    else
      given_.push_back({word, at_ + 1 < words_.size() ? words_[at_ + 1] : std::string(), false});
  }

  void add_letters(const std::string& word) {
    for (std::size_t i = 1; i < word.size() && is_letter(word[i]); ++i) {
      const std::string option{'-', word[i]};
      if (!takes_argument(command_, word[i])) {
        given_.push_back({.option = option, .value = {}});
        continue;
      }
      const bool here = i + 1 < word.size();
      if (!here) ++at_;
      given_.push_back({option,
                        here                  ? word.substr(i + 1)
                        : at_ < words_.size() ? words_[at_]
                                              : std::string(),
                        here});
      return;
    }
  }

  const std::string& command_;
  const Words& words_;
  std::size_t at_ = 1;
  bool only_operands_ = false;
  std::vector<Given> given_;
};

bool applies(const BusyboxOption& rule, const Given& given) {
  if (rule.options.empty() != given.option.empty()) return false;
  if (!rule.options.empty() && !core::contains(rule.options, given.option)) return false;
  return rule.values.empty() || core::matches_any(rule.values, given.value);
}

/// What getopt of musl says: the option without its dashes, with the value that is glued to it.
std::string refusal(const std::string& command, const Given& given) {
  std::string option = given.option.substr(given.option.find_first_not_of('-'));
  if (given.option.starts_with("--") && given.has_value) option += "=" + given.value;
  return command + ": unrecognized option: " + option;
}

std::string expand_text(std::string text, const Given& given) {
  for (const auto& [name, value] :
       {std::pair<std::string_view, const std::string&>{"{option}", given.option},
        {"{value}", given.value}})
    if (const std::size_t at = text.find(name); at != std::string::npos)
      text.replace(at, name.size(), value);
  return text;
}

std::string shown(const std::string& command, const BusyboxOption& rule, const Given& given) {
  std::string text = command;
  if (!given.option.empty()) text += " " + given.option;
  const bool has_space = given.value.find(' ') != std::string::npos;
  if (!rule.values.empty()) text += has_space ? " '" + given.value + "'" : " " + given.value;
  return text;
}

}  // namespace

std::vector<BusyboxGap> find_busybox_gaps(const std::string& name, const Words& words,
                                          const rules::RuleSet& rules) {
  std::vector<BusyboxGap> gaps;
  const auto first = std::lower_bound(
      rules.busybox_options.begin(), rules.busybox_options.end(), name,
      [](const BusyboxOption& rule, const std::string& wanted) { return rule.command < wanted; });
  if (first == rules.busybox_options.end() || first->command != name) return gaps;
  const Arguments arguments(name, words);
  for (auto rule = first; rule != rules.busybox_options.end() && rule->command == name; ++rule)
    for (const Given& given : arguments.all())
      if (applies(*rule, given))
        gaps.push_back(
            {.rule = &*rule,
             .shown = shown(name, *rule, given),
             .text = rule->text.empty() ? refusal(name, given) : expand_text(rule->text, given)});
  return gaps;
}

}  // namespace muslcheck::checks
