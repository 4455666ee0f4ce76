#pragma once
/// Checked reading of integers and strings from untrusted bytes. Nothing here can read outside
/// the view or overflow: every access is checked and absent means "not inside the file".

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace muslcheck::core {

using ByteView = std::span<const std::uint8_t>;

enum class ByteOrder : std::uint8_t { little, big };

/// The bytes [offset, offset + size), or nothing if they are not all inside.
[[nodiscard]] std::optional<ByteView> slice(ByteView bytes, std::uint64_t offset,
                                            std::uint64_t size);

/// Unsigned integers at a byte offset in the given order; nothing if they are not all inside.
[[nodiscard]] std::optional<std::uint8_t> read_u8(ByteView bytes, std::uint64_t offset);
[[nodiscard]] std::optional<std::uint16_t> read_u16(ByteView bytes, std::uint64_t offset,
                                                    ByteOrder order);
[[nodiscard]] std::optional<std::uint32_t> read_u32(ByteView bytes, std::uint64_t offset,
                                                    ByteOrder order);
[[nodiscard]] std::optional<std::uint64_t> read_u64(ByteView bytes, std::uint64_t offset,
                                                    ByteOrder order);

/// The NUL-terminated string at an offset, without its NUL; nothing if there is no NUL within
/// `max_length` bytes or before the end of the view. The view lives as long as `bytes`.
[[nodiscard]] std::optional<std::string_view> read_string(ByteView bytes, std::uint64_t offset,
                                                          std::uint64_t max_length);

/// The same bytes as text, and text as bytes.
[[nodiscard]] std::string_view as_text(ByteView bytes);
[[nodiscard]] ByteView as_bytes(std::string_view text);

}  // namespace muslcheck::core
