#pragma once
/// Targets that were measured: from a real system or package index to a profile, and from a
/// profile to a target.

#include <string>
#include <string_view>

#include "muslcheck/core/result.hpp"
#include "muslcheck/rules/rules.hpp"
#include "muslcheck/rules/target_profile.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::target {

/// The target that a profile describes. What it measured counts; of a release that is built in, the
/// packages that apk can add to it are taken from there. Errors: usage ("profile-arch",
/// "profile-release": it has no symbols of its own, and the release is not built in).
[[nodiscard]] core::Result<Target> make_target(const rules::RuleSet& rules,
                                               const rules::TargetProfile& profile);

/// Names that the loader finds in an object, sorted: defined, not hidden, of a type and binding
/// that it takes.
[[nodiscard]] std::vector<rules::ProfileSymbol> exported_symbols(const model::ElfFacts& facts);

/// The version of musl ("1.2.3") whose table of symbols is most like this one; empty if the rules
/// know none for the architecture.
[[nodiscard]] std::string guess_musl_version(const std::vector<rules::ProfileSymbol>& symbols,
                                             const rules::RuleSet& rules, const std::string& arch);

/// The package index of an Alpine release (APKINDEX) as a profile without symbols.
/// `description`: what stands beside it in its archive ("v3.22.1-5-g0123456"); may be empty, then
/// the package alpine-base tells the release. Errors: malformed ("index-without-release",
/// "index-without-arch"), limit_exceeded.
[[nodiscard]] core::Result<rules::TargetProfile> parse_apk_index(std::string_view index,
                                                                 std::string_view description,
                                                                 const rules::RuleSet& rules);

}  // namespace muslcheck::target
