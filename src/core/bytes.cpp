// Checked access to untrusted bytes. Offsets are 64 bits wide and come straight from files, so
// every comparison is written such that it cannot wrap: size against what is left, never
// offset + size against the end.

#include "muslcheck/core/bytes.hpp"

#include <algorithm>

namespace muslcheck::core {
namespace {

template <typename T>
std::optional<T> read_integer(ByteView bytes, std::uint64_t offset, ByteOrder order) {
  const auto part = slice(bytes, offset, sizeof(T));
  if (!part) return std::nullopt;
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    const std::size_t at = order == ByteOrder::big ? i : sizeof(T) - 1 - i;
    value = static_cast<T>((value << 8U) | (*part)[at]);
  }
  return value;
}

}  // namespace

std::optional<ByteView> slice(ByteView bytes, std::uint64_t offset, std::uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset) return std::nullopt;
  return bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

std::optional<std::uint8_t> read_u8(ByteView bytes, std::uint64_t offset) {
  if (offset >= bytes.size()) return std::nullopt;
  return bytes[static_cast<std::size_t>(offset)];
}

std::optional<std::uint16_t> read_u16(ByteView bytes, std::uint64_t offset, ByteOrder order) {
  return read_integer<std::uint16_t>(bytes, offset, order);
}

std::optional<std::uint32_t> read_u32(ByteView bytes, std::uint64_t offset, ByteOrder order) {
  return read_integer<std::uint32_t>(bytes, offset, order);
}

std::optional<std::uint64_t> read_u64(ByteView bytes, std::uint64_t offset, ByteOrder order) {
  return read_integer<std::uint64_t>(bytes, offset, order);
}

std::optional<std::string_view> read_string(ByteView bytes, std::uint64_t offset,
                                            std::uint64_t max_length) {
  if (offset >= bytes.size()) return std::nullopt;
  const ByteView rest = bytes.subspan(static_cast<std::size_t>(offset));
  const std::size_t reach =
      max_length < rest.size() ? static_cast<std::size_t>(max_length) + 1 : rest.size();
  const ByteView window = rest.first(reach);
  const auto end = std::find(window.begin(), window.end(), std::uint8_t{0});
  if (end == window.end()) return std::nullopt;
  return as_text(window.first(static_cast<std::size_t>(end - window.begin())));
}

std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace muslcheck::core
