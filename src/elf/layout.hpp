#pragma once
/// ELF records as elf.h lays them out, in the class and byte order of the file. Nothing else in
/// this module knows how wide an address is or which byte of a word comes first.

#include <elf.h>

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::elf {

/// Class, byte order and machine: all that is needed to read any record of a file.
struct Layout {
  bool is_64 = true;
  core::ByteOrder order = core::ByteOrder::little;
  std::uint16_t machine = EM_NONE;
};

/// A part of the file: [offset, offset + size).
struct Range {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  bool operator==(const Range&) const = default;
};

struct Elf32Types {
  using Ehdr = Elf32_Ehdr;
  using Phdr = Elf32_Phdr;
  using Shdr = Elf32_Shdr;
  using Dyn = Elf32_Dyn;
  using Sym = Elf32_Sym;
  using Rel = Elf32_Rel;
  using Rela = Elf32_Rela;
};

struct Elf64Types {
  using Ehdr = Elf64_Ehdr;
  using Phdr = Elf64_Phdr;
  using Shdr = Elf64_Shdr;
  using Dyn = Elf64_Dyn;
  using Sym = Elf64_Sym;
  using Rel = Elf64_Rel;
  using Rela = Elf64_Rela;
};

/// Calls `function` with Elf32Types{} or Elf64Types{}.
template <typename Function>
decltype(auto) with_types(const Layout& layout, Function&& function) {
  return layout.is_64 ? function(Elf64Types{}) : function(Elf32Types{});
}

/// A field between file order and native order; the same operation both ways.
template <std::integral T>
[[nodiscard]] T in_order(T value, core::ByteOrder order) {
  constexpr bool native_is_little = std::endian::native == std::endian::little;
  if ((order == core::ByteOrder::little) == native_is_little) return value;
  using Unsigned = std::make_unsigned_t<T>;
  auto rest = static_cast<Unsigned>(value);
  Unsigned swapped = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    if constexpr (sizeof(T) > 1) swapped = static_cast<Unsigned>(swapped << 8U);
    swapped = static_cast<Unsigned>(swapped | (rest & 0xffU));
    if constexpr (sizeof(T) > 1) rest = static_cast<Unsigned>(rest >> 8U);
  }
  return static_cast<T>(swapped);
}

/// The bytes of a record at an offset, its fields still in file order; nothing if out of bounds.
template <typename Raw>
[[nodiscard]] std::optional<Raw> read_raw(core::ByteView bytes, std::uint64_t offset) {
  const auto part = core::slice(bytes, offset, sizeof(Raw));
  if (!part) return std::nullopt;
  Raw raw;
  std::memcpy(&raw, part->data(), sizeof(Raw));
  return raw;
}

/// Appends a record whose fields are already in file order.
template <typename Raw>
void append_raw(std::vector<std::uint8_t>& out, const Raw& raw) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(&raw);
  out.insert(out.end(), data, data + sizeof(Raw));
}

template <typename Raw>
void overwrite_raw(std::vector<std::uint8_t>& out, std::size_t offset, const Raw& raw) {
  std::memcpy(out.data() + offset, &raw, sizeof(Raw));
}

/// e_machine as a number of elf.h's size; EM_* are ints there.
[[nodiscard]] inline bool is_machine(const Layout& layout, int machine) {
  return layout.machine == machine;
}

/// Byte sizes of the records that tables consist of.
[[nodiscard]] inline std::uint64_t symbol_size(const Layout& layout) {
  return layout.is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
}
[[nodiscard]] inline std::uint64_t dynamic_size(const Layout& layout) {
  return layout.is_64 ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
}
[[nodiscard]] inline std::uint64_t relocation_size(const Layout& layout, bool has_addend) {
  if (layout.is_64) return has_addend ? sizeof(Elf64_Rela) : sizeof(Elf64_Rel);
  return has_addend ? sizeof(Elf32_Rela) : sizeof(Elf32_Rel);
}

/// An address, size or offset word of the file's class at an offset.
[[nodiscard]] inline std::optional<std::uint64_t> read_word(core::ByteView bytes,
                                                            std::uint64_t offset,
                                                            const Layout& layout) {
  if (layout.is_64) return core::read_u64(bytes, offset, layout.order);
  const auto word = core::read_u32(bytes, offset, layout.order);
  if (!word) return std::nullopt;
  return *word;
}

/// The two kinds of error a file can cause, with a stable reason and a sentence.
[[nodiscard]] inline tl::unexpected<core::Error> malformed(
    std::string reason, std::string message, std::optional<std::uint64_t> offset = {}) {
  return core::fail(core::ErrorCode::malformed, std::move(reason), std::move(message), {}, offset);
}

[[nodiscard]] inline tl::unexpected<core::Error> beyond_limit(
    std::string reason, std::string message, std::optional<std::uint64_t> offset = {}) {
  return core::fail(core::ErrorCode::limit_exceeded, std::move(reason), std::move(message), {},
                    offset);
}

}  // namespace muslcheck::elf
