// Decompression with the digests taken on the way: of the compressed bytes (the blob's digest) and
// of the uncompressed ones (the diff_id). Hashing is work for other threads; a buffer is used again
// when nobody refers to it any more.

#include "layer_stream.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "host_file.hpp"

namespace muslcheck::source {
namespace {

constexpr std::size_t kBufferSize = 1U << 20U;
constexpr std::uint64_t kNoteEvery = 2U << 20U;  // bytes of compressed input

}  // namespace

core::Error expansion_error(std::uint64_t limit) {
  return {.code = core::ErrorCode::limit_exceeded,
          .reason = "expansion-limit",
          .message = "expands to more than " + std::to_string(limit) + " bytes",
          .path = {},
          .offset = {}};
}

core::Result<LayerStream> LayerStream::open(Compression compression, core::ByteView bytes,
                                            const Options& options, core::Tasks& tasks) {
  auto decompressor = make_decompressor(compression, bytes);
  if (!decompressor) return tl::make_unexpected(decompressor.error());
  return LayerStream(std::move(*decompressor), bytes, options, tasks);
}

LayerStream::LayerStream(std::unique_ptr<Decompressor> decompressor, core::ByteView bytes,
                         const Options& options, core::Tasks& tasks)
    : decompressor_(std::move(decompressor)), bytes_(bytes), options_(options) {
  if (!options.with_digests) return;
  compressed_.emplace(tasks);
  uncompressed_.emplace(tasks);
}

core::Result<core::ByteView> LayerStream::next() {
  if (const auto in_time = options_.deadline.check(); !in_time)
    return tl::make_unexpected(in_time.error());
  fresh_buffer();
  const auto filled = decompressor_->fill(*buffer_);
  if (!filled) return tl::make_unexpected(filled.error());
  if (options_.progress != nullptr) options_.progress->reach(decompressor_->consumed());
  unpacked_ += *filled;
  if (unpacked_ > options_.max_unpacked)
    return tl::make_unexpected(expansion_error(options_.max_unpacked));
  const auto piece = core::ByteView(*buffer_).first(*filled);
  if (uncompressed_ && !piece.empty()) uncompressed_->add({piece, buffer_});
  if (decompressor_->consumed() - noted_ >= kNoteEvery) note_consumed(decompressor_->consumed());
  return piece;
}

core::Result<std::optional<StreamDigests>> LayerStream::finish() {
  if (!compressed_) return std::optional<StreamDigests>();
  for (bool more = true; more;) {
    const auto piece = next();
    if (!piece) return tl::make_unexpected(piece.error());
    more = !piece->empty();
  }
  note_consumed(bytes_.size());
  StreamDigests digests{.compressed = compressed_->finish(),
                        .uncompressed = uncompressed_->finish()};
  // Hashing lags behind, and brought pages back that had been given back before.
  if (options_.mapped) give_back_pages(bytes_);
  return std::optional(std::move(digests));
}

/// A buffer that no digest refers to any more.
void LayerStream::fresh_buffer() {
  buffer_.reset();
  const auto free = std::find_if(buffers_.begin(), buffers_.end(),
                                 [](const auto& buffer) { return buffer.use_count() == 1; });
  if (free != buffers_.end()) {
    // use_count() alone does not order this thread's writes behind the other's last read.
    std::atomic_thread_fence(std::memory_order_acquire);
    buffer_ = *free;
    return;
  }
  buffer_ = std::make_shared<Buffer>(kBufferSize);
  buffers_.push_back(buffer_);
}

/// Hashes the compressed bytes up to a position and gives back their pages.
void LayerStream::note_consumed(std::uint64_t position) {
  const auto piece =
      bytes_.subspan(static_cast<std::size_t>(noted_), static_cast<std::size_t>(position - noted_));
  if (compressed_ && !piece.empty()) compressed_->add({piece, options_.owner});
  if (options_.mapped && noted_ >= kNoteEvery)
    give_back_pages(bytes_.subspan(static_cast<std::size_t>(noted_ - kNoteEvery), kNoteEvery));
  noted_ = position;
}

}  // namespace muslcheck::source
