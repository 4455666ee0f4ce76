// Tar and cpio archives through libarchive, which knows the dialects: ustar, PAX, GNU long names,
// base-256 numbers, sparse files.
//
// An uncompressed archive is handed to libarchive as one block of memory. libarchive then gives
// back pointers into that block, and a file of any size is looked at without a copy. A compressed
// one comes in pieces out of a LayerStream; libarchive's own decompressors are not used.
//
// Names are kept as the bytes they are. In the C locale libarchive cannot convert PAX names from
// UTF-8, warns, and keeps the original bytes, which is what an image means by a name.
//
// What an archive may expand to is bounded before anything is unpacked: a header that promises
// more than the limit ends the reading. This also stops sparse files, whose holes cost nothing to
// write down.

#include "tar_reader.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

#include "muslcheck/core/limits.hpp"

namespace muslcheck::source {
namespace {

using core::ByteView;
using core::ErrorCode;
using model::FileKind;

core::Error error_of(struct archive* reader) {
  const char* text = archive_error_string(reader);
  // libarchive has one error number for all damage; its texts tell the end of the file apart. Of a
  // cpio archive that ends where a header should be it says nothing.
  const std::string message = text == nullptr ? "Truncated archive" : text;
  const bool truncated = message.find("runcated") != std::string::npos;
  return {.code = ErrorCode::malformed,
          .reason = truncated ? "truncated" : "damaged",
          .message = message,
          .path = {},
          .offset = {}};
}

/// The error before any member was seen: then the bytes are no tar at all.
core::Error first_error_of(struct archive* reader) {
  core::Error error = error_of(reader);
  if (error.reason == "damaged") error.reason = "not-a-tar";
  return error;
}

core::Error out_of_memory() {
  return {.code = ErrorCode::limit_exceeded,
          .reason = "out-of-memory",
          .message = "too large for the memory there is",
          .path = {},
          .offset = {}};
}

using TextOf = const char* (*)(struct archive_entry*);

/// The raw bytes of a text, else its UTF-8 form. That one is made from the raw bytes when it is
/// asked for, which takes longer than all else about an entry.
std::string text_of(struct archive_entry* entry, TextOf raw, TextOf utf8) {
  const char* text = raw(entry);
  if (text == nullptr) text = utf8(entry);
  return text == nullptr ? std::string() : std::string(text);
}

FileKind kind_of(struct archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr || archive_entry_hardlink_utf8(entry) != nullptr)
    return FileKind::hardlink;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG: return FileKind::regular;
    case AE_IFDIR: return FileKind::directory;
    case AE_IFLNK: return FileKind::symlink;
    default: return FileKind::other;
  }
}

TarMember member_of(struct archive_entry* entry, ArchiveFormat format) {
  TarMember member;
  member.name = text_of(entry, archive_entry_pathname, archive_entry_pathname_utf8);
  member.kind = kind_of(entry);
  member.mode = static_cast<std::uint32_t>(archive_entry_perm(entry)) & 07777U;
  const la_int64_t size = archive_entry_size(entry);
  if (member.kind == FileKind::hardlink)
    member.link_target = text_of(entry, archive_entry_hardlink, archive_entry_hardlink_utf8);
  if (member.kind == FileKind::hardlink && format == ArchiveFormat::cpio && size > 0)
    member.kind = FileKind::regular;
  if (member.kind == FileKind::regular && size > 0) member.size = static_cast<std::uint64_t>(size);
  if (member.kind == FileKind::symlink)
    member.link_target = text_of(entry, archive_entry_symlink, archive_entry_symlink_utf8);
  return member;
}

void support(struct archive* reader, ArchiveFormat format) {
  if (format == ArchiveFormat::cpio) {
    archive_read_support_format_cpio(reader);
  } else {
    archive_read_support_format_tar(reader);
  }
}

std::uint64_t unpacked_so_far(struct archive* reader) {
  const la_int64_t position = archive_filter_bytes(reader, 0);
  return position < 0 ? 0 : static_cast<std::uint64_t>(position);
}

}  // namespace

/// Where libarchive gets a stream's pieces from, and what went wrong there.
struct TarStreamInput {
  explicit TarStreamInput(LayerStream from) : stream(std::move(from)) {}

  static la_ssize_t read(struct archive* /*reader*/, void* self, const void** buffer) {
    auto& input = *static_cast<TarStreamInput*>(self);
    const auto piece = input.failure ? core::ByteView{} : input.take();
    if (input.failure) return ARCHIVE_FATAL;
    *buffer = piece.data();
    return static_cast<la_ssize_t>(piece.size());
  }

  core::ByteView take() {
    auto piece = stream.next();
    if (piece) return *piece;
    failure = piece.error();
    return {};
  }

  LayerStream stream;
  std::optional<core::Error> failure;
};

void TarReader::Closer::operator()(struct archive* reader) const { archive_read_free(reader); }

TarReader::TarReader() : reader_(archive_read_new()), content_(std::make_unique<TarContent>()) {}
TarReader::TarReader(TarReader&&) noexcept = default;
TarReader& TarReader::operator=(TarReader&&) noexcept = default;
TarReader::~TarReader() = default;

core::Result<TarReader> TarReader::open(KeptBytes archive, std::uint64_t max_unpacked,
                                        ArchiveFormat format) {
  TarReader tar;
  tar.format_ = format;
  struct archive* reader = tar.reader_.get();
  if (reader == nullptr) return tl::make_unexpected(out_of_memory());
  support(reader, format);
  if (archive_read_open_memory(reader, archive.bytes.data(), archive.bytes.size()) != ARCHIVE_OK)
    return tl::make_unexpected(first_error_of(reader));
  tar.content_->archive_ = std::move(archive);
  tar.max_unpacked_ = max_unpacked;
  tar.content_->max_size_ = std::min(max_unpacked, core::limits::kMaxElfFile);
  return tar;
}

core::Result<TarReader> TarReader::open(LayerStream stream, std::uint64_t max_unpacked,
                                        ArchiveFormat format) {
  TarReader tar;
  tar.format_ = format;
  struct archive* reader = tar.reader_.get();
  if (reader == nullptr) return tl::make_unexpected(out_of_memory());
  tar.input_ = std::make_unique<TarStreamInput>(std::move(stream));
  tar.max_unpacked_ = max_unpacked;
  tar.content_->max_size_ = std::min(max_unpacked, core::limits::kMaxElfFile);
  tar.content_->input_ = tar.input_.get();
  support(reader, format);
  if (archive_read_open(reader, tar.input_.get(), nullptr, TarStreamInput::read, nullptr) !=
      ARCHIVE_OK)
    return tl::make_unexpected(tar.error());
  return tar;
}

std::uint64_t TarReader::position() const { return unpacked_so_far(reader_.get()); }

LayerStream* TarReader::stream() { return input_ ? &input_->stream : nullptr; }

/// The stream's own error counts before what libarchive makes of it.
core::Error TarReader::error() const {
  if (input_ && input_->failure) return *input_->failure;
  return any_member_ ? error_of(reader_.get()) : first_error_of(reader_.get());
}

/// True if the archive ends behind the last file's content, where the zeros that fill its last
/// block should be. umoci has written such layers, and container engines take them: Go's
/// archive/tar sees a regular end there.
bool TarReader::lacks_padding_only() const {
  constexpr std::uint64_t kBlock = 512;
  if (format_ != ArchiveFormat::tar || !data_end_ || (input_ && input_->failure)) return false;
  const std::uint64_t end = input_ ? input_->stream.unpacked() : content_->archive_.bytes.size();
  return end >= *data_end_ && end - *data_end_ < (kBlock - *data_end_ % kBlock) % kBlock;
}

core::Result<std::optional<TarMember>> TarReader::next() {
  struct archive* reader = reader_.get();
  struct archive_entry* entry = nullptr;
  const int status = archive_read_next_header(reader, &entry);
  if (status == ARCHIVE_EOF) return std::optional<TarMember>();
  if (status < ARCHIVE_WARN && lacks_padding_only()) return std::optional<TarMember>();
  // ARCHIVE_RETRY is a header with a wrong checksum. libarchive would look for another one behind
  // it and take a file's content for headers, so this is the end.
  if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return tl::make_unexpected(error());
  any_member_ = true;
  TarMember member = member_of(entry, format_);
  const std::uint64_t before = unpacked_so_far(reader);
  // A sparse file takes less room than its size, so its size is judged when it is read.
  const bool is_sparse = archive_entry_sparse_count(entry) > 0;
  const std::uint64_t stored = is_sparse ? 0 : member.size;
  if (before > max_unpacked_ || stored > max_unpacked_ - before)
    return tl::make_unexpected(expansion_error(max_unpacked_));
  data_end_ = before + stored;
  content_->look_at(reader, member.size, is_sparse);
  return std::optional<TarMember>(std::move(member));
}

void TarContent::look_at(struct archive* reader, std::uint64_t size, bool is_sparse) {
  reader_ = reader;
  size_ = size;
  is_sparse_ = is_sparse;
  block_ = {};
  block_start_ = 0;
  has_block_ = false;
  buffer_.clear();
  failure_.reset();
}

/// Takes the next block of data; behind the last one an empty block at the end of the file.
core::Result<void> TarContent::pull() {
  const std::uint64_t reached = block_start_ + block_.size();
  const void* data = nullptr;
  std::size_t count = 0;
  la_int64_t offset = 0;
  int status = ARCHIVE_RETRY;
  while (status == ARCHIVE_RETRY) status = archive_read_data_block(reader_, &data, &count, &offset);
  if (status < ARCHIVE_WARN) return tl::make_unexpected(failure_of_archive());
  const bool at_end = status == ARCHIVE_EOF;
  block_start_ = at_end ? size_ : static_cast<std::uint64_t>(offset);
  block_ = at_end ? ByteView{} : ByteView(static_cast<const std::uint8_t*>(data), count);
  if (block_start_ < reached || block_start_ > size_ || block_.size() > size_ - block_start_)
    return core::fail(ErrorCode::malformed, "damaged", "file data outside of the file");
  has_block_ = true;
  return {};
}

core::Error TarContent::failure_of_archive() const {
  return input_ != nullptr && input_->failure ? *input_->failure : error_of(reader_);
}

/// Copies blocks and the zeros of holes between them until the first `size` bytes are known.
core::Result<void> TarContent::gather(std::uint64_t size) {
  if (size > core::limits::kMaxFileInMemory)
    return core::fail(ErrorCode::limit_exceeded, "file-too-large",
                      "larger than " + std::to_string(core::limits::kMaxFileInMemory) +
                          " bytes in a compressed layer");
  buffer_.reserve(static_cast<std::size_t>(size));
  while (buffer_.size() < size) {
    if (!has_block_)
      if (auto result = pull(); !result) return result;
    if (buffer_.size() < block_start_) {
      buffer_.resize(static_cast<std::size_t>(std::min(size, block_start_)));
    } else {
      buffer_.insert(buffer_.end(), block_.begin(), block_.end());
      has_block_ = false;
    }
  }
  return {};
}

core::Result<ByteView> TarContent::first_block() {
  if (!has_block_ && buffer_.empty() && size_ > 0)
    if (auto result = pull(); !result) return tl::make_unexpected(result.error());
  return has_block_ && block_start_ == 0 ? block_ : ByteView{};
}

core::Result<ByteView> TarContent::head(std::size_t size) try {
  const std::uint64_t wanted = std::min<std::uint64_t>(size, size_);
  if (failure_) return tl::make_unexpected(*failure_);
  const auto first = buffer_.empty() ? first_block() : core::Result<ByteView>{};
  if (first && first->size() >= wanted) return first->first(static_cast<std::size_t>(wanted));
  const auto gathered = first ? gather(wanted) : tl::make_unexpected(first.error());
  if (gathered) return ByteView(buffer_).first(static_cast<std::size_t>(wanted));
  failure_ = gathered.error();
  return tl::make_unexpected(*failure_);
} catch (const std::bad_alloc&) {
  return tl::make_unexpected(out_of_memory());
}

core::Result<ByteView> TarContent::all() {
  if (size_ > max_size_)
    return core::fail(ErrorCode::limit_exceeded,
                      size_ > core::limits::kMaxElfFile ? "file-too-large" : "expansion-limit",
                      "larger than " + std::to_string(max_size_) + " bytes");
  return head(static_cast<std::size_t>(size_));
}

std::uint64_t TarContent::memory_to_keep() const {
  return input_ == nullptr && !is_sparse_ ? 0 : size_;
}

/// What was gathered is handed over without a copy; what is seen in place stays there.
core::Result<KeptBytes> TarContent::keep() {
  const auto bytes = all();
  if (!bytes) return tl::make_unexpected(bytes.error());
  const bool in_place = input_ == nullptr && buffer_.empty();
  if (in_place)
    return KeptBytes{.bytes = *bytes,
                     .owner = archive_.owner,
                     .mapped = archive_.mapped,
                     .check_unchanged = archive_.check_unchanged};
  if (buffer_.empty()) return copy_of(*bytes);
  const auto owner = std::make_shared<const std::vector<std::uint8_t>>(std::move(buffer_));
  failure_ = core::Error{.code = ErrorCode::internal,
                         .reason = "content-taken",
                         .message = "the content was handed over before",
                         .path = {},
                         .offset = {}};
  return KeptBytes{.bytes = *owner, .owner = owner, .memory = owner->size()};
}

}  // namespace muslcheck::source
