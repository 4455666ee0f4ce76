// Zip archives (PKWARE's APPNOTE.TXT 6.3), by their central directory as java.util.zip.ZipFile and
// Python's zipfile read them.
//
// The end record is the last thing in the file but for a comment of up to 64 KiB. The directory
// ends where the end record (or zip64's) begins, and where it begins says how many bytes stand
// before the archive: an executable jar has a shell script there, and its offsets count from behind
// it (ZipFile.Source.initCEN: cenpos = endpos - cenlen, locpos = cenpos - cenoff).
//
// libarchive would read each member's own header, too, in a few microseconds each. An image with
// 500 jars has 200,000 members, of which 200 matter; their records here cost some nanoseconds.
// Sizes are the directory's, so a data descriptor behind a member is never looked at.

#include "muslcheck/source/zip.hpp"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <sys/stat.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <optional>

#include "muslcheck/core/limits.hpp"

namespace muslcheck::source {
namespace {

using core::ByteView;
using core::ErrorCode;

constexpr std::string_view kMemberMagic = "PK\3\4";
constexpr std::string_view kRecordMagic = "PK\1\2";
constexpr std::string_view kEndMagic = "PK\5\6";
constexpr std::string_view kEnd64Magic = "PK\6\6";
constexpr std::string_view kLocator64Magic = "PK\6\7";
constexpr std::uint64_t kMemberSize = 30;
constexpr std::uint64_t kRecordSize = 46;
constexpr std::uint64_t kEndSize = 22;
constexpr std::uint64_t kEnd64Size = 56;
constexpr std::uint64_t kLocator64Size = 20;
constexpr std::uint64_t kMaxComment = 0xffff;
constexpr std::uint64_t kIn64 = 0xffffffff;  ///< the true number is in the zip64 field
constexpr std::uint16_t kField64 = 1;
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;
constexpr std::uint8_t kUnix = 3;

tl::unexpected<core::Error> damaged(std::string message, std::uint64_t offset) {
  return core::fail(ErrorCode::malformed, "zip-damaged", std::move(message), {}, offset);
}

bool has_magic(ByteView bytes, std::uint64_t offset, std::string_view magic) {
  const auto found = core::slice(bytes, offset, magic.size());
  return found && core::as_text(*found) == magic;
}

/// Little-endian numbers of a record that is known to be inside of the bytes.
struct Fields {
  ByteView bytes;
  [[nodiscard]] std::uint8_t u8(std::uint64_t at) const {
    return core::read_u8(bytes, at).value_or(0);
  }
  [[nodiscard]] std::uint16_t u16(std::uint64_t at) const {
    return core::read_u16(bytes, at, core::ByteOrder::little).value_or(0);
  }
  [[nodiscard]] std::uint32_t u32(std::uint64_t at) const {
    return core::read_u32(bytes, at, core::ByteOrder::little).value_or(0);
  }
  [[nodiscard]] std::uint64_t u64(std::uint64_t at) const {
    return core::read_u64(bytes, at, core::ByteOrder::little).value_or(0);
  }
};

/// Where the central directory is.
struct Directory {
  ByteView records;
  std::uint64_t start = 0;   ///< offset of the records
  std::uint64_t before = 0;  ///< bytes before the archive
  std::uint64_t count = 0;
};

/// The directory that ends at `end` and should have begun at `offset` of the archive.
std::optional<Directory> directory_before(ByteView zip, std::uint64_t end, std::uint64_t size,
                                          std::uint64_t offset, std::uint64_t count) {
  if (size > end || offset > end - size) return std::nullopt;
  const std::uint64_t start = end - size;
  if (count > size / kRecordSize) return std::nullopt;
  if (count > 0 && !has_magic(zip, start, kRecordMagic)) return std::nullopt;
  return Directory{
      .records = zip.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(size)),
      .start = start,
      .before = start - offset,
      .count = count};
}

/// By zip64's end record, which its locator before the end record leads to. Behind a script the
/// locator's offset is short by the script's size; then the record stands right before it.
std::optional<Directory> find_directory64(ByteView zip, std::uint64_t end) {
  if (end < kLocator64Size + kEnd64Size) return std::nullopt;
  const std::uint64_t locator = end - kLocator64Size;
  if (!has_magic(zip, locator, kLocator64Magic)) return std::nullopt;
  std::uint64_t at = Fields{zip}.u64(locator + 8);
  if (!has_magic(zip, at, kEnd64Magic)) at = locator - kEnd64Size;
  const auto record = core::slice(zip, at, kEnd64Size);
  if (!record || !has_magic(zip, at, kEnd64Magic)) return std::nullopt;
  const Fields fields{*record};
  return directory_before(zip, at, fields.u64(40), fields.u64(48), fields.u64(32));
}

std::optional<Directory> directory_of_end(ByteView zip, std::uint64_t at) {
  const Fields end{zip.subspan(static_cast<std::size_t>(at))};
  const std::uint64_t after = at + kEndSize + end.u16(20);
  // A directory without members proves nothing: only one that ends the file counts.
  if (after > zip.size() || (after < zip.size() && end.u16(10) == 0)) return std::nullopt;
  const bool is_64 = end.u16(10) == 0xffff || end.u32(12) == kIn64 || end.u32(16) == kIn64;
  if (is_64)
    if (const auto found = find_directory64(zip, at)) return found;
  return directory_before(zip, at, end.u32(12), end.u32(16), end.u16(10));
}

/// The last end record that leads to a directory: a comment may hold what looks like another.
std::optional<Directory> find_directory(ByteView zip) {
  if (zip.size() < kEndSize) return std::nullopt;
  const std::uint64_t last = zip.size() - kEndSize;
  const std::uint64_t first = last - std::min(last, kMaxComment);
  for (std::uint64_t at = last + 1; at-- > first;)
    if (has_magic(zip, at, kEndMagic))
      if (const auto directory = directory_of_end(zip, at)) return directory;
  return std::nullopt;
}

/// Takes the numbers that did not fit into 32 bits from the zip64 field, where they stand in this
/// order, each only if it did not fit.
bool read_field64(ByteView extra, ZipMember& member) {
  while (extra.size() >= 4) {
    const Fields head{extra};
    const std::size_t size = head.u16(2);
    if (size > extra.size() - 4) return false;
    ByteView field = extra.subspan(4, size);
    if (head.u16(0) == kField64) {
      for (std::uint64_t* value : {&member.size, &member.packed, &member.offset}) {
        if (*value != kIn64) continue;
        if (field.size() < 8) return false;
        *value = Fields{field}.u64(0);
        field = field.subspan(8);
      }
      return true;
    }
    extra = extra.subspan(4 + size);
  }
  return true;
}

/// The member of the record at the front of `records`, of which it is taken away.
std::optional<ZipMember> take_record(ByteView& records, std::uint64_t before) {
  if (records.size() < kRecordSize || !has_magic(records, 0, kRecordMagic)) return std::nullopt;
  const Fields fields{records};
  const std::size_t name = fields.u16(28);
  const std::size_t extra = fields.u16(30);
  const std::size_t whole = kRecordSize + name + extra + fields.u16(32);
  if (whole > records.size()) return std::nullopt;
  ZipMember member{.name = core::as_text(records.subspan(kRecordSize, name)),
                   .size = fields.u32(24),
                   .packed = fields.u32(20),
                   .offset = fields.u32(42),
                   .crc32 = fields.u32(16),
                   .method = fields.u16(10),
                   .is_encrypted = (fields.u16(8) & 1U) != 0};
  if (fields.u8(5) == kUnix) {
    const std::uint32_t mode = fields.u32(38) >> 16U;
    member.mode = mode & 07777U;
    member.is_link = S_ISLNK(mode);
  }
  if (!read_field64(records.subspan(kRecordSize + name, extra), member)) return std::nullopt;
  if (member.offset > std::numeric_limits<std::uint64_t>::max() - before) return std::nullopt;
  member.offset += before;
  records = records.subspan(whole);
  return member;
}

core::Result<ByteView> packed_bytes(ByteView zip, const ZipMember& member) {
  if (member.is_encrypted)
    return core::fail(ErrorCode::unsupported, "zip-encrypted", "is encrypted");
  if (member.method != kStored && member.method != kDeflated)
    return core::fail(ErrorCode::unsupported, "zip-method",
                      "is compressed with method " + std::to_string(member.method));
  const auto header = core::slice(zip, member.offset, kMemberSize);
  if (!header || !has_magic(*header, 0, kMemberMagic))
    return damaged("there is no member where the directory says", member.offset);
  const Fields fields{*header};
  const std::uint64_t start = member.offset + kMemberSize + fields.u16(26) + fields.u16(28);
  const auto packed = core::slice(zip, start, member.packed);
  if (!packed) return damaged("the member is longer than the archive", member.offset);
  if (member.method == kStored && member.packed != member.size)
    return damaged("a stored member has two sizes", member.offset);
  return *packed;
}

struct Inflated {
  std::size_t size = 0;      ///< bytes that were put into `out`
  bool is_complete = false;  ///< the data ended there, and well
};

/// Inflates until `out` is full or the data ends.
Inflated inflate(ByteView packed, std::span<std::uint8_t> out) {
  const std::unique_ptr<inflate_state> state(new inflate_state);
  isal_inflate_init(state.get());
  state->crc_flag = ISAL_DEFLATE;
  // isa-l only reads its input; the interface is C's.
  state->next_in = const_cast<std::uint8_t*>(packed.data());  // NOLINT
  state->avail_in = static_cast<std::uint32_t>(packed.size());
  state->next_out = out.data();
  state->avail_out = static_cast<std::uint32_t>(out.size());
  int status = isal_inflate(state.get());
  const std::size_t size = out.size() - state->avail_out;
  // With the last byte of room filled, the end of the data may be yet unread.
  std::uint8_t more = 0;
  if (status == ISAL_DECOMP_OK && state->avail_out == 0) {
    state->next_out = &more;
    state->avail_out = 1;
    status = isal_inflate(state.get());
    if (state->avail_out == 0) return {.size = size};
  }
  return {.size = size,
          .is_complete = status == ISAL_DECOMP_OK && state->block_state == ISAL_BLOCK_FINISH};
}

core::Error too_large(std::uint64_t limit) {
  return {.code = ErrorCode::limit_exceeded,
          .reason = "file-too-large",
          .message = "larger than " + std::to_string(limit) + " bytes",
          .path = {},
          .offset = {}};
}

core::Result<KeptBytes> unpacked(ByteView packed, const ZipMember& member) try {
  // No room is made for what deflate cannot be.
  if (member.size / core::limits::kMaxExpansionRatio > packed.size())
    return damaged("the member cannot be as large as the directory says", member.offset);
  const auto size = static_cast<std::size_t>(member.size);
  const std::shared_ptr<std::uint8_t[]> owner(new std::uint8_t[std::max<std::size_t>(size, 1)]);
  const Inflated inflated = inflate(packed, {owner.get(), size});
  if (!inflated.is_complete || inflated.size != size)
    return damaged("the compressed data is not what the directory says", member.offset);
  return KeptBytes{.bytes = {owner.get(), size}, .owner = owner, .memory = size};
} catch (const std::bad_alloc&) {
  return core::fail(ErrorCode::limit_exceeded, "out-of-memory",
                    "too large for the memory there is");
}

core::Result<KeptBytes> content_of(const KeptBytes& zip, ByteView packed, const ZipMember& member) {
  if (member.method == kDeflated) return unpacked(packed, member);
  return KeptBytes{.bytes = packed,
                   .owner = zip.owner,
                   .mapped = zip.mapped,
                   .check_unchanged = zip.check_unchanged};
}

std::uint32_t checksum_of(ByteView bytes) { return crc32_gzip_refl(0, bytes.data(), bytes.size()); }

}  // namespace

bool has_zip_magic(ByteView head) {
  return has_magic(head, 0, kMemberMagic) || has_magic(head, 0, kEndMagic);
}

core::Result<std::vector<ZipMember>> read_zip_directory(ByteView zip) {
  const auto directory = find_directory(zip);
  if (!directory)
    return core::fail(ErrorCode::malformed, "not-a-zip",
                      "is no zip archive: it has no directory of its members at its end");
  if (directory->count > core::limits::kMaxZipMembers)
    return core::fail(ErrorCode::limit_exceeded, "too-many-members",
                      "has more than " + std::to_string(core::limits::kMaxZipMembers) + " members");
  std::vector<ZipMember> members;
  members.reserve(static_cast<std::size_t>(directory->count));
  ByteView records = directory->records;
  while (members.size() < directory->count) {
    const auto member = take_record(records, directory->before);
    if (!member)
      return damaged("the directory of its members is damaged",
                     directory->start + directory->records.size() - records.size());
    members.push_back(*member);
  }
  return members;
}

core::Result<KeptBytes> read_zip_member(const KeptBytes& zip, const ZipMember& member,
                                        std::uint64_t max_size) {
  const std::uint64_t limit = std::min(max_size, core::limits::kMaxFileInMemory);
  // Deflate makes nothing much larger, whatever it is given; isa-l counts in 32 bits.
  if (member.size > limit || member.packed / 2 > limit)
    return tl::make_unexpected(too_large(limit));
  const auto packed = packed_bytes(zip.bytes, member);
  if (!packed) return tl::make_unexpected(packed.error());
  auto content = content_of(zip, *packed, member);
  if (content && checksum_of(content->bytes) != member.crc32)
    return core::fail(ErrorCode::malformed, "zip-checksum", "has a wrong checksum", {},
                      member.offset);
  return content;
}

core::Result<std::size_t> read_zip_head(ByteView zip, const ZipMember& member,
                                        std::span<std::uint8_t> out) {
  const auto packed = packed_bytes(zip, member);
  if (!packed) return tl::make_unexpected(packed.error());
  if (member.method == kStored) {
    const std::size_t size = std::min(out.size(), packed->size());
    std::copy_n(packed->begin(), size, out.begin());
    return size;
  }
  // Whatever the member's size, its first bytes are in its first packed ones.
  constexpr std::size_t kEnough = 64U << 10U;
  return inflate(packed->first(std::min(packed->size(), kEnough)), out).size;
}

}  // namespace muslcheck::source
