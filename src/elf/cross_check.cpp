// LIEF swallows what goes wrong while it parses and returns what it has so far. A file of which it
// lost half its symbols looks like a file that needs little, so every count is compared.

#include "elf/cross_check.hpp"

namespace muslcheck::elf {
namespace {

tl::unexpected<core::Error> disagree(const char* reason, const char* what, std::uint64_t expected,
                                     std::uint64_t found) {
  return malformed(reason, "the file has " + std::to_string(expected) + " " + what +
                               ", but LIEF read " + std::to_string(found));
}

std::uint64_t total(const std::array<std::uint64_t, 3>& counts) {
  return counts[0] + counts[1] + counts[2];
}

}  // namespace

Counts counts_of(const model::ElfFacts& facts) {
  Counts counts{.symbols = facts.symbols.size(),
                .needed = facts.needed.size(),
                .version_needs = facts.version_needs.size(),
                .version_definitions = facts.version_definitions.size()};
  for (const model::Symbol& symbol : facts.symbols) counts.symbol_name_bytes += symbol.name.size();
  for (const model::RelocationGroup& group : facts.relocations) {
    const std::uint32_t symbol = group.symbol == model::kNoSymbol ? 0 : group.symbol + 1;
    counts.relocations[static_cast<std::size_t>(group.table)] += group.count;
    counts.relocation_checksum += group.count * checksum_of({group.type, symbol});
  }
  return counts;
}

core::Result<void> cross_check(const Prepass& prepass, const model::ElfFacts& facts) {
  const Counts& counted = prepass.dynamic->counts;
  const Counts found = counts_of(facts);
  if (found.needed != counted.needed)
    return disagree("needed-disagree", "needed libraries", counted.needed, found.needed);
  if (found.symbols != counted.symbols)
    return disagree("symbols-disagree", "dynamic symbols", counted.symbols, found.symbols);
  if (found.symbol_name_bytes != counted.symbol_name_bytes)
    return disagree("symbol-names-disagree", "bytes of symbol names", counted.symbol_name_bytes,
                    found.symbol_name_bytes);
  if (found.version_needs != counted.version_needs)
    return disagree("version-needs-disagree", "version needs", counted.version_needs,
                    found.version_needs);
  if (found.version_definitions != counted.version_definitions)
    return disagree("version-definitions-disagree", "version definitions",
                    counted.version_definitions, found.version_definitions);
  if (found.relocations != counted.relocations)
    return disagree("relocations-disagree", "relocations", total(counted.relocations),
                    total(found.relocations));
  if (found.relocation_checksum != counted.relocation_checksum)
    return malformed("relocations-disagree", "LIEF read other relocations than are in the file");
  if (facts.interpreter != prepass.facts.interpreter)
    return malformed("interpreter-disagrees", "LIEF read another interpreter than is in the file");
  return {};
}

}  // namespace muslcheck::elf
