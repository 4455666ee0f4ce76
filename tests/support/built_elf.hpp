#pragma once
/// An ELF file that ElfBuilder made, with the places of its parts, so that a test can damage it
/// field by field.

#include <elf.h>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "elf/layout.hpp"
#include "muslcheck/core/bytes.hpp"

namespace muslcheck::test {

inline constexpr std::uint64_t kBaseAddress = 0x10000;

struct ElfShape {
  bool is_64 = true;
  core::ByteOrder order = core::ByteOrder::little;
  std::uint16_t machine = EM_X86_64;
  std::uint16_t type = ET_DYN;
};

/// The four combinations of class and byte order, each with a machine that has it.
inline const std::vector<ElfShape> kAllShapes{
    {.is_64 = true, .order = core::ByteOrder::little, .machine = EM_X86_64},
    {.is_64 = true, .order = core::ByteOrder::big, .machine = EM_S390},
    {.is_64 = false, .order = core::ByteOrder::little, .machine = EM_386},
    {.is_64 = false, .order = core::ByteOrder::big, .machine = EM_PPC},
};

/// A finished file, and where its parts are, so that single fields can be damaged.
class BuiltElf {
 public:
  elf::Layout layout;
  std::vector<std::uint8_t> bytes;
  /// File offsets: "segments", "sections", "interpreter", "dynamic", "symbols", "strings",
  /// "versym", "verneed", "verdef", "hash", "gnu_hash", "jmprel", "rel", "rela", "notes".
  std::map<std::string, std::uint64_t> at;

  /// Overwrites a number, in the file's byte order.
  template <typename T>
  void put(std::uint64_t offset, T value) {
    elf::overwrite_raw(bytes, static_cast<std::size_t>(offset), elf::in_order(value, layout.order));
  }
  /// Overwrites a word of the file's class (an address, an offset, a size).
  void put_word(std::uint64_t offset, std::uint64_t value) {
    if (layout.is_64)
      put(offset, value);
    else
      put(offset, static_cast<std::uint32_t>(value));
  }
  /// Changes the first dynamic entry with a tag.
  void set_tag(std::int64_t tag, std::uint64_t value) { put_word(tag_at(tag) + word(), value); }
  /// Turns the first dynamic entry with a tag into one that no reader knows.
  void remove_tag(std::int64_t tag) { put_word(tag_at(tag), 0x6ffff123); }

  /// Offsets of the first program header of a type, and of fields that differ between classes.
  [[nodiscard]] std::uint64_t segment_at(std::uint32_t type) const {
    const std::uint64_t size = layout.is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
    for (std::uint64_t offset = at.at("segments"); offset + size <= at.at("segments_end");
         offset += size)
      if (*core::read_u32(bytes, offset, layout.order) == type) return offset;
    throw std::out_of_range("no such segment");
  }
  void set_segment_offset(std::uint32_t type, std::uint64_t value) {
    put_word(segment_at(type) +
                 (layout.is_64 ? offsetof(Elf64_Phdr, p_offset) : offsetof(Elf32_Phdr, p_offset)),
             value);
  }
  void set_segment_file_size(std::uint32_t type, std::uint64_t value) {
    put_word(segment_at(type) +
                 (layout.is_64 ? offsetof(Elf64_Phdr, p_filesz) : offsetof(Elf32_Phdr, p_filesz)),
             value);
  }
  void set_segment_address(std::uint32_t type, std::uint64_t value) {
    put_word(segment_at(type) +
                 (layout.is_64 ? offsetof(Elf64_Phdr, p_vaddr) : offsetof(Elf32_Phdr, p_vaddr)),
             value);
  }

 private:
  [[nodiscard]] std::uint64_t word() const { return layout.is_64 ? 8 : 4; }
  [[nodiscard]] std::uint64_t tag_at(std::int64_t tag) const {
    for (std::uint64_t offset = at.at("dynamic");; offset += elf::dynamic_size(layout)) {
      const std::uint64_t found = elf::read_word(bytes, offset, layout).value();
      if (found == static_cast<std::uint64_t>(tag)) return offset;
      if (found == DT_NULL) throw std::out_of_range("no such dynamic tag");
    }
  }
};

}  // namespace muslcheck::test
