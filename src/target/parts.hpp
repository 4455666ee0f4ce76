#pragma once
/// What of a target follows from musl's version, whoever measured the rest.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "muslcheck/rules/rules.hpp"
#include "muslcheck/target/target.hpp"
#include "target/architecture.hpp"

namespace muslcheck::target {

/// A target without libc, libraries and relocation types.
[[nodiscard]] Target bare_target(const Architecture& architecture);

/// What get_lfs64 of ldso/dynlink.c maps, without the names a version cannot (a buffer of 16 bytes
/// before 1.2.6) and those whose plain form this libc lacks.
[[nodiscard]] NameMap<std::string> make_lfs64_names(const rules::RuleSet& rules,
                                                    const std::string& musl,
                                                    const NameMap<LibcSymbol>& symbols);

[[nodiscard]] std::unordered_map<std::uint32_t, RelocationClass> make_relocations(
    const std::vector<rules::RelocationRule>& list, const std::string& musl);

}  // namespace muslcheck::target
