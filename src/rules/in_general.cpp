// Texts of rules have placeholders, which a finding fills in. In the explanation of a rule, in the
// help of SARIF and on the HTML page there is no finding to fill them in with.

#include "muslcheck/rules/in_general.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "muslcheck/core/text.hpp"

namespace muslcheck::rules {

std::string in_general(std::string text, const Check& check) {
  const std::string apk = check.apk.empty() ? "PACKAGE" : core::join(check.apk, " ");
  const std::array<std::pair<std::string_view, std::string_view>, 13> words{{
      {"{path}", "the file"},
      {"{subject}", "the library"},
      {"{symbols}", "the symbols"},
      {"{count}", "some"},
      {"{host}", "its host"},
      {"{target}", "the target"},
      {"{arch}", "the target's architecture"},
      {"{apk}", apk},
      {"{library}", "the one that Alpine has"},
      {"{package}", "the package"},
      {"{musl}", "of the target"},
      {"{place}", "a script"},
      {"{advice}", "see the report"},
  }};
  for (const auto& [placeholder, word] : words)
    for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder))
      text.replace(at, placeholder.size(), word);
  return text;
}

}  // namespace muslcheck::rules
