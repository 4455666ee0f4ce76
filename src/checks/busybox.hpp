#pragma once
/// What of a command's words busybox's applet does not take.

#include <string>
#include <vector>

#include "muslcheck/rules/rules.hpp"

namespace muslcheck::checks {

/// One option, or one operand, that busybox refuses.
struct BusyboxGap {
  const rules::BusyboxOption* rule = nullptr;
  std::string shown;  ///< "grep -P", "date -d '1 day ago'"
  std::string text;   ///< what busybox prints: "grep: unrecognized option: P"
};

/// `words` begins with the command's name.
[[nodiscard]] std::vector<BusyboxGap> find_busybox_gaps(const std::string& name,
                                                        const std::vector<std::string>& words,
                                                        const rules::RuleSet& rules);

}  // namespace muslcheck::checks
