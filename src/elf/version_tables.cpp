// Symbol versions (Linux Standard Base Core, "Symbol Versioning"). Both chains are linked by
// offsets that only lead forward, and end at a next of 0 or after DT_VERNEEDNUM/DT_VERDEFNUM
// records. Records may overlap: 4,000 needs can share the same 60,000 aux records, which is why
// what is walked is counted, not what is stored. The records are the same in both classes.

#include "elf/version_tables.hpp"

#include <algorithm>

#include "muslcheck/core/limits.hpp"

namespace muslcheck::elf {
namespace {

using core::limits::kMaxVersionAux;

/// What differs between needs and definitions.
struct ChainKind {
  std::int64_t address_tag;
  std::int64_t count_tag;
  std::uint32_t most_records;
  const char* out_of_bounds;
  const char* bad_aux;
  const char* too_many;
};

constexpr ChainKind kNeeds{.address_tag = DT_VERNEED,
                           .count_tag = DT_VERNEEDNUM,
                           .most_records = core::limits::kMaxVersionNeeds,
                           .out_of_bounds = "verneed-out-of-bounds",
                           .bad_aux = "verneed-aux",
                           .too_many = "too-many-version-needs"};
constexpr ChainKind kDefinitions{.address_tag = DT_VERDEF,
                                 .count_tag = DT_VERDEFNUM,
                                 .most_records = core::limits::kMaxVersionDefinitions,
                                 .out_of_bounds = "verdef-out-of-bounds",
                                 .bad_aux = "verdef-aux",
                                 .too_many = "too-many-version-definitions"};

/// One record of either kind, in native order.
struct Record {
  std::uint32_t aux_count = 0;
  std::uint32_t first_aux = 0;
  std::uint32_t next = 0;
  std::uint32_t file_name = 0;  ///< needs only
  bool is_base = false;         ///< definitions only
};

struct Aux {
  std::uint32_t name = 0;
  std::uint32_t next = 0;
};

class ChainReader {
 public:
  ChainReader(core::ByteView table, core::ByteOrder order, const ChainKind& kind, NameBudget& names)
      : table_(table), order_(order), kind_(kind), names_(names) {}

  core::Result<VersionChain> read(std::uint64_t most_records) {
    std::uint64_t at = 0;
    for (std::uint64_t i = 0; i < most_records; ++i) {
      if (i >= kind_.most_records)
        return beyond_limit(
            kind_.too_many,
            "the file has more than " + std::to_string(kind_.most_records) + " version records");
      const auto record = read_record(at);
      if (!record) return malformed(kind_.out_of_bounds, "a version record is outside its segment");
      if (const auto done = take(*record, at); !done) return tl::make_unexpected(done.error());
      if (record->next == 0) break;
      at += record->next;
    }
    return chain_;
  }

 private:
  [[nodiscard]] bool is_needs() const { return kind_.address_tag == DT_VERNEED; }

  void extend(std::uint64_t end) { chain_.range.size = std::max(chain_.range.size, end); }

  std::optional<Record> read_record(std::uint64_t at) {
    if (is_needs()) {
      const auto raw = read_raw<Elf64_Verneed>(table_, at);
      if (!raw) return std::nullopt;
      extend(at + sizeof(*raw));
      return Record{.aux_count = in_order(raw->vn_cnt, order_),
                    .first_aux = in_order(raw->vn_aux, order_),
                    .next = in_order(raw->vn_next, order_),
                    .file_name = in_order(raw->vn_file, order_)};
    }
    const auto raw = read_raw<Elf64_Verdef>(table_, at);
    if (!raw) return std::nullopt;
    extend(at + sizeof(*raw));
    return Record{.aux_count = in_order(raw->vd_cnt, order_),
                  .first_aux = in_order(raw->vd_aux, order_),
                  .next = in_order(raw->vd_next, order_),
                  .is_base = (in_order(raw->vd_flags, order_) & VER_FLG_BASE) != 0};
  }

  std::optional<Aux> read_aux(std::uint64_t at) {
    if (is_needs()) {
      const auto raw = read_raw<Elf64_Vernaux>(table_, at);
      if (!raw) return std::nullopt;
      extend(at + sizeof(*raw));
      return Aux{.name = in_order(raw->vna_name, order_), .next = in_order(raw->vna_next, order_)};
    }
    const auto raw = read_raw<Elf64_Verdaux>(table_, at);
    if (!raw) return std::nullopt;
    extend(at + sizeof(*raw));
    return Aux{.name = in_order(raw->vda_name, order_), .next = in_order(raw->vda_next, order_)};
  }

  core::Result<void> take(const Record& record, std::uint64_t at) {
    ++chain_.records;
    if (is_needs())
      if (const auto name = names_.take(record.file_name); !name)
        return tl::make_unexpected(name.error());
    if (record.aux_count == 0) return {};
    if (!record.is_base) ++chain_.named;
    if (record.first_aux == 0)
      return malformed(kind_.bad_aux, "a version record has aux records but not their place");
    return take_aux(record, at + record.first_aux);
  }

  core::Result<void> take_aux(const Record& record, std::uint64_t at) {
    for (std::uint32_t i = 0; i < record.aux_count; ++i) {
      if (++chain_.auxiliary > kMaxVersionAux)
        return beyond_limit(
            "too-many-version-aux",
            "the file has more than " + std::to_string(kMaxVersionAux) + " version aux records");
      const auto aux = read_aux(at);
      if (!aux) return malformed(kind_.bad_aux, "a version aux record is outside its segment");
      if (const auto name = names_.take(aux->name); !name) return tl::make_unexpected(name.error());
      // A record that ends early: LIEF and glibc stop here too, whatever the count says.
      if (aux->next == 0) break;
      at += aux->next;
    }
    return {};
  }

  core::ByteView table_;
  core::ByteOrder order_;
  const ChainKind& kind_;
  NameBudget& names_;
  VersionChain chain_;
};

core::Result<VersionChain> read_chain(core::ByteView file, const Layout& layout,
                                      const std::vector<Segment>& segments,
                                      const DynamicTable& dynamic, const ChainKind& kind,
                                      NameBudget& names) {
  const std::uint64_t records = dynamic.value_or(kind.count_tag, UINT64_MAX);
  if (!dynamic.has(kind.address_tag) || records == 0) return VersionChain{};
  const auto mapped = find_mapped(segments, dynamic.value_or(kind.address_tag, 0));
  if (!mapped) return malformed(kind.out_of_bounds, "a version table is not in a loaded segment");
  ChainReader reader(*core::slice(file, mapped->offset, mapped->size), layout.order, kind, names);
  auto chain = reader.read(records);
  if (chain) chain->range.offset = mapped->offset;
  return chain;
}

}  // namespace

core::Result<VersionTables> read_version_tables(core::ByteView file, const Layout& layout,
                                                const std::vector<Segment>& segments,
                                                const DynamicTable& dynamic,
                                                std::uint64_t symbol_count, NameBudget& names) {
  VersionTables tables;
  const auto needs = read_chain(file, layout, segments, dynamic, kNeeds, names);
  if (!needs) return tl::make_unexpected(needs.error());
  tables.needs = *needs;
  const auto definitions = read_chain(file, layout, segments, dynamic, kDefinitions, names);
  if (!definitions) return tl::make_unexpected(definitions.error());
  tables.definitions = *definitions;
  if (!dynamic.has(DT_VERSYM) || symbol_count == 0) return tables;

  const std::uint64_t auxiliary = std::uint64_t{needs->auxiliary} + definitions->auxiliary;
  if (auxiliary * symbol_count > core::limits::kMaxVersionWork)
    return beyond_limit("too-much-version-work", std::to_string(symbol_count) + " symbols times " +
                                                     std::to_string(auxiliary) +
                                                     " version aux records are too many");
  const auto symbols = locate(segments, dynamic.value_or(DT_VERSYM, 0),
                              symbol_count * sizeof(Elf64_Versym), "versym-out-of-bounds");
  if (!symbols) return tl::make_unexpected(symbols.error());
  tables.symbols = *symbols;
  return tables;
}

}  // namespace muslcheck::elf
