#pragma once
/// Layers and archives compressed with gzip (RFC 1952) or zstd (RFC 8878), and what packages use
/// beside them: xz, bzip2, lzma.

#include <cstdint>
#include <memory>
#include <span>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::source {

enum class Compression { none, gzip, zstd, xz, bzip2, lzma };

/// What the magic bytes say; the name and the media type of a layer can lie. A zstd stream may
/// begin with a skippable frame. Unsupported ("compression-unsupported") for xz and bzip2, which
/// OCI does not know.
[[nodiscard]] core::Result<Compression> find_compression(core::ByteView bytes);

/// What the magic bytes of a package's archive say: one of all. "lzma" has no magic number; it is
/// taken for what lzma's own program writes.
[[nodiscard]] Compression find_package_compression(core::ByteView bytes);

/// Gives the content of compressed bytes, piece by piece.
class Decompressor {
 public:
  virtual ~Decompressor() = default;
  /// Fills `out` from its start; how many bytes were written, 0 at the end only. Errors: malformed
  /// ("truncated", "damaged"), limit_exceeded ("out-of-memory").
  [[nodiscard]] virtual core::Result<std::size_t> fill(std::span<std::uint8_t> out) = 0;
  /// Bytes of the compressed input taken so far.
  [[nodiscard]] virtual std::uint64_t consumed() const = 0;
};

/// A decompressor over bytes that outlive it. `compression` is not none. All members of a gzip
/// file, all frames of a zstd file and all streams of an xz file are read; what follows the last
/// gzip member and is none is passed over, as gzip does. Error: limit_exceeded ("out-of-memory").
[[nodiscard]] core::Result<std::unique_ptr<Decompressor>> make_decompressor(Compression compression,
                                                                            core::ByteView bytes);

}  // namespace muslcheck::source
