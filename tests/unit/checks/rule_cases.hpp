#pragma once
/// What makes each rule speak, and the nearest thing that must not. A rule without a case fails
/// checks_test.

#include <map>
#include <string>

#include "muslcheck/migrate/migrate.hpp"

namespace muslcheck::testing {

struct RuleCase {
  migrate::Migration catches;
  migrate::Migration quiet;
};

/// By rule id.
using RuleCases = std::map<std::string, RuleCase>;

[[nodiscard]] RuleCases abi_cases();        ///< MC3xx
[[nodiscard]] RuleCases behaviour_cases();  ///< MC4xx

}  // namespace muslcheck::testing
