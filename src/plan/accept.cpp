// Findings that the user accepts leave the list before anything is decided by it: the verdict and
// the plan are about the rest. An entry that has expired is as good as none, and that is said,
// or a build would fail for no visible reason.

#include "muslcheck/plan/accept.hpp"

#include <algorithm>
#include <utility>

#include "muslcheck/core/text.hpp"

namespace muslcheck::plan {
namespace {

using model::Finding;
using model::Suppression;

bool matches(const std::string& pattern, const std::string& text) {
  return pattern.empty() || core::matches_glob(pattern, text);
}

bool matches(const Suppression& suppression, const Finding& finding) {
  const bool of_rule =
      matches(suppression.rule, finding.rule_id) || matches(suppression.rule, finding.name);
  return of_rule && matches(suppression.path, finding.path) &&
         matches(suppression.purl, finding.package);
}

/// "rule MC104, path app/**".
std::string describe_patterns(const Suppression& suppression) {
  std::vector<std::string> parts;
  if (!suppression.rule.empty()) parts.push_back("rule " + suppression.rule);
  if (!suppression.path.empty()) parts.push_back("path " + suppression.path);
  if (!suppression.purl.empty()) parts.push_back("purl " + suppression.purl);
  return core::join(parts, ", ");
}

model::Problem expired(const Suppression& suppression, const std::string& file) {
  return {.path = file,
          .stage = "ignore",
          .code = "ignore-expired",
          .message = "the entry for " + describe_patterns(suppression) + " expired on " +
                     suppression.expires + " and no longer applies (" + suppression.reason + ")"};
}

}  // namespace

// Dates of this form sort as texts.
bool is_expired(const Suppression& suppression, const std::string& today) {
  return !suppression.expires.empty() && suppression.expires < today;
}

SievedFindings sieve_findings(std::vector<Finding> findings, const Accepted& accepted) {
  SievedFindings sieved;
  std::vector<const Suppression*> valid;
  for (const Suppression& suppression : accepted.suppressions) {
    if (is_expired(suppression, accepted.today)) {
      sieved.problems.push_back(expired(suppression, accepted.file));
    } else {
      valid.push_back(&suppression);
    }
  }
  const std::vector<std::string>& baseline = accepted.baseline;
  for (Finding& finding : findings) {
    finding.baseline = std::binary_search(baseline.begin(), baseline.end(), finding.fingerprint);
    const auto by = std::find_if(valid.begin(), valid.end(), [&](const Suppression* entry) {
      return matches(*entry, finding);
    });
    if (by == valid.end()) {
      sieved.findings.push_back(std::move(finding));
    } else {
      sieved.suppressed.push_back(
          {.finding = std::move(finding), .reason = (*by)->reason, .expires = (*by)->expires});
    }
  }
  return sieved;
}

}  // namespace muslcheck::plan
