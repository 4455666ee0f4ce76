// Fingerprints: what makes two findings of two scans the same ticket.

#include "muslcheck/model/finding.hpp"

#include "muslcheck/core/digest.hpp"

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

}  // namespace muslcheck::model
