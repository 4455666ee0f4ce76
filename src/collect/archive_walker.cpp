// Native code in jars is unpacked into a temporary folder when it is first needed, so no ELF file
// of it is in the image; one must look into the archive.
//
// Of a jar only the central directory is read, and unpacked are only members that can matter:
//   - native libraries, by name: "libx.so", "libx.so.1", "libduckdb_java.so_linux_amd64";
//   - programs (the node of Playwright, selenium-manager): members without an extension, outside of
//     META-INF, of which the first bytes are those of an ELF file;
//   - the manifest and the pom.properties, which tell the jar's name and version;
//   - archives in it (Spring Boot's BOOT-INF/lib/*.jar, WEB-INF/lib, EAR), to a bounded depth.
// Not seen are libraries that are compressed once more (x.so.gz, x.txz) and those whose name has
// another extension.
//
// Archives are hostile: members may overlap, so that few bytes are many members or the same nested
// archive a thousand times, and deflate packs zeros 1000 to 1. What all archives of a layer may
// unpack grows with the bytes they have; how many records may be looked at is bounded, and so is
// the depth. Beyond a limit the archive becomes a problem. Nothing recurses: the archives that are
// open are a list, never longer than kMaxArchiveDepth.

#include "archive_walker.hpp"

#include <elf.h>

#include <algorithm>
#include <array>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::collect {
namespace {

namespace limits = core::limits;
using core::ErrorCode;
using source::KeptBytes;
using source::ZipMember;

constexpr std::array<std::string_view, 6> kExtensions{".jar", ".war", ".ear",
                                                      ".hpi", ".jpi", ".nar"};
constexpr std::string_view kManifest = "META-INF/MANIFEST.MF";
constexpr std::uint64_t kSmallestElf = 52;  ///< an ELF header of 32 bits

// What looking costs, in records of a central directory.
constexpr std::uint64_t kCostOfRead = 100;
constexpr std::uint64_t kCostOfOpen = 1000;

/// "x.so", "x.so.1.2", "x.so_linux_amd64", but not "x.source" or "x.sock".
bool is_library_name(std::string_view name) {
  const std::size_t at = name.rfind(".so");
  if (at == std::string_view::npos || at == 0) return false;
  if (at + 3 == name.size()) return true;
  const char next = name[at + 3];
  return next == '.' || next == '_' || next == '-';
}

/// What may be a program: "driver/linux/node". Java's own files have extensions; what is below
/// META-INF has none either but is text.
bool may_be_program(const ZipMember& member) {
  return member.size >= kSmallestElf && !member.name.starts_with("META-INF/") &&
         core::file_name(member.name).find('.') == std::string_view::npos;
}

/// The manifest's main section; those of its entries (digests of signed files) may be megabytes.
std::string_view main_section(std::string_view manifest) {
  for (const std::string_view end : {"\n\n", "\r\n\r\n"})
    manifest = manifest.substr(0, manifest.find(end));
  return manifest.substr(0, limits::kMaxArchiveMetadata);
}

core::Error too_much(std::string reason, std::string message) {
  return {.code = ErrorCode::limit_exceeded,
          .reason = std::move(reason),
          .message = std::move(message),
          .path = {},
          .offset = {}};
}

std::string path_of(const std::string& archive, std::string_view name) {
  return archive + "!/" + std::string(name);
}

}  // namespace

bool is_archive_name(std::string_view path) {
  return std::any_of(kExtensions.begin(), kExtensions.end(),
                     [&](std::string_view extension) { return path.ends_with(extension); });
}

bool is_archive_metadata(std::string_view name) {
  return name == kManifest ||
         (name.starts_with("META-INF/maven/") && name.ends_with("/pom.properties"));
}

ArchiveWalker::ArchiveWalker(ArchiveVisitor visitor)
    : visitor_(std::move(visitor)),
      budget_{.unpacked = limits::kFreeExpansion,
              .work = limits::kMaxArchiveWork,
              .path_bytes = limits::kMaxPathBytesPerLayer} {}

void ArchiveWalker::walk(const std::string& path, const KeptBytes& archive) {
  const std::uint64_t grant = std::min(archive.bytes.size() * limits::kMaxArchiveExpansion,
                                       limits::kMaxUnpackedArchives - granted_);
  granted_ += grant;
  budget_.unpacked += grant;
  open(path, archive);
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.next == level.members.size()) {
      levels_.pop_back();
    } else {
      const ZipMember member = level.members[level.next++];
      look_at(member);
    }
  }
}

void ArchiveWalker::open(std::string path, KeptBytes zip) {
  if (levels_.size() == limits::kMaxArchiveDepth)
    return report(path, too_much("archive-too-deep", "not looked into: more than " +
                                                         std::to_string(limits::kMaxArchiveDepth) +
                                                         " archives in one another"));
  if (!spend(kCostOfOpen, path)) return;
  auto members = source::read_zip_directory(zip.bytes);
  if (!members) return report(path, members.error());
  if (!spend(members->size(), path)) return;
  levels_.push_back(
      {.zip = std::move(zip), .path = std::move(path), .members = std::move(*members)});
}

/// Counts work against the layer's budget; false, with a problem once, when it is used up.
bool ArchiveWalker::spend(std::uint64_t work, const std::string& path) {
  if (work <= budget_.work) {
    budget_.work -= work;
    return true;
  }
  if (!told_too_much_)
    report(path, too_much("archives-too-large",
                          "the archives of the layer have too many members: from here on they are "
                          "not looked into"));
  told_too_much_ = true;
  return false;
}

void ArchiveWalker::look_at(const ZipMember& member) {
  const Level& level = levels_.back();
  if (member.is_directory() || member.is_link) return;
  if (is_archive_metadata(member.name)) {
    if (is_named_well(level, member)) take(level, member, false);
  } else if (is_archive_name(member.name)) {
    if (!is_named_well(level, member) || !spend(kCostOfRead, level.path)) return;
    std::string path = path_of(level.path, member.name);
    if (member.size > budget_.unpacked)
      return report(path, too_much("archive-expansion", "unpacks to too much"));
    budget_.unpacked -= member.size;
    auto zip = source::read_zip_member(level.zip, member, limits::kMaxFileInMemory);
    if (!zip) return report(path, zip.error());
    open(std::move(path), std::move(*zip));
  } else if (is_library_name(member.name) || may_be_program(member)) {
    if (is_elf(level, member) && is_named_well(level, member)) take(level, member, true);
  }
}

/// A name that is no plain path below the archive is of no file that Java finds, and would be
/// another place in the tree.
bool ArchiveWalker::is_named_well(const Level& level, const ZipMember& member) {
  const std::string_view name = member.name;
  const bool well = core::normalize_path(name) == name && name.find('\0') == name.npos &&
                    name.find("!/") == name.npos &&
                    level.path.size() + 2 + name.size() <= limits::kMaxPathLength;
  if (!well)
    report(level.path,
           {.code = ErrorCode::malformed,
            .reason = "archive-member-name",
            .message = "not examined: the member " +
                       core::shortened(core::printable(name), limits::kMaxForeignMessage) +
                       ", whose name is no plain path",
            .path = {},
            .offset = {}});
  return well;
}

bool ArchiveWalker::is_elf(const Level& level, const ZipMember& member) {
  if (!spend(kCostOfRead, level.path)) return false;
  std::array<std::uint8_t, SELFMAG> head{};
  const auto size = source::read_zip_head(level.zip.bytes, member, head);
  if (!size) report(path_of(level.path, member.name), size.error());
  return size && core::as_text(core::ByteView(head).first(*size)) == ELFMAG;
}

void ArchiveWalker::take(const Level& level, const ZipMember& member, bool is_library) {
  std::string path = path_of(level.path, member.name);
  if (!spend(kCostOfRead, path)) return;
  if (member.size > budget_.unpacked || path.size() > budget_.path_bytes)
    return report(path, too_much("archive-expansion", "unpacks to too much"));
  budget_.unpacked -= member.size;
  budget_.path_bytes -= path.size();
  auto bytes = source::read_zip_member(level.zip, member,
                                       is_library ? limits::kMaxElfFile : limits::kMaxMetadataFile);
  if (!bytes) return report(path, bytes.error());
  model::FileEntry entry;
  entry.path = std::move(path);
  entry.mode = member.mode;
  entry.size = member.size;
  if (is_library) return visitor_.elf(std::move(entry), std::move(*bytes));
  const std::string_view text = core::as_text(bytes->bytes);
  visitor_.metadata(std::move(entry), member.name == kManifest
                                          ? main_section(text)
                                          : text.substr(0, limits::kMaxArchiveMetadata));
}

void ArchiveWalker::report(const std::string& path, core::Error error) {
  visitor_.problem(path, error);
}

}  // namespace muslcheck::collect
