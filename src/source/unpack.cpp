// Unpacking into memory of unknown size.
//
// A vector copies all it has whenever it grows and needs twice the memory while it does. The kernel
// moves pages to a larger place without touching them, and pages that were never written are none.

#include "unpack.hpp"

#include <sys/mman.h>

#include <algorithm>

#include "layer_stream.hpp"

namespace muslcheck::source {
namespace {

constexpr std::size_t kStep = 16U << 20U;

}  // namespace

GrowingMemory::~GrowingMemory() {
  if (data_ != nullptr) ::munmap(data_, capacity_);
}

std::span<std::uint8_t> GrowingMemory::room(std::size_t count) {
  if (capacity_ - size_ < count) {
    const std::size_t wanted = std::max(capacity_ * 2, size_ + count);
    void* grown = data_ == nullptr ? ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE,
                                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
                                   : ::mremap(data_, capacity_, wanted, MREMAP_MAYMOVE);
    if (grown == MAP_FAILED) return {};
    data_ = static_cast<std::uint8_t*>(grown);
    capacity_ = wanted;
  }
  return {data_ + size_, capacity_ - size_};
}

core::Result<GrowingMemory> unpack(Compression compression, core::ByteView bytes,
                                   std::uint64_t max_unpacked, const core::Deadline& deadline) {
  auto decompressor = make_decompressor(compression, bytes);
  if (!decompressor) return tl::make_unexpected(decompressor.error());
  GrowingMemory unpacked;
  for (;;) {
    if (const auto in_time = deadline.check(); !in_time)
      return tl::make_unexpected(in_time.error());
    const auto room = unpacked.room(kStep);
    if (room.empty())
      return core::fail(core::ErrorCode::limit_exceeded, "out-of-memory",
                        "too large for the memory there is");
    const auto filled = (*decompressor)->fill(room.first(kStep));
    if (!filled) return tl::make_unexpected(filled.error());
    if (*filled == 0) return unpacked;
    unpacked.use(*filled);
    if (unpacked.bytes().size() > max_unpacked)
      return tl::make_unexpected(expansion_error(max_unpacked));
  }
}

}  // namespace muslcheck::source
