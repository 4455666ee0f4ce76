#pragma once
/// ElfFacts as bytes: what a worker process answers, and fit to be cached. The bytes depend on
/// the facts alone, on no machine and no run.

#include <cstdint>
#include <memory>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::elf {

/// Version of the encoding, written into it. Increased with every change of ElfFacts or of the
/// encoding; other versions are not read.
inline constexpr std::uint32_t kFactsEncoding = 3;

/// Encodes facts. Names that libraries and versions share are stored once.
[[nodiscard]] std::vector<std::uint8_t> encode_facts(const model::ElfFacts& facts);

/// Decodes untrusted bytes. The result owns its characters (ElfFacts::storage): a copy of them, or
/// `owner`, if that is given and keeps `bytes` as long as it lives.
/// Reasons: "facts-encoding" (not this encoding), "facts-truncated", "facts-value" (a number that
/// has no meaning), "facts-trailing" (bytes left over).
[[nodiscard]] core::Result<model::ElfFacts> decode_facts(
    core::ByteView bytes, const std::shared_ptr<const void>& owner = nullptr);

}  // namespace muslcheck::elf
