#pragma once
/// Compressed bytes unpacked as a whole.

#include <cstddef>
#include <cstdint>
#include <utility>

#include "decompress.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/deadline.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::source {

/// Memory that grows without being copied.
class GrowingMemory {
 public:
  GrowingMemory() = default;
  GrowingMemory(const GrowingMemory&) = delete;
  GrowingMemory& operator=(const GrowingMemory&) = delete;
  GrowingMemory(GrowingMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        capacity_(std::exchange(other.capacity_, 0)),
        size_(std::exchange(other.size_, 0)) {}
  GrowingMemory& operator=(GrowingMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(capacity_, other.capacity_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~GrowingMemory();

  [[nodiscard]] core::ByteView bytes() const { return {data_, size_}; }
  /// At least `count` bytes behind the used ones; nothing if there is no memory.
  [[nodiscard]] std::span<std::uint8_t> room(std::size_t count);
  /// The first `count` bytes of the room are used now.
  void use(std::size_t count) { size_ += count; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

/// The content of compressed bytes as one piece. Errors as Decompressor::fill, limit_exceeded
/// ("expansion-limit", "out-of-memory"), and that of the deadline.
[[nodiscard]] core::Result<GrowingMemory> unpack(Compression compression, core::ByteView bytes,
                                                 std::uint64_t max_unpacked,
                                                 const core::Deadline& deadline = {});

}  // namespace muslcheck::source
