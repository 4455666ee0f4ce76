// The compact image: ELF header, PT_LOAD over the whole image (address equals offset), PT_DYNAMIC,
// PT_INTERP, one SHT_DYNSYM section from which LIEF takes the number of symbols, and the tables
// themselves. The dynamic table is written anew: it stops at DT_NULL, names each tag once, has the
// new addresses, and has no entry that leads outside the image. Hash tables and notes are left out:
// the pre-pass has read them.
//
// LIEF 0.9 ends the symbol table at a symbol with a name offset but an empty name; such an offset
// becomes 0, which means the same.

#include "elf/compact_image.hpp"

#include <algorithm>

#include "muslcheck/core/limits.hpp"

namespace muslcheck::elf {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// An upper bound of the image's size, so that it is known before anything is allocated.
std::uint64_t size_of(const DynamicPart& part, const Layout& layout) {
  constexpr std::uint64_t kHeaders = 4096;
  std::uint64_t size = kHeaders + part.interpreter.size + part.strings.size + part.symbols.size +
                       part.versions.symbols.size + part.versions.needs.range.size +
                       part.versions.definitions.range.size;
  size += (part.table.needed.size() + part.table.values.size() + 1) * dynamic_size(layout);
  for (const RelocationRange& table : part.relocations)
    size += table.count * relocation_size(layout, true);
  return size;
}

template <typename Types>
class ImageBuilder {
 public:
  ImageBuilder(core::ByteView file, const Prepass& prepass)
      : file_(file), part_(*prepass.dynamic), prepass_(prepass), order_(prepass.layout.order) {}

  Bytes build() {
    out_.reserve(static_cast<std::size_t>(size_of(part_, prepass_.layout)));
    out_.resize(kTablesAt);
    const std::uint64_t symbols = add_symbols();
    if (part_.symbols.size > 0) {
      add_tag(DT_SYMTAB, symbols);
      add_tag(DT_SYMENT, sizeof(typename Types::Sym));
    }
    add_tag(DT_STRTAB, copy(part_.strings));
    add_tag(DT_STRSZ, part_.strings.size);
    const std::uint64_t interpreter = copy(part_.interpreter);
    add_versions();
    add_relocations();
    const std::uint64_t dynamic = add_dynamic();
    write_headers(symbols, interpreter, dynamic);
    return std::move(out_);
  }

 private:
  using Ehdr = typename Types::Ehdr;
  using Phdr = typename Types::Phdr;
  using Shdr = typename Types::Shdr;
  using Dyn = typename Types::Dyn;

  static constexpr std::size_t kSegments = 3;
  static constexpr std::size_t kSections = 2;
  static constexpr std::size_t kSegmentsAt = sizeof(Ehdr);
  static constexpr std::size_t kSectionsAt = kSegmentsAt + kSegments * sizeof(Phdr);
  static constexpr std::size_t kTablesAt = kSectionsAt + kSections * sizeof(Shdr);

  /// A number as a field of the file's class and order.
  template <typename Field, typename Number>
  void set(Field& field, Number value) const {
    field = in_order(static_cast<Field>(value), order_);
  }

  std::uint64_t align() {
    out_.resize((out_.size() + 7) / 8 * 8);
    return out_.size();
  }

  std::uint64_t copy(const Range& range) {
    const std::uint64_t at = align();
    const core::ByteView bytes = *core::slice(file_, range.offset, range.size);
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return at;
  }

  void add_tag(std::int64_t tag, std::uint64_t value) {
    Dyn entry{};
    set(entry.d_tag, tag);
    set(entry.d_un.d_val, value);
    append_raw(dynamic_, entry);
  }

  std::uint64_t add_symbols() {
    const std::uint64_t at = copy(part_.symbols);
    const core::ByteView strings = *core::slice(file_, part_.strings.offset, part_.strings.size);
    constexpr std::uint64_t kSize = sizeof(typename Types::Sym);
    for (std::uint64_t offset = at; offset + kSize <= out_.size(); offset += kSize) {
      const std::uint32_t name = *core::read_u32(out_, offset, order_);
      if (name >= strings.size() || strings[name] == 0)
        overwrite_raw(out_, static_cast<std::size_t>(offset), std::uint32_t{0});
    }
    return at;
  }

  void add_chain(const VersionChain& chain, std::int64_t address_tag, std::int64_t count_tag) {
    if (chain.records == 0) return;
    add_tag(address_tag, copy(chain.range));
    add_tag(count_tag, chain.records);
  }

  void add_versions() {
    if (part_.versions.symbols.size > 0) add_tag(DT_VERSYM, copy(part_.versions.symbols));
    add_chain(part_.versions.needs, DT_VERNEED, DT_VERNEEDNUM);
    add_chain(part_.versions.definitions, DT_VERDEF, DT_VERDEFNUM);
  }

  template <typename From, typename To>
  void convert_relocations(const RelocationRange& table) {
    const core::ByteView bytes = *core::slice(file_, table.range.offset, table.range.size);
    for (std::uint64_t i = 0; i < table.count; ++i) {
      From from;
      std::memcpy(&from, bytes.data() + i * sizeof(From), sizeof(From));
      const RelocationInfo info = split_info(in_order(from.r_info, order_), prepass_.layout);
      To to{};
      set(to.r_offset, table.table);
      if constexpr (sizeof(to.r_info) == 8)
        set(to.r_info, ELF64_R_INFO(std::uint64_t{info.symbol}, std::uint64_t{info.type}));
      else
        set(to.r_info, ELF32_R_INFO(info.symbol, info.type));
      append_raw(out_, to);
    }
  }

  void append_table(const RelocationRange& table, bool as_rela) {
    using Rel = typename Types::Rel;
    using Rela = typename Types::Rela;
    if (table.has_addend)
      convert_relocations<Rela, Rela>(table);
    else if (as_rela)
      convert_relocations<Rel, Rela>(table);
    else
      convert_relocations<Rel, Rel>(table);
  }

  void add_relocations() {
    using model::RelocationTable;
    const auto is_rela = [](const RelocationRange& table) {
      return table.table == RelocationTable::rela && table.count > 0;
    };
    const bool has_rela = std::any_of(part_.relocations.begin(), part_.relocations.end(), is_rela);
    std::uint64_t common_at = 0;
    for (const RelocationRange& table : part_.relocations) {
      if (table.count == 0) continue;
      if (table.table == RelocationTable::jmprel) {
        add_tag(DT_JMPREL, align());
        append_table(table, table.has_addend);
        add_tag(DT_PLTRELSZ, table.range.size);
        add_tag(DT_PLTREL, static_cast<std::uint64_t>(table.has_addend ? DT_RELA : DT_REL));
        continue;
      }
      if (common_at == 0) common_at = align();
      append_table(table, has_rela);
    }
    if (common_at == 0) return;
    add_tag(has_rela ? DT_RELA : DT_REL, common_at);
    add_tag(has_rela ? DT_RELASZ : DT_RELSZ, out_.size() - common_at);
  }

  std::uint64_t add_dynamic() {
    for (const std::uint64_t name : part_.table.needed) add_tag(DT_NEEDED, name);
    for (const std::int64_t tag :
         {DT_SONAME, DT_RPATH, DT_RUNPATH, DT_FLAGS, DT_FLAGS_1, DT_BIND_NOW, DT_TEXTREL})
      if (part_.table.has(tag)) add_tag(tag, part_.table.value_or(tag, 0));
    add_tag(DT_NULL, 0);
    const std::uint64_t at = align();
    out_.insert(out_.end(), dynamic_.begin(), dynamic_.end());
    return at;
  }

  void write_segment(std::size_t index, std::uint32_t type, std::uint64_t at, std::uint64_t size) {
    Phdr segment{};
    set(segment.p_type, type);
    set(segment.p_offset, at);
    set(segment.p_vaddr, at);
    set(segment.p_paddr, at);
    set(segment.p_filesz, size);
    set(segment.p_memsz, size);
    overwrite_raw(out_, kSegmentsAt + index * sizeof(Phdr), segment);
  }

  void write_headers(std::uint64_t symbols, std::uint64_t interpreter, std::uint64_t dynamic) {
    write_segment(0, PT_LOAD, 0, out_.size());
    write_segment(1, PT_DYNAMIC, dynamic, dynamic_.size());
    if (part_.interpreter.size > 0)
      write_segment(2, PT_INTERP, interpreter, part_.interpreter.size);

    Shdr section{};
    set(section.sh_type, SHT_DYNSYM);
    set(section.sh_addr, symbols);
    set(section.sh_offset, symbols);
    set(section.sh_size, part_.symbols.size);
    set(section.sh_entsize, sizeof(typename Types::Sym));
    overwrite_raw(out_, kSectionsAt + sizeof(Shdr), section);

    Ehdr header{};
    std::memcpy(header.e_ident, file_.data(), EI_NIDENT);
    set(header.e_type, prepass_.facts.type == model::ElfType::executable ? ET_EXEC : ET_DYN);
    set(header.e_machine, prepass_.layout.machine);
    set(header.e_version, EV_CURRENT);
    set(header.e_phoff, kSegmentsAt);
    set(header.e_shoff, kSectionsAt);
    set(header.e_ehsize, sizeof(Ehdr));
    set(header.e_phentsize, sizeof(Phdr));
    set(header.e_phnum, part_.interpreter.size > 0 ? kSegments : kSegments - 1);
    set(header.e_shentsize, sizeof(Shdr));
    set(header.e_shnum, kSections);
    overwrite_raw(out_, 0, header);
  }

  core::ByteView file_;
  const DynamicPart& part_;
  const Prepass& prepass_;
  core::ByteOrder order_;
  Bytes out_;
  Bytes dynamic_;
};

}  // namespace

core::Result<std::vector<std::uint8_t>> build_compact_image(core::ByteView file,
                                                            const Prepass& prepass) {
  const std::uint64_t size = size_of(*prepass.dynamic, prepass.layout);
  if (size > core::limits::kMaxCompactImage)
    return beyond_limit("image-too-large",
                        "the dynamic tables of the file have " + std::to_string(size) + " bytes");
  return with_types(prepass.layout, [&]<typename Types>(Types) {
    return ImageBuilder<Types>(file, prepass).build();
  });
}

}  // namespace muslcheck::elf
