#pragma once
/// zstd for tests.

#include <zstd.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace muslcheck::test {

/// The content as one zstd frame.
inline std::string zstd(std::string_view content) {
  std::string packed(ZSTD_compressBound(content.size()), '\0');
  const std::size_t size =
      ZSTD_compress(packed.data(), packed.size(), content.data(), content.size(), 3);
  if (ZSTD_isError(size) != 0) throw std::runtime_error("zstd failed");
  packed.resize(size);
  return packed;
}

/// A frame that decoders pass over (RFC 8878, section 3.1.2).
inline std::string zstd_skippable(std::string_view content) {
  std::string frame("\x50\x2a\x4d\x18", 4);
  for (int shift = 0; shift < 32; shift += 8)
    frame += static_cast<char>(content.size() >> static_cast<unsigned>(shift) & 0xffU);
  return frame.append(content);
}

}  // namespace muslcheck::test
