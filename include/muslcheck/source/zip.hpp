#pragma once
/// Zip archives that lie in memory: jar, war, ear, whl, nupkg. Nothing is unpacked but the members
/// that are asked for, and nothing is read but the central directory until one is.
///
///   const auto directory = read_zip_directory(bytes.bytes);   // what is in it
///   const auto content = read_zip_member(bytes, member, max); // one of them, when it matters
///
/// Both take hostile bytes. What limits a caller must have beside them is how much it unpacks of
/// one archive in all: members may overlap, so that few bytes are many members.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/source/source.hpp"

namespace muslcheck::source {

/// One record of the central directory.
struct ZipMember {
  std::string_view name;      ///< as the archive has it, not normalised; lives in the bytes
  std::uint64_t size = 0;     ///< as the archive says: true of what read_zip_member gives
  std::uint64_t packed = 0;   ///< bytes in the archive
  std::uint64_t offset = 0;   ///< of the member's own header, from the start of the bytes
  std::uint32_t crc32 = 0;    ///< of the content
  std::uint32_t mode = 0;     ///< permission bits, where a Unix system wrote the archive; else 0
  std::uint16_t method = 0;   ///< 0: stored, 8: deflated; others cannot be read
  bool is_encrypted = false;  ///< cannot be read
  bool is_link = false;       ///< a symbolic link, whose content is its target
  bool operator==(const ZipMember&) const = default;

  /// Folders are members whose name ends in a slash.
  [[nodiscard]] bool is_directory() const { return name.ends_with('/'); }
};

/// True if the bytes begin as a zip archive does, or have an end record: executable jars begin
/// with a script. `head` alone decides for those that begin as one.
[[nodiscard]] bool has_zip_magic(core::ByteView head);

/// The members in the order of the central directory, which is what Java and Python go by; a later
/// one of the same name wins. Errors: malformed ("not-a-zip": no end record, "zip-damaged"),
/// limit_exceeded ("too-many-members": more than kMaxZipMembers).
[[nodiscard]] core::Result<std::vector<ZipMember>> read_zip_directory(core::ByteView zip);

/// The content of a member, checked against its size and checksum: a view of the archive for a
/// stored one, memory of its own for a deflated one. Errors: limit_exceeded ("file-too-large": more
/// than `max_size`, "out-of-memory"), unsupported ("zip-encrypted", "zip-method"), malformed
/// ("zip-damaged", "zip-checksum").
[[nodiscard]] core::Result<KeptBytes> read_zip_member(const KeptBytes& zip, const ZipMember& member,
                                                      std::uint64_t max_size);

/// Fills `out` with the first bytes of a member, unpacking no more than these; fewer where the
/// member is shorter or damaged. Errors as read_zip_member, without size and checksum.
[[nodiscard]] core::Result<std::size_t> read_zip_head(core::ByteView zip, const ZipMember& member,
                                                      std::span<std::uint8_t> out);

}  // namespace muslcheck::source
