#pragma once
/// One decompressor per library; decompress.cpp picks.

#include <memory>

#include "decompress.hpp"

namespace muslcheck::source {

[[nodiscard]] core::Result<std::unique_ptr<Decompressor>> make_gzip_decompressor(
    core::ByteView bytes);
[[nodiscard]] core::Result<std::unique_ptr<Decompressor>> make_zstd_decompressor(
    core::ByteView bytes);

/// xz, bzip2 and lzma.
[[nodiscard]] core::Result<std::unique_ptr<Decompressor>> make_archive_decompressor(
    Compression compression, core::ByteView bytes);

}  // namespace muslcheck::source
