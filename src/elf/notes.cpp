// Notes (System V ABI, chapter 5, "Note Section"). Three words, then a name and a descriptor,
// each padded: to 8 bytes in a segment aligned to 8 (.note.gnu.property), else to 4, for both
// classes. All PT_NOTE segments are read, because the build id and the ABI tag are often in
// different ones; Go's linker puts the build id in a section that no segment has.

#include "elf/notes.hpp"

#include <array>

#include "elf/sections.hpp"
#include "muslcheck/core/limits.hpp"

namespace muslcheck::elf {
namespace {

struct Note {
  std::string_view owner;
  std::uint32_t type = 0;
  core::ByteView content;
  std::uint64_t size = 0;  ///< with header and padding
};

constexpr std::uint32_t kAbiTag = NT_GNU_ABI_TAG;  // the same number for all owners below
constexpr std::uint32_t kGoBuildId = 4;            // ELF_NOTE_GOBUILDID_TAG, Go's cmd/link
constexpr std::array<std::string_view, 5> kAbiOwners{"GNU", "Android", "FreeBSD", "NetBSD",
                                                     "OpenBSD"};

std::uint64_t padded(std::uint64_t size, std::uint64_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

std::optional<Note> read_note(core::ByteView segment, std::uint64_t at, std::uint64_t alignment,
                              core::ByteOrder order) {
  const auto raw = read_raw<Elf32_Nhdr>(segment, at);
  if (!raw) return std::nullopt;
  const std::uint64_t name_size = in_order(raw->n_namesz, order);
  const std::uint64_t content_size = in_order(raw->n_descsz, order);
  const std::uint64_t content_at = padded(sizeof(Elf32_Nhdr) + name_size, alignment);
  const auto name = core::slice(segment, at + sizeof(Elf32_Nhdr), name_size);
  const auto content = core::slice(segment, at + content_at, content_size);
  if (!name || !content) return std::nullopt;
  std::string_view owner = core::as_text(*name);
  owner = owner.substr(0, owner.find('\0'));
  return Note{.owner = owner,
              .type = in_order(raw->n_type, order),
              .content = *content,
              .size = padded(content_at + content_size, alignment)};
}

std::string hex(core::ByteView bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xfU];
  }
  return text;
}

void take(const Note& note, Notes& notes) {
  if (note.owner == ELF_NOTE_GNU && note.type == NT_GNU_BUILD_ID) {
    const bool plausible = note.content.size() <= core::limits::kMaxBuildId;
    if (notes.build_id.empty() && plausible) notes.build_id = hex(note.content);
  } else if (note.owner == "Go" && note.type == kGoBuildId) {
    notes.has_go_build_id = true;
  } else if (note.type == kAbiTag && notes.abi_note.empty()) {
    for (const std::string_view owner : kAbiOwners)
      if (note.owner == owner) notes.abi_note = owner;
  }
}

class NoteReader {
 public:
  NoteReader(core::ByteView file, core::ByteOrder order) : file_(file), order_(order) {}

  /// Reads notes until one does not fit.
  core::Result<void> read(const Range& range, std::uint64_t alignment) {
    const auto content = core::slice(file_, range.offset, range.size);
    if (!content) return {};
    std::uint64_t at = 0;
    while (const auto note = read_note(*content, at, alignment == 8 ? 8 : 4, order_)) {
      if (++count_ > core::limits::kMaxNotes)
        return beyond_limit(
            "too-many-notes",
            "the file has more than " + std::to_string(core::limits::kMaxNotes) + " notes");
      take(*note, notes);
      at += note->size;
    }
    return {};
  }

  Notes notes;

 private:
  core::ByteView file_;
  core::ByteOrder order_;
  std::uint32_t count_ = 0;
};

}  // namespace

core::Result<Notes> read_notes(core::ByteView file, const FileHeader& header,
                               const std::vector<Segment>& segments) {
  NoteReader reader(file, header.layout.order);
  for (const Segment& segment : segments) {
    if (segment.type != PT_NOTE) continue;
    const Range range{.offset = segment.offset, .size = segment.file_size};
    if (const auto read = reader.read(range, segment.alignment); !read)
      return tl::make_unexpected(read.error());
  }
  if (!reader.notes.build_id.empty()) return std::move(reader.notes);
  for (const Section& section : read_sections(file, header)) {
    if (section.type != SHT_NOTE) continue;
    if (const auto read = reader.read(section.content, section.alignment); !read)
      return tl::make_unexpected(read.error());
  }
  return std::move(reader.notes);
}

}  // namespace muslcheck::elf
