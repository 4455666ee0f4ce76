#pragma once
/// ELF files made in memory, of either class and byte order, for tests that need exact content:
///
///   ElfBuilder elf({.is_64 = false, .order = core::ByteOrder::big, .machine = EM_PPC});
///   const auto glibc = elf.need("libc.so.6", "GLIBC_2.17");
///   const auto puts = elf.undefined("puts", glibc);
///   elf.needed("libc.so.6").relocation(model::RelocationTable::jmprel, R_PPC_JMP_SLOT, puts);
///   BuiltElf file = elf.build();
///   file.set_tag(DT_SYMENT, 1);  // now it is malformed
///
/// Undefined symbols must be added before defined ones (DT_GNU_HASH needs them first). Everything
/// is in one PT_LOAD, at addresses that differ from file offsets.

#include <elf.h>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "elf/layout.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/model/elf_facts.hpp"
#include "support/built_elf.hpp"

namespace muslcheck::test {

class ElfBuilder {
 public:
  explicit ElfBuilder(const ElfShape& shape = {}) : shape_(shape) {}

  bool has_dynamic = true;
  bool has_gnu_hash = true;
  bool has_sysv_hash = false;
  bool has_section_headers = false;  ///< a null section and SHT_DYNSYM

  ElfBuilder& interpreter(const std::string& path) {
    interpreter_ = path;
    return *this;
  }
  ElfBuilder& needed(const std::string& name) { return tag(DT_NEEDED, string(name)); }
  ElfBuilder& soname(const std::string& name) { return tag(DT_SONAME, string(name)); }
  ElfBuilder& rpath(const std::string& path) { return tag(DT_RPATH, string(path)); }
  ElfBuilder& runpath(const std::string& path) { return tag(DT_RUNPATH, string(path)); }
  ElfBuilder& tag(std::int64_t tag, std::uint64_t value) {
    tags_.push_back({tag, value});
    return *this;
  }
  /// A program header without content (PT_GNU_STACK, PT_TLS).
  ElfBuilder& segment(std::uint32_t type, std::uint32_t flags, std::uint64_t memory_size) {
    segments_.push_back({.type = type, .flags = flags, .memory_size = memory_size});
    return *this;
  }
  /// A PT_NOTE segment of its own.
  ElfBuilder& note(const std::string& owner, std::uint32_t type, const std::string& content,
                   std::uint64_t alignment = 4) {
    notes_.push_back({owner, type, content, alignment});
    return *this;
  }
  /// The index that a version need or definition gets; the argument for symbols.
  std::uint16_t need(const std::string& library, const std::string& version, bool weak = false) {
    needs_.push_back({library, version, weak, ++last_version_});
    return last_version_;
  }
  std::uint16_t define(const std::string& version) {
    definitions_.push_back({version, ++last_version_});
    return last_version_;
  }
  /// The index that the symbol gets, for relocations.
  std::uint32_t undefined(const std::string& name, std::uint16_t version = VER_NDX_GLOBAL,
                          std::uint8_t type = STT_FUNC, std::uint8_t binding = STB_GLOBAL) {
    return symbol(name, version, type, binding, SHN_UNDEF, 0);
  }
  std::uint32_t defined(const std::string& name, std::uint16_t version = VER_NDX_GLOBAL,
                        std::uint8_t type = STT_FUNC, std::uint8_t binding = STB_GLOBAL,
                        std::uint64_t value = 0x1000) {
    return symbol(name, version, type, binding, 1, value);
  }
  ElfBuilder& relocation(model::RelocationTable table, std::uint32_t type, std::uint32_t symbol) {
    relocations_[table].push_back({type, symbol});
    return *this;
  }
  /// Offset of a string in the dynamic string table.
  std::uint32_t string(const std::string& text) {
    const auto offset = static_cast<std::uint32_t>(strings_.size());
    strings_ += text + '\0';
    return offset;
  }

  [[nodiscard]] BuiltElf build() const;

 private:
  struct Tag {
    std::int64_t tag;
    std::uint64_t value;
  };
  struct Symbol {
    std::uint32_t name;
    std::string text;
    std::uint16_t version;
    std::uint8_t info;
    std::uint16_t section;
    std::uint64_t value;
  };
  struct Note {
    std::string owner;
    std::uint32_t type;
    std::string content;
    std::uint64_t alignment;
  };
  struct Need {
    std::string library;
    std::string version;
    bool weak;
    std::uint16_t index;
  };
  struct Definition {
    std::string version;
    std::uint16_t index;
  };
  struct Relocation {
    std::uint32_t type;
    std::uint32_t symbol;
  };
  struct Segment {
    std::uint32_t type = PT_NULL;
    std::uint32_t flags = 0;
    std::uint64_t offset = 0;
    std::uint64_t file_size = 0;
    std::uint64_t memory_size = 0;
    std::uint64_t alignment = 4;
  };

  std::uint32_t symbol(const std::string& name, std::uint16_t version, std::uint8_t type,
                       std::uint8_t binding, std::uint16_t section, std::uint64_t value) {
    const std::uint32_t offset = name.empty() ? 0 : string(name);
    symbols_.push_back({offset, name, version,
                        static_cast<std::uint8_t>(ELF64_ST_INFO(binding, type)), section, value});
    return static_cast<std::uint32_t>(symbols_.size());
  }

  template <typename Types>
  class Writer;

  ElfShape shape_;
  std::string interpreter_;
  std::string strings_ = std::string(1, '\0');
  std::vector<Tag> tags_;
  std::vector<Segment> segments_;
  std::vector<Note> notes_;
  std::vector<Need> needs_;
  std::vector<Definition> definitions_;
  std::vector<Symbol> symbols_;
  std::map<model::RelocationTable, std::vector<Relocation>> relocations_;
  std::uint16_t last_version_ = VER_NDX_GLOBAL;
};

template <typename Types>
class ElfBuilder::Writer {
 public:
  explicit Writer(const ElfBuilder& elf) : elf_(elf), strings_(elf.strings_) {
    out_.layout = {
        .is_64 = elf.shape_.is_64, .order = elf.shape_.order, .machine = elf.shape_.machine};
  }

  BuiltElf write() {
    out_.at["segments"] = sizeof(Ehdr);
    out_.bytes.resize(sizeof(Ehdr) + kMostSegments * sizeof(Phdr));
    segments_.push_back({.type = PT_LOAD, .flags = PF_R | PF_X, .alignment = 0x1000});
    add_interpreter();
    add_notes();
    if (elf_.has_dynamic) add_dynamic_part();
    if (elf_.has_section_headers) add_sections();
    write_headers();
    return std::move(out_);
  }

 private:
  using Ehdr = typename Types::Ehdr;
  using Phdr = typename Types::Phdr;
  using Shdr = typename Types::Shdr;
  using Dyn = typename Types::Dyn;
  using Sym = typename Types::Sym;
  using Rel = typename Types::Rel;
  using Rela = typename Types::Rela;
  static constexpr std::size_t kMostSegments = 16;

  template <typename Field, typename Number>
  void set(Field& field, Number value) const {
    field = elf::in_order(static_cast<Field>(value), out_.layout.order);
  }
  template <typename Raw>
  void append(const Raw& raw) {
    elf::append_raw(out_.bytes, raw);
  }
  void append(const std::string& text) {
    out_.bytes.insert(out_.bytes.end(), text.begin(), text.end());
  }
  void append_u16(std::uint16_t value) { append(elf::in_order(value, out_.layout.order)); }
  void append_u32(std::uint32_t value) { append(elf::in_order(value, out_.layout.order)); }
  void append_word(std::uint64_t value) {
    if (out_.layout.is_64)
      append(elf::in_order(value, out_.layout.order));
    else
      append_u32(static_cast<std::uint32_t>(value));
  }

  std::uint64_t start(const std::string& name) {
    out_.bytes.resize((out_.bytes.size() + 7) / 8 * 8);
    return out_.at[name] = out_.bytes.size();
  }
  [[nodiscard]] static std::uint64_t address(std::uint64_t offset) { return kBaseAddress + offset; }
  std::uint32_t string(const std::string& text) {
    const auto offset = static_cast<std::uint32_t>(strings_.size());
    strings_ += text + '\0';
    return offset;
  }

  void add_interpreter() {
    if (elf_.interpreter_.empty()) return;
    const std::uint64_t at = start("interpreter");
    append(elf_.interpreter_ + '\0');
    segments_.push_back(
        {.type = PT_INTERP, .offset = at, .file_size = elf_.interpreter_.size() + 1});
  }

  void pad(std::uint64_t from, std::uint64_t alignment) {
    while ((out_.bytes.size() - from) % alignment != 0) out_.bytes.push_back(0);
  }

  void add_notes() {
    for (const Note& note : elf_.notes_) {
      const std::uint64_t at = start("notes");
      append_u32(static_cast<std::uint32_t>(note.owner.size() + 1));
      append_u32(static_cast<std::uint32_t>(note.content.size()));
      append_u32(note.type);
      append(note.owner + '\0');
      pad(at, note.alignment);
      append(note.content);
      pad(at, note.alignment);
      segments_.push_back({.type = PT_NOTE,
                           .offset = at,
                           .file_size = out_.bytes.size() - at,
                           .alignment = note.alignment});
    }
  }

  void add_tag(std::int64_t tag, std::uint64_t value) { tags_.push_back({tag, value}); }

  void add_dynamic_part() {
    tags_ = elf_.tags_;
    add_symbols();
    if (elf_.has_sysv_hash) add_sysv_hash();
    if (elf_.has_gnu_hash) add_gnu_hash();
    if (!elf_.needs_.empty() || !elf_.definitions_.empty()) add_versym();
    if (!elf_.needs_.empty()) add_needs();
    if (!elf_.definitions_.empty()) add_definitions();
    add_relocations();
    const std::uint64_t strings_at = start("strings");
    append(strings_);
    add_tag(DT_STRTAB, address(strings_at));
    add_tag(DT_STRSZ, strings_.size());
    add_dynamic_table();
  }

  void add_symbols() {
    const std::uint64_t at = start("symbols");
    append(Sym{});
    for (const Symbol& symbol : elf_.symbols_) {
      Sym raw{};
      set(raw.st_name, symbol.name);
      set(raw.st_info, symbol.info);
      set(raw.st_shndx, symbol.section);
      set(raw.st_value, symbol.value);
      append(raw);
    }
    add_tag(DT_SYMTAB, address(at));
    add_tag(DT_SYMENT, sizeof(Sym));
  }

  void add_sysv_hash() {
    const std::uint64_t at = start("hash");
    const bool is_wide = elf_.shape_.is_64 && elf_.shape_.machine == EM_S390;
    const auto append_entry = [&](std::uint64_t value) {
      if (is_wide)
        append(elf::in_order(value, out_.layout.order));
      else
        append_u32(static_cast<std::uint32_t>(value));
    };
    const std::uint64_t count = elf_.symbols_.size() + 1;
    append_entry(1);
    append_entry(count);
    append_entry(count - 1);
    for (std::uint64_t i = 0; i < count; ++i) append_entry(i == 0 ? 0 : i - 1);
    add_tag(DT_HASH, address(at));
  }

  static std::uint32_t gnu_hash_of(const std::string& name) {
    std::uint32_t hash = 5381;
    for (const char letter : name) hash = hash * 33 + static_cast<unsigned char>(letter);
    return hash;
  }

  void add_gnu_hash() {
    std::size_t first = 0;
    while (first < elf_.symbols_.size() && elf_.symbols_[first].section == SHN_UNDEF) ++first;
    const bool is_empty = first == elf_.symbols_.size();
    const std::uint64_t at = start("gnu_hash");
    const auto first_index = static_cast<std::uint32_t>(first + 1);
    append_u32(1);
    append_u32(is_empty ? 1 : first_index);  // as GNU ld writes it for an empty table
    append_u32(1);
    append_u32(0);
    append_word(is_empty ? 0 : ~std::uint64_t{0});
    append_u32(is_empty ? 0 : first_index);
    for (std::size_t i = first; i < elf_.symbols_.size(); ++i) {
      const bool is_last = i + 1 == elf_.symbols_.size();
      append_u32((gnu_hash_of(elf_.symbols_[i].text) & ~1U) | (is_last ? 1U : 0U));
    }
    add_tag(DT_GNU_HASH, address(at));
  }

  void add_versym() {
    const std::uint64_t at = start("versym");
    append_u16(VER_NDX_LOCAL);
    for (const Symbol& symbol : elf_.symbols_) append_u16(symbol.version);
    add_tag(DT_VERSYM, address(at));
  }

  /// One verneed record per need, also for the same library: a valid if wasteful form.
  void add_needs() {
    const std::uint64_t at = start("verneed");
    for (std::size_t i = 0; i < elf_.needs_.size(); ++i) {
      const Need& need = elf_.needs_[i];
      const bool is_last = i + 1 == elf_.needs_.size();
      Elf64_Verneed record{};
      set(record.vn_version, VER_NEED_CURRENT);
      set(record.vn_cnt, 1);
      set(record.vn_file, string(need.library));
      set(record.vn_aux, sizeof(Elf64_Verneed));
      set(record.vn_next, is_last ? 0 : sizeof(Elf64_Verneed) + sizeof(Elf64_Vernaux));
      append(record);
      Elf64_Vernaux aux{};
      set(aux.vna_flags, need.weak ? VER_FLG_WEAK : 0);
      set(aux.vna_other, need.index);
      set(aux.vna_name, string(need.version));
      append(aux);
    }
    add_tag(DT_VERNEED, address(at));
    add_tag(DT_VERNEEDNUM, elf_.needs_.size());
  }

  void append_definition(const std::string& name, std::uint16_t index, bool is_base, bool is_last) {
    Elf64_Verdef record{};
    set(record.vd_version, VER_DEF_CURRENT);
    set(record.vd_flags, is_base ? VER_FLG_BASE : 0);
    set(record.vd_ndx, index);
    set(record.vd_cnt, 1);
    set(record.vd_aux, sizeof(Elf64_Verdef));
    set(record.vd_next, is_last ? 0 : sizeof(Elf64_Verdef) + sizeof(Elf64_Verdaux));
    append(record);
    Elf64_Verdaux aux{};
    set(aux.vda_name, string(name));
    append(aux);
  }

  void add_definitions() {
    const std::uint64_t at = start("verdef");
    append_definition("base.so", VER_NDX_GLOBAL, true, false);
    for (const Definition& definition : elf_.definitions_)
      append_definition(definition.version, definition.index, false,
                        &definition == &elf_.definitions_.back());
    add_tag(DT_VERDEF, address(at));
    add_tag(DT_VERDEFNUM, elf_.definitions_.size() + 1);
  }

  template <typename Raw>
  void append_relocations(const std::vector<Relocation>& relocations) {
    for (const Relocation& relocation : relocations) {
      Raw raw{};
      if constexpr (sizeof(raw.r_info) == 8)
        set(raw.r_info,
            ELF64_R_INFO(std::uint64_t{relocation.symbol}, std::uint64_t{relocation.type}));
      else
        set(raw.r_info, ELF32_R_INFO(relocation.symbol, relocation.type));
      append(raw);
    }
  }

  void add_relocations() {
    using model::RelocationTable;
    for (const auto& [table, relocations] : elf_.relocations_) {
      const bool is_rel = table == RelocationTable::rel;
      const char* names[] = {"jmprel", "rel", "rela"};
      const std::uint64_t at = start(names[static_cast<int>(table)]);
      if (is_rel)
        append_relocations<Rel>(relocations);
      else
        append_relocations<Rela>(relocations);
      const std::int64_t tags[][2] = {
          {DT_JMPREL, DT_PLTRELSZ}, {DT_REL, DT_RELSZ}, {DT_RELA, DT_RELASZ}};
      add_tag(tags[static_cast<int>(table)][0], address(at));
      add_tag(tags[static_cast<int>(table)][1], out_.bytes.size() - at);
      if (table == RelocationTable::jmprel) add_tag(DT_PLTREL, DT_RELA);
    }
  }

  void add_dynamic_table() {
    const std::uint64_t at = start("dynamic");
    add_tag(DT_NULL, 0);
    for (const Tag& tag : tags_) {
      Dyn entry{};
      set(entry.d_tag, tag.tag);
      set(entry.d_un.d_val, tag.value);
      append(entry);
    }
    segments_.push_back({.type = PT_DYNAMIC,
                         .flags = PF_R,
                         .offset = at,
                         .file_size = out_.bytes.size() - at,
                         .memory_size = out_.bytes.size() - at});
  }

  void add_sections() {
    const std::uint64_t at = start("sections");
    append(Shdr{});
    Shdr section{};
    set(section.sh_type, SHT_DYNSYM);
    set(section.sh_addr, address(out_.at["symbols"]));
    set(section.sh_offset, out_.at["symbols"]);
    set(section.sh_size, (elf_.symbols_.size() + 1) * sizeof(Sym));
    append(section);
    sections_at_ = at;
  }

  void write_headers() {
    segments_.insert(segments_.end(), elf_.segments_.begin(), elf_.segments_.end());
    if (segments_.size() > kMostSegments) throw std::length_error("too many segments");
    segments_.front().file_size = segments_.front().memory_size = out_.bytes.size();
    std::uint64_t at = sizeof(Ehdr);
    for (const Segment& segment : segments_) {
      Phdr raw{};
      set(raw.p_type, segment.type);
      set(raw.p_flags, segment.flags);
      set(raw.p_offset, segment.offset);
      set(raw.p_vaddr, address(segment.offset));
      set(raw.p_filesz, segment.file_size);
      set(raw.p_memsz, segment.memory_size);
      set(raw.p_align, segment.alignment);
      elf::overwrite_raw(out_.bytes, static_cast<std::size_t>(at), raw);
      at += sizeof(Phdr);
    }
    out_.at["segments_end"] = at;

    Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = elf_.shape_.is_64 ? ELFCLASS64 : ELFCLASS32;
    header.e_ident[EI_DATA] =
        elf_.shape_.order == core::ByteOrder::little ? ELFDATA2LSB : ELFDATA2MSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    set(header.e_type, elf_.shape_.type);
    set(header.e_machine, elf_.shape_.machine);
    set(header.e_version, EV_CURRENT);
    set(header.e_phoff, sizeof(Ehdr));
    set(header.e_shoff, sections_at_);
    set(header.e_ehsize, sizeof(Ehdr));
    set(header.e_phentsize, sizeof(Phdr));
    set(header.e_phnum, segments_.size());
    set(header.e_shentsize, sizeof(Shdr));
    set(header.e_shnum, sections_at_ == 0 ? 0 : 2);
    elf::overwrite_raw(out_.bytes, 0, header);
  }

  const ElfBuilder& elf_;
  BuiltElf out_;
  std::string strings_;
  std::vector<Tag> tags_;
  std::vector<Segment> segments_;
  std::uint64_t sections_at_ = 0;
};

inline BuiltElf ElfBuilder::build() const {
  const elf::Layout layout{.is_64 = shape_.is_64, .order = shape_.order, .machine = shape_.machine};
  return elf::with_types(layout,
                         [&]<typename Types>(Types) { return Writer<Types>(*this).write(); });
}

}  // namespace muslcheck::test
