// rpm packages (rpm's docs/manual/format_*.md): a lead of 96 bytes, a signature header padded to 8
// bytes, the main header, and the files in a cpio archive, compressed.
//
// A header is a magic number, 4 bytes unused, the number of index entries, the size of the data,
// then both. An entry is tag, type, offset into the data and count, all big-endian. Which package
// it is the readers of packages say; here only the architecture matters.
//
// A payload of files above 4 GiB has cpio headers without names and sizes ("07070X"), which is
// refused as damage: those are in the main header alone.

#include <optional>

#include "muslcheck/core/limits.hpp"
#include "package_readers.hpp"

namespace muslcheck::source {
namespace {

using core::ByteOrder;
using core::ByteView;
using core::ErrorCode;

constexpr std::uint64_t kLeadSize = 96;
constexpr std::uint32_t kHeaderMagic = 0x8eade801;
constexpr std::uint64_t kIntroSize = 16;
constexpr std::uint64_t kEntrySize = 16;
constexpr std::uint32_t kMaxTags = 0xffff;             // HEADER_TAGS_MAX of rpm
constexpr std::uint32_t kMaxHeaderData = 256U << 20U;  // HEADER_DATA_MAX of rpm
constexpr std::uint32_t kTagArchitecture = 1022;       // RPMTAG_ARCH
constexpr std::size_t kMaxArchitecture = 64;

struct Header {
  std::uint64_t start = 0;  ///< of the magic number
  std::uint32_t tags = 0;
  std::uint32_t data_size = 0;
  [[nodiscard]] std::uint64_t data() const { return start + kIntroSize + tags * kEntrySize; }
  [[nodiscard]] std::uint64_t end() const { return data() + data_size; }
};

tl::unexpected<core::Error> damaged(std::string message, std::uint64_t offset) {
  return core::fail(ErrorCode::malformed, "rpm-damaged", std::move(message), {}, offset);
}

std::optional<std::uint32_t> number_at(ByteView rpm, std::uint64_t offset) {
  return core::read_u32(rpm, offset, ByteOrder::big);
}

core::Result<Header> read_header(ByteView rpm, std::uint64_t start) {
  const auto magic = number_at(rpm, start);
  const auto tags = number_at(rpm, start + 8);
  const auto size = number_at(rpm, start + 12);
  if (!magic || !tags || !size) return damaged("ends before its headers do", start);
  if (*magic != kHeaderMagic) return damaged("there is no header where one should be", start);
  if (*tags > kMaxTags || *size > kMaxHeaderData)
    return damaged("a header is larger than rpm allows", start);
  const Header header{.start = start, .tags = *tags, .data_size = *size};
  if (header.end() > rpm.size()) return damaged("ends before its headers do", start);
  return header;
}

core::Result<Header> read_main_header(ByteView rpm) {
  const auto signature = read_header(rpm, kLeadSize);
  if (!signature) return signature;
  return read_header(rpm, (signature->end() + 7) / 8 * 8);
}

}  // namespace

core::Result<void> read_rpm_package(const KeptBytes& package, PackageEntries& entries,
                                    core::Tasks& tasks) {
  const auto header = read_main_header(package.bytes);
  if (!header) return tl::make_unexpected(header.error());
  KeptBytes description = package;
  description.bytes =
      package.bytes.subspan(static_cast<std::size_t>(header->start + 8),
                            static_cast<std::size_t>(header->end() - header->start - 8));
  if (auto added = entries.add_bytes("RPM/header", description); !added)
    return tl::make_unexpected(added.error());
  KeptBytes payload = package;
  payload.bytes = package.bytes.subspan(static_cast<std::size_t>(header->end()));
  auto cpio = open_package_tar(payload,
                               {.format = ArchiveFormat::cpio,
                                .max_unpacked = entries.limits().max_unpacked,
                                .progress = &entries.progress()},
                               tasks);
  if (!cpio) return tl::make_unexpected(package_error(cpio.error(), entries.place_of("payload")));
  return entries.add_all(*cpio, "payload");
}

std::string find_rpm_architecture(ByteView package) {
  const auto header = read_main_header(package);
  if (!header) return {};
  for (std::uint32_t i = 0; i < header->tags; ++i) {
    const std::uint64_t entry = header->start + kIntroSize + i * kEntrySize;
    if (number_at(package, entry) != kTagArchitecture) continue;
    const auto offset = number_at(package, entry + 8);
    if (!offset || *offset >= header->data_size) return {};
    const auto text = core::read_string(package, header->data() + *offset, kMaxArchitecture);
    return std::string(text.value_or(""));
  }
  return {};
}

}  // namespace muslcheck::source
