#pragma once
/// What the user already knows about: findings that an ignore file sets aside, and those that an
/// older report has too.

#include <string>
#include <vector>

#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/problem.hpp"

namespace muslcheck::plan {

/// What rules::parse_ignore_file() and report::fingerprints_of() give.
struct Accepted {
  std::vector<model::Suppression> suppressions = {};  ///< entries of an ignore file
  std::string file = {};                              ///< where they are from, for problems
  std::string today = {};  ///< "2026-01-31": entries that ended before it do not apply
  std::vector<std::string> baseline = {};  ///< fingerprints of an older report's findings; sorted
  bool operator==(const Accepted&) const = default;
};

/// Findings, without those that are accepted.
struct SievedFindings {
  std::vector<model::Finding> findings;  ///< the rest, in their order; Finding::baseline is set
  std::vector<model::SuppressedFinding> suppressed;
  std::vector<model::Problem> problems;  ///< stage "ignore": entries that no longer apply
};

/// Sets aside what matches an entry; of several the first counts.
[[nodiscard]] SievedFindings sieve_findings(std::vector<model::Finding> findings,
                                            const Accepted& accepted);

/// True if the last day on which the entry applies is over.
[[nodiscard]] bool is_expired(const model::Suppression& suppression, const std::string& today);

}  // namespace muslcheck::plan
