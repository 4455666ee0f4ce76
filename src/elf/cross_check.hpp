#pragma once
/// Whether LIEF read all that is there.

#include "elf/prepass.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::elf {

/// The same counts as the pre-pass takes, from facts.
[[nodiscard]] Counts counts_of(const model::ElfFacts& facts);

/// Fails if the facts do not have what the pre-pass counted. Reasons: "needed-disagree",
/// "symbols-disagree", "symbol-names-disagree", "version-needs-disagree",
/// "version-definitions-disagree", "relocations-disagree", "interpreter-disagrees".
[[nodiscard]] core::Result<void> cross_check(const Prepass& prepass, const model::ElfFacts& facts);

}  // namespace muslcheck::elf
