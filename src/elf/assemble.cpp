// From what LIEF read to facts. Versions are mapped here and not by LIEF, which names the parent
// version for defined symbols: a versym index means the vernaux with that index, or the first name
// of the verdef with that index (LSB Core, "Symbol Versioning").

#include <elf.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "elf/lief_adapter.hpp"

namespace muslcheck::elf {
namespace {

using model::ElfFacts;

constexpr std::uint16_t kHiddenBit = 0x8000;  // of a versym entry; elf.h has no name for it
constexpr std::uint16_t kIndexMask = 0x7fff;

model::Binding binding_of(std::uint8_t binding) {
  switch (binding) {
    case STB_LOCAL: return model::Binding::local;
    case STB_GLOBAL: return model::Binding::global;
    case STB_WEAK: return model::Binding::weak;
    case STB_GNU_UNIQUE: return model::Binding::gnu_unique;
    default: return model::Binding::other;
  }
}

model::SymbolType type_of(std::uint8_t type) {
  switch (type) {
    case STT_NOTYPE: return model::SymbolType::none;
    case STT_OBJECT: return model::SymbolType::object;
    case STT_FUNC: return model::SymbolType::function;
    case STT_SECTION: return model::SymbolType::section;
    case STT_FILE: return model::SymbolType::file;
    case STT_COMMON: return model::SymbolType::common;
    case STT_TLS: return model::SymbolType::tls;
    case STT_GNU_IFUNC: return model::SymbolType::ifunc;
    default: return model::SymbolType::other;
  }
}

/// Which version an index stands for. The first record of an index wins.
class VersionMap {
 public:
  explicit VersionMap(const LiefView& view) {
    for (const LiefVersion& need : view.needs) add(need);
    for (const LiefVersion& definition : view.definitions) add(definition);
  }

  [[nodiscard]] const LiefVersion* find(std::uint16_t entry) const {
    const std::uint16_t index = entry & kIndexMask;
    return index < versions_.size() ? versions_[index] : nullptr;
  }

 private:
  void add(const LiefVersion& version) {
    const std::uint16_t index = version.index & kIndexMask;
    if (index <= VER_NDX_GLOBAL) return;
    if (index >= versions_.size()) versions_.resize(std::size_t{index} + 1);
    if (versions_[index] == nullptr) versions_[index] = &version;
  }

  std::vector<const LiefVersion*> versions_;
};

void add_symbols(const LiefView& view, ElfFacts& facts) {
  if (view.symbols.empty()) return;
  const VersionMap versions(view);
  facts.symbols.reserve(view.symbols.size() - 1);
  for (std::size_t i = 1; i < view.symbols.size(); ++i) {
    const LiefSymbol& raw = view.symbols[i];
    model::Symbol symbol{.name = raw.name,
                         .version = {},
                         .library = {},
                         .binding = binding_of(raw.binding),
                         .type = type_of(raw.type),
                         .defined = raw.section != SHN_UNDEF,
                         .hidden = (raw.version_index & kHiddenBit) != 0,
                         .has_value = raw.has_value};
    if (const LiefVersion* version = versions.find(raw.version_index)) {
      symbol.version = version->name;
      symbol.library = version->library;
    }
    facts.symbols.push_back(symbol);
  }
}

void add_versions(const LiefView& view, ElfFacts& facts) {
  facts.version_needs.reserve(view.needs.size());
  for (const LiefVersion& need : view.needs)
    facts.version_needs.push_back(
        {.library = need.library, .version = need.name, .weak = (need.flags & VER_FLG_WEAK) != 0});
  for (const LiefVersion& definition : view.definitions)
    if ((definition.flags & VER_FLG_BASE) == 0)
      facts.version_definitions.push_back(definition.name);
}

/// Groups the relocations of one table, in order of first occurrence.
void add_groups(const std::vector<model::RelocationGroup>& relocations, ElfFacts& facts) {
  std::unordered_map<std::uint64_t, std::size_t> known;
  for (const model::RelocationGroup& relocation : relocations) {
    const std::uint64_t key = (std::uint64_t{relocation.type} << 32U) | relocation.symbol;
    const auto [place, is_new] = known.try_emplace(key, facts.relocations.size());
    if (is_new)
      facts.relocations.push_back(relocation);
    else
      ++facts.relocations[place->second].count;
  }
}

core::Result<void> add_relocations(const LiefView& view, ElfFacts& facts) {
  using model::RelocationTable;
  constexpr std::array kOrder{RelocationTable::jmprel, RelocationTable::rel, RelocationTable::rela};
  std::array<std::vector<model::RelocationGroup>, kOrder.size()> by_table;
  for (const LiefRelocation& raw : view.relocations) {
    if (raw.table >= by_table.size() || raw.symbol > facts.symbols.size())
      return core::fail(core::ErrorCode::malformed, "relocation-disagrees",
                        "LIEF read a relocation that is not in the file");
    by_table[static_cast<std::size_t>(raw.table)].push_back(
        {.type = raw.type,
         .symbol = raw.symbol == 0 ? model::kNoSymbol : raw.symbol - 1,
         .count = 1,
         .table = static_cast<RelocationTable>(raw.table)});
  }
  for (const RelocationTable table : kOrder)
    add_groups(by_table[static_cast<std::size_t>(table)], facts);
  return {};
}

void add_tags(const LiefView& view, ElfFacts& facts) {
  for (const LiefTag& entry : view.tags) switch (entry.tag) {
      case DT_FLAGS: facts.dt_flags = entry.value; break;
      case DT_FLAGS_1: facts.dt_flags_1 = entry.value; break;
      case DT_BIND_NOW: facts.bind_now = true; break;
      case DT_TEXTREL: facts.text_relocations = true; break;
      default: break;
    }
  facts.static_tls = (facts.dt_flags & DF_STATIC_TLS) != 0;
  if ((facts.dt_flags & DF_BIND_NOW) != 0 || (facts.dt_flags_1 & DF_1_NOW) != 0)
    facts.bind_now = true;
}

}  // namespace

core::Result<ElfFacts> assemble_facts(const LiefView& view) {
  ElfFacts facts;
  facts.interpreter = view.interpreter;
  facts.soname = view.soname;
  facts.needed = view.needed;
  facts.rpath = view.rpath;
  facts.runpath = view.runpath;
  add_tags(view, facts);
  add_symbols(view, facts);
  add_versions(view, facts);
  if (const auto added = add_relocations(view, facts); !added)
    return tl::make_unexpected(added.error());
  return facts;
}

}  // namespace muslcheck::elf
