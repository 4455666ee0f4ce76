#pragma once
/// The rules that are built into the program, parsed once per test program.

#include "muslcheck/rules/rules.hpp"

namespace muslcheck::test {

/// Throws, which fails the test, if they are not valid; unit.rules says what is wrong with them.
inline const rules::RuleSet& embedded_rules() {
  static const rules::RuleSet rules = rules::load_embedded_rules().value();
  return rules;
}

}  // namespace muslcheck::test
