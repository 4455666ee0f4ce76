// rpm's own "ndb" database, which SUSE uses (lib/backend/ndb/rpmpkg.c). All numbers are
// little-endian; offsets count blocks of 16 bytes.
//
//   header, 32 bytes: "RpmP", u32 version 0, generation, pages of slots, next package number
//   slots, 16 bytes each, to the end of their pages of 4096: "Slot", u32 package, block, blocks
//   blob: "BlbS", u32 package, generation, size; the header; padding; u32 Adler-32, size, "BlbE"
//
// A slot whose package is 0 is free.

#include <cstdint>
#include <string>

#include "rpm_databases.hpp"

namespace muslcheck::packages {
namespace {

using core::ByteOrder;
using core::ByteView;

constexpr std::string_view kMagic = "RpmP";
constexpr std::string_view kSlotMagic = "Slot";
constexpr std::string_view kBlobMagic = "BlbS";
constexpr std::string_view kEndMagic = "BlbE";
constexpr std::uint64_t kHeaderSize = 32;
constexpr std::uint64_t kPageSize = 4096;
constexpr std::uint64_t kSlotSize = 16;
constexpr std::uint64_t kBlockSize = 16;
constexpr std::uint64_t kBlobHead = 16;
constexpr std::uint64_t kBlobTail = 12;

tl::unexpected<core::Error> malformed(const std::string& what) {
  return core::fail(core::ErrorCode::malformed, "rpm-database-malformed", what);
}

std::uint32_t number(ByteView bytes, std::uint64_t offset) {
  return core::read_u32(bytes, offset, ByteOrder::little).value_or(0);
}

bool has_magic(ByteView bytes, std::uint64_t offset, std::string_view magic) {
  const auto found = core::slice(bytes, offset, magic.size());
  return found && core::as_text(*found) == magic;
}

/// The header that a slot refers to.
core::Result<ByteView> blob_of(ByteView database, ByteView slot) {
  const auto blob =
      core::slice(database, number(slot, 8) * kBlockSize, number(slot, 12) * kBlockSize);
  if (!blob || blob->size() < kBlobHead + kBlobTail) return malformed("a slot leaves the file");
  const std::uint64_t size = number(*blob, 12);
  if (!has_magic(*blob, 0, kBlobMagic) || number(*blob, 4) != number(slot, 4) ||
      !has_magic(*blob, blob->size() - 4, kEndMagic) || size > blob->size() - kBlobHead - kBlobTail)
    return malformed("a slot refers to what is not its package");
  return blob->subspan(kBlobHead, size);
}

}  // namespace

core::Result<void> visit_rpm_ndb(std::string_view database, const VisitHeader& visit) {
  const ByteView bytes = core::as_bytes(database);
  if (!has_magic(bytes, 0, kMagic) || number(bytes, 4) != 0)
    return malformed("it is no ndb database of a known version");
  const auto slots = core::slice(bytes, 0, number(bytes, 12) * kPageSize);
  if (!slots || slots->size() < kPageSize) return malformed("its slots are cut off");
  for (std::uint64_t at = kHeaderSize; at < slots->size(); at += kSlotSize) {
    const ByteView slot = slots->subspan(at, kSlotSize);
    if (!has_magic(slot, 0, kSlotMagic)) return malformed("what should be a slot is none");
    if (number(slot, 4) == 0) continue;
    const auto header = blob_of(bytes, slot);
    if (!header) return tl::make_unexpected(header.error());
    if (!visit(*header)) return {};
  }
  return {};
}

}  // namespace muslcheck::packages
