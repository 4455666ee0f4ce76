// LIEF 0.15 and newer: enumerations are nested in their classes, a missing thing is a nullptr, and
// relocation types are tagged with their machine. Written from LIEF's public headers; Debian 12
// has 0.9 only, so the project's own builds do not compile this file's content. Versions between
// 0.9 and 0.15 have neither interface and fail to compile.

#if __has_include(<LIEF/ELF/ParserConfig.hpp>)

#include <LIEF/ELF.hpp>
#include <LIEF/logging.hpp>
#include <new>

#include "elf/lief_adapter.hpp"

namespace muslcheck::elf {
namespace {

namespace lief = LIEF::ELF;
using Tag = lief::DynamicEntry::TAG;

void read_dynamic(const lief::Binary& binary, LiefView& view) {
  if (binary.has_interpreter()) view.interpreter = binary.interpreter();
  for (const lief::DynamicEntry& entry : binary.dynamic_entries()) {
    switch (entry.tag()) {
      case Tag::DT_NULL_: return;
      case Tag::NEEDED:
        view.needed.emplace_back(static_cast<const lief::DynamicEntryLibrary&>(entry).name());
        break;
      case Tag::SONAME:
        view.soname = static_cast<const lief::DynamicSharedObject&>(entry).name();
        break;
      case Tag::RPATH:
        view.rpath = static_cast<const lief::DynamicEntryRpath&>(entry).rpath();
        break;
      case Tag::RUNPATH:
        view.runpath = static_cast<const lief::DynamicEntryRunPath&>(entry).runpath();
        break;
      default: break;
    }
    view.tags.push_back({lief::DynamicEntry::to_value(entry.tag()), entry.value()});
  }
}

void read_symbols(const lief::Binary& binary, LiefView& view) {
  for (const lief::Symbol& symbol : binary.dynamic_symbols()) {
    const lief::SymbolVersion* version = symbol.symbol_version();
    view.symbols.push_back(
        {.name = symbol.name(),
         .binding = static_cast<std::uint8_t>(symbol.binding()),
         .type = static_cast<std::uint8_t>(symbol.type()),
         .section = symbol.shndx(),
         .version_index = version != nullptr ? version->value() : std::uint16_t{1},
         .has_value = symbol.value() != 0});
  }
}

void read_versions(const lief::Binary& binary, LiefView& view) {
  for (const lief::SymbolVersionRequirement& need : binary.symbols_version_requirement())
    for (const lief::SymbolVersionAuxRequirement& version : need.auxiliary_symbols())
      view.needs.push_back({.library = need.name(),
                            .name = version.name(),
                            .index = version.other(),
                            .flags = version.flags()});
  for (const lief::SymbolVersionDefinition& definition : binary.symbols_version_definition()) {
    const auto names = definition.symbols_aux();
    if (names.size() == 0) continue;
    view.definitions.push_back({.library = {},
                                .name = names.begin()->name(),
                                .index = definition.ndx(),
                                .flags = definition.flags()});
  }
}

void read_relocations(const lief::Binary& binary, LiefView& view) {
  for (const lief::Relocation& relocation : binary.relocations())
    view.relocations.push_back({.type = lief::Relocation::to_value(relocation.type()),
                                .symbol = relocation.info(),
                                .table = relocation.address()});
}

lief::ParserConfig config() {
  lief::ParserConfig config;
  config.parse_notes = false;  // the pre-pass has read them, and 0.15 can hang on damaged ones
  config.parse_symtab_symbols = false;
  config.parse_overlay = false;
  config.count_mtd = lief::ParserConfig::DYNSYM_COUNT::SECTION;
  return config;
}

}  // namespace

core::Result<LiefView> parse_with_lief(const std::vector<std::uint8_t>& image) {
  try {
    LIEF::logging::disable();
    const std::shared_ptr<const lief::Binary> binary = lief::Parser::parse(image, config());
    if (binary == nullptr)
      return core::fail(core::ErrorCode::malformed, "lief-rejected", "LIEF does not take the file");
    LiefView view;
    read_dynamic(*binary, view);
    read_symbols(*binary, view);
    read_versions(*binary, view);
    read_relocations(*binary, view);
    view.owner = binary;
    return view;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return core::fail(core::ErrorCode::malformed, "lief-exception", error.what());
  }
}

}  // namespace muslcheck::elf

#endif
