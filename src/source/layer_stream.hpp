#pragma once
/// The uncompressed bytes of a compressed layer, one piece after the other, with both digests.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "decompress.hpp"
#include "muslcheck/core/deadline.hpp"
#include "muslcheck/core/progress.hpp"
#include "muslcheck/core/tasks.hpp"
#include "stream_digest.hpp"

namespace muslcheck::source {

/// What the digests of a stream were.
struct StreamDigests {
  std::string compressed;    ///< "sha256:..."
  std::string uncompressed;  ///< "sha256:..."
};

/// Decompresses in pieces. No more than `max_unpacked` bytes come out.
class LayerStream {
 public:
  struct Options {
    std::uint64_t max_unpacked = 0;
    bool with_digests = false;
    bool mapped = false;  ///< the bytes are a mapped file: consumed pages are given back
    std::shared_ptr<const void> owner = {};  ///< of the bytes, as long as they are hashed
    core::PartProgress* progress = nullptr;  ///< compressed bytes are counted there
    core::Deadline deadline = {};
  };

  /// `bytes` and `tasks` outlive the stream. Errors as make_decompressor.
  [[nodiscard]] static core::Result<LayerStream> open(Compression compression, core::ByteView bytes,
                                                      const Options& options, core::Tasks& tasks);

  /// The next piece, empty at the end; valid until the next call. Errors: as Decompressor::fill,
  /// limit_exceeded ("expansion-limit"), as Deadline::check.
  [[nodiscard]] core::Result<core::ByteView> next();

  /// Uncompressed bytes given so far.
  [[nodiscard]] std::uint64_t unpacked() const { return unpacked_; }

  /// Reads to the end and gives the digests; nothing without Options::with_digests.
  [[nodiscard]] core::Result<std::optional<StreamDigests>> finish();

 private:
  using Buffer = std::vector<std::uint8_t>;
  LayerStream(std::unique_ptr<Decompressor> decompressor, core::ByteView bytes,
              const Options& options, core::Tasks& tasks);
  void fresh_buffer();
  void note_consumed(std::uint64_t position);

  std::unique_ptr<Decompressor> decompressor_;
  core::ByteView bytes_;
  Options options_;
  std::optional<StreamDigest> compressed_;
  std::optional<StreamDigest> uncompressed_;
  std::shared_ptr<Buffer> buffer_;
  std::vector<std::shared_ptr<Buffer>> buffers_;
  std::uint64_t unpacked_ = 0;
  std::uint64_t noted_ = 0;
};

/// The error for bytes that expand to more than they may.
[[nodiscard]] core::Error expansion_error(std::uint64_t limit);

}  // namespace muslcheck::source
