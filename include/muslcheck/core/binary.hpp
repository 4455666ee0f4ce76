#pragma once
/// Little-endian numbers appended to and taken from bytes: what encodings of facts are made of.

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "muslcheck/core/bytes.hpp"

namespace muslcheck::core {

/// The number with its bytes in little-endian order in memory, or back.
template <typename T>
[[nodiscard]] constexpr T as_little_endian(T value) {
  static_assert(std::is_unsigned_v<T>);
  if constexpr (std::endian::native == std::endian::little || sizeof(T) == 1) {
    return value;
  } else {
    T swapped = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      swapped = static_cast<T>(swapped << 8U | (value >> (8 * i) & 0xffU));
    return swapped;
  }
}

template <typename T>
void append_number(std::vector<std::uint8_t>& out, T value) {
  const T ordered = as_little_endian(value);
  const std::size_t before = out.size();
  out.resize(before + sizeof(T));
  std::memcpy(out.data() + before, &ordered, sizeof(T));
}

/// Takes a number from the start of the bytes; false, and nothing is taken, if there are too few.
template <typename T>
[[nodiscard]] bool take_number(ByteView& bytes, T& value) {
  if (bytes.size() < sizeof(T)) return false;
  std::memcpy(&value, bytes.data(), sizeof(T));
  value = as_little_endian(value);
  bytes = bytes.subspan(sizeof(T));
  return true;
}

}  // namespace muslcheck::core
