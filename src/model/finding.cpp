// Fingerprints: what makes two findings of two scans the same ticket. And what a remedy installs.

#include "muslcheck/model/finding.hpp"

#include <string_view>

#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::model {

std::string make_fingerprint(const std::string& rule_id, const std::string& ecosystem,
                             const std::string& package_name, const std::string& path_in_package,
                             const std::string& subject) {
  // A NUL between the parts keeps ("a", "bc") apart from ("ab", "c").
  std::string text;
  for (const std::string* part :
       {&rule_id, &ecosystem, &package_name, &path_in_package, &subject}) {
    text += *part;
    text += '\0';
  }
  return core::sha256_hex(core::as_bytes(text));
}

std::vector<std::string> packages_to_add(const Finding& finding) {
  if (finding.remedy.kind != "apk") return {};
  constexpr std::string_view kAdd = "apk add ";
  std::string_view words = finding.subject;
  if (const std::string_view command = finding.remedy.command; command.starts_with(kAdd)) {
    words = command.substr(kAdd.size());
    words = words.substr(0, words.find(" &&"));
  }
  std::vector<std::string> packages;
  for (const std::string_view word : core::split(words, ' '))
    if (!word.empty() && word[0] != '-') packages.emplace_back(word);
  return packages;
}

}  // namespace muslcheck::model
