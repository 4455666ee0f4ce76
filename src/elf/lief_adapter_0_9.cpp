// LIEF 0.9 (Debian 12). Its enumerations are global to LIEF::ELF, missing things throw, and it
// does not stop at DT_NULL. elf.h must not be included here: LIEF undefines its macros.

#if !__has_include(<LIEF/ELF/ParserConfig.hpp>)

#include <LIEF/ELF.hpp>
#include <LIEF/exception.hpp>
#include <LIEF/logging.hpp>
#include <new>

#include "elf/lief_adapter.hpp"

namespace muslcheck::elf {
namespace {

namespace lief = LIEF::ELF;

void read_dynamic(const lief::Binary& binary, LiefView& view) {
  if (binary.has_interpreter()) view.interpreter = binary.interpreter();
  for (const lief::DynamicEntry& entry : binary.dynamic_entries()) {
    if (entry.tag() == lief::DYNAMIC_TAGS::DT_NULL) return;
    if (const auto* library = dynamic_cast<const lief::DynamicEntryLibrary*>(&entry))
      view.needed.emplace_back(library->name());
    else if (const auto* object = dynamic_cast<const lief::DynamicSharedObject*>(&entry))
      view.soname = object->name();
    else if (const auto* rpath = dynamic_cast<const lief::DynamicEntryRpath*>(&entry))
      view.rpath = rpath->rpath();
    else if (const auto* runpath = dynamic_cast<const lief::DynamicEntryRunPath*>(&entry))
      view.runpath = runpath->runpath();
    view.tags.push_back({static_cast<std::uint64_t>(entry.tag()), entry.value()});
  }
}

void read_symbols(const lief::Binary& binary, LiefView& view) {
  const auto symbols = binary.dynamic_symbols();
  view.symbols.reserve(symbols.size());
  for (const lief::Symbol& symbol : symbols)
    view.symbols.push_back(
        {.name = symbol.name(),
         .binding = static_cast<std::uint8_t>(symbol.binding()),
         .type = static_cast<std::uint8_t>(symbol.type()),
         .section = symbol.shndx(),
         .version_index = symbol.has_version() ? symbol.symbol_version().value() : std::uint16_t{1},
         .has_value = symbol.value() != 0});
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
  const auto relocations = binary.relocations();
  view.relocations.reserve(relocations.size());
  for (const lief::Relocation& relocation : relocations)
    view.relocations.push_back(
        {.type = relocation.type(), .symbol = relocation.info(), .table = relocation.address()});
}

}  // namespace

core::Result<LiefView> parse_with_lief(const std::vector<std::uint8_t>& image) {
  try {
    LIEF::Logger::disable();
    const std::shared_ptr<const lief::Binary> binary =
        lief::Parser::parse(image, "", lief::DYNSYM_COUNT_METHODS::COUNT_SECTION);
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
