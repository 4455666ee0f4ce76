#pragma once
/// LayerFacts as bytes: what the cache keeps in its files, and what machines may give each other.
/// The bytes depend on the facts alone, on no machine and no run.
///
/// All numbers are little-endian; a text is a u32 length and its bytes.
///
///   4 bytes "MCLF", u32 version (kLayerEncoding), 32 bytes SHA-256 of all that follows
///   text    digest of the layer ("sha256:...", may be empty), u8 verified
///   u64     number of entries; each:
///             u16 bytes that the path shares with the path of the entry before, text rest of it,
///             u8 kind (model::FileKind), u32 mode, u64 size, text link target
///   u64     number of ELF files; each: text path, text facts (elf/codec.hpp)
///   u64     number of digests of ELF files; each: text path, text 64 hex digits
///   u64     number of metadata files; each: text path, text content
///   u64     number of shebangs; each: text path, text line
///   u64     number of shell scripts; each: text path, text content
///   u64     number of archives; each: text path, list of members as the list of entries
///   u64     number of problems; each: text path, text stage, text code, text message

#include <cstdint>
#include <memory>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/image.hpp"

namespace muslcheck::cache {

/// Version of the encoding and of what it means. Increased with every change of LayerFacts, of its
/// encoding, and of what collect and elf make of the same bytes; other versions are not read.
inline constexpr std::uint32_t kLayerEncoding = 9;

[[nodiscard]] std::vector<std::uint8_t> encode_layer(const model::LayerFacts& facts);

/// Decodes untrusted bytes. Reasons: "layer-encoding" (not this encoding), "layer-checksum",
/// "layer-truncated", "layer-value" (a number that has no meaning), "layer-trailing" (bytes left
/// over), those of elf::decode_facts. `owner` as there.
[[nodiscard]] core::Result<model::LayerFacts> decode_layer(
    core::ByteView bytes, const std::shared_ptr<const void>& owner = nullptr);

}  // namespace muslcheck::cache
