// Ignore entries and baselines, applied to findings.

#include "muslcheck/plan/accept.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace muslcheck {
namespace {

using model::Finding;
using model::Suppression;
using plan::Accepted;
using plan::sieve_findings;

Finding sharp_finding() {
  Finding finding;
  finding.rule_id = "MC104";
  finding.name = "library-installable";
  finding.path = "app/node_modules/sharp/sharp.node";
  finding.package = "pkg:npm/sharp@0.33.5";
  finding.fingerprint = std::string(64, 'a');
  return finding;
}

Suppression entry(std::string rule, std::string path = {}, std::string purl = {}) {
  return {.rule = std::move(rule),
          .path = std::move(path),
          .purl = std::move(purl),
          .reason = "known",
          .expires = {}};
}

bool suppresses(const Suppression& suppression) {
  const auto sieved =
      sieve_findings({sharp_finding()}, {.suppressions = {suppression}, .today = "2026-06-15"});
  CHECK(sieved.findings.size() + sieved.suppressed.size() == 1);
  return sieved.findings.empty();
}

}  // namespace

TEST_CASE("an entry sets aside what matches all of its patterns") {
  for (const Suppression& each :
       {entry("MC104"), entry("library-installable"), entry("MC1*"), entry("", "app/**"),
        entry("", "*.node"), entry("", "", "pkg:npm/sharp@*"),
        entry("MC104", "app/*", "pkg:npm/*")})
    CHECK(suppresses(each));
}

TEST_CASE("an entry of which one pattern does not match sets nothing aside") {
  for (const Suppression& each :
       {entry("MC105"), entry("MC10"), entry("", "opt/*"), entry("", "", "pkg:pypi/*"),
        entry("MC104", "app/*", "pkg:npm/left*"), entry("MC105", "app/*"),
        entry("MC104", "app")})
    CHECK_FALSE(suppresses(each));
}

TEST_CASE("an entry applies on its last day and no longer") {
  Suppression suppression = entry("MC104");
  suppression.expires = "2026-06-15";
  CHECK(suppresses(suppression));
  suppression.expires = "2026-06-14";
  CHECK_FALSE(suppresses(suppression));
}

TEST_CASE("an entry that has expired is a problem that names it, its day and its reason") {
  Suppression suppression = entry("MC104", "app/*");
  suppression.expires = "2025-12-31";
  const auto sieved = sieve_findings({}, {.suppressions = {suppression, entry("MC101")},
                                          .file = "ignore.json",
                                          .today = "2026-01-01"});
  REQUIRE(sieved.problems.size() == 1);
  CHECK(sieved.problems[0] ==
        model::Problem{"ignore.json", "ignore", "ignore-expired",
                       "the entry for rule MC104, path app/* expired on 2025-12-31 and no longer "
                       "applies (known)"});
}

TEST_CASE("a finding that is set aside keeps all it says, and why") {
  Suppression second = entry("MC1*");
  second.reason = "another";
  Suppression first = entry("MC104");
  first.expires = "2999-01-01";
  const auto sieved = sieve_findings({sharp_finding()}, {.suppressions = {first, second}});
  REQUIRE(sieved.suppressed.size() == 1);
  CHECK(sieved.suppressed[0] ==
        model::SuppressedFinding{sharp_finding(), "known", "2999-01-01"});
}

TEST_CASE("what the baseline has is marked and stays") {
  Finding other = sharp_finding();
  other.fingerprint = std::string(64, 'b');
  const auto sieved = sieve_findings(
      {sharp_finding(), other}, {.baseline = {std::string(64, '0'), std::string(64, 'a')}});
  REQUIRE(sieved.findings.size() == 2);
  CHECK(sieved.findings[0].baseline);
  CHECK_FALSE(sieved.findings[1].baseline);
}

}  // namespace muslcheck
