// Which compression bytes have, by their magic numbers.

#include "decompress.hpp"

#include <array>
#include <string>
#include <string_view>

#include "decompressors.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;

constexpr std::string_view kGzip{"\x1f\x8b", 2};
constexpr std::uint32_t kZstdFrame = 0xfd2fb528;
constexpr std::uint32_t kZstdSkippable = 0x184d2a50;  // to 0x184d2a5f

struct Magic {
  std::string_view bytes;
  Compression compression;
  const char* name;
};
constexpr std::array kForeignMagic{
    Magic{{"\xfd"
           "7zXZ",
           5},
          Compression::xz,
          "xz"},
    Magic{{"BZh", 3}, Compression::bzip2, "bzip2"},
};
// Properties lc=3 lp=0 pb=2 and a dictionary of whole 64 KiB: what `lzma` writes at every level.
constexpr std::string_view kLzma{"\x5d\0\0", 3};

bool is_zstd(core::ByteView bytes) {
  const auto magic = core::read_u32(bytes, 0, core::ByteOrder::little);
  return magic && (*magic == kZstdFrame || (*magic & 0xfffffff0) == kZstdSkippable);
}

}  // namespace

core::Result<Compression> find_compression(core::ByteView bytes) {
  const std::string_view text = core::as_text(bytes);
  for (const Magic& foreign : kForeignMagic)
    if (text.starts_with(foreign.bytes))
      return core::fail(ErrorCode::unsupported, "compression-unsupported",
                        std::string("compressed with ") + foreign.name +
                            ", which cannot be read; gzip and zstd can");
  if (is_zstd(bytes)) return Compression::zstd;
  return text.starts_with(kGzip) ? Compression::gzip : Compression::none;
}

Compression find_package_compression(core::ByteView bytes) {
  const std::string_view text = core::as_text(bytes);
  for (const Magic& foreign : kForeignMagic)
    if (text.starts_with(foreign.bytes)) return foreign.compression;
  if (text.starts_with(kLzma)) return Compression::lzma;
  return find_compression(bytes).value_or(Compression::none);
}

core::Result<std::unique_ptr<Decompressor>> make_decompressor(Compression compression,
                                                              core::ByteView bytes) {
  switch (compression) {
    case Compression::gzip: return make_gzip_decompressor(bytes);
    case Compression::zstd: return make_zstd_decompressor(bytes);
    case Compression::xz:
    case Compression::bzip2:
    case Compression::lzma: return make_archive_decompressor(compression, bytes);
    case Compression::none: break;
  }
  return core::fail(ErrorCode::internal, "not-compressed", "nothing to decompress");
}

}  // namespace muslcheck::source
