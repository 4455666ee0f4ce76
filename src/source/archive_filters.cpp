// xz, bzip2 and lzma through libarchive, whose "raw" format is a file that is nothing but
// compressed. Only packages have them: .deb and .rpm files mostly xz.
//
// libarchive lets an xz or lzma stream have a gigabyte for its dictionary at most, and decodes all
// streams of a file one after the other.

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>

#include "decompressors.hpp"

namespace muslcheck::source {
namespace {

using core::ByteView;
using core::ErrorCode;

struct Closer {
  void operator()(struct archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<struct archive, Closer>;

/// libarchive tells damage and an early end apart only in its texts; liblzma calls an end of the
/// input that is none "No progress is possible".
core::Error error_of(struct archive* reader) {
  const char* text = archive_error_string(reader);
  const std::string message = text == nullptr ? "damaged" : text;
  const bool truncated = message.find("runcated") != std::string::npos ||
                         message.find("No progress") != std::string::npos;
  if (truncated)
    return {.code = ErrorCode::malformed,
            .reason = "truncated",
            .message = "the compressed data ends early",
            .path = {},
            .offset = {}};
  const bool memory = message.find("emory") != std::string::npos;
  return {.code = memory ? ErrorCode::limit_exceeded : ErrorCode::malformed,
          .reason = memory ? "out-of-memory" : "damaged",
          .message = "the compressed data: " + message,
          .path = {},
          .offset = {}};
}

class ArchiveDecompressor final : public Decompressor {
 public:
  explicit ArchiveDecompressor(Reader reader) : reader_(std::move(reader)) {}

  /// Gives what one block of libarchive's has: archive_read_data would go on until `out` is full,
  /// and at damage what it had would be lost.
  core::Result<std::size_t> fill(std::span<std::uint8_t> out) override {
    if (block_.empty()) {
      if (auto pulled = pull(); !pulled) return tl::make_unexpected(pulled.error());
    }
    const std::size_t count = std::min(out.size(), block_.size());
    std::copy_n(block_.begin(), count, out.begin());
    block_ = block_.subspan(count);
    return count;
  }

  [[nodiscard]] std::uint64_t consumed() const override {
    const la_int64_t position = archive_filter_bytes(reader_.get(), -1);
    return position < 0 ? 0 : static_cast<std::uint64_t>(position);
  }

 private:
  /// The next block that is not empty; an empty one at the end.
  core::Result<void> pull() {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    int status = ARCHIVE_OK;
    while (status == ARCHIVE_OK && size == 0)
      status = archive_read_data_block(reader_.get(), &data, &size, &offset);
    if (status == ARCHIVE_EOF) return {};
    if (status != ARCHIVE_OK) return tl::make_unexpected(error_of(reader_.get()));
    block_ = ByteView(static_cast<const std::uint8_t*>(data), size);
    return {};
  }

  Reader reader_;
  ByteView block_;
};

int support(struct archive* reader, Compression compression) {
  switch (compression) {
    case Compression::xz: return archive_read_support_filter_xz(reader);
    case Compression::bzip2: return archive_read_support_filter_bzip2(reader);
    default: return archive_read_support_filter_lzma(reader);
  }
}

}  // namespace

core::Result<std::unique_ptr<Decompressor>> make_archive_decompressor(Compression compression,
                                                                      ByteView bytes) {
  Reader reader(archive_read_new());
  if (!reader)
    return core::fail(ErrorCode::limit_exceeded, "out-of-memory",
                      "too large for the memory there is");
  archive_read_support_format_raw(reader.get());
  // Anything but OK is a build of libarchive that would start a program instead.
  if (support(reader.get(), compression) != ARCHIVE_OK)
    return core::fail(ErrorCode::unsupported, "compression-unsupported",
                      "compressed in a way that this build cannot read");
  struct archive_entry* entry = nullptr;
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK)
    return tl::make_unexpected(error_of(reader.get()));
  return std::make_unique<ArchiveDecompressor>(std::move(reader));
}

}  // namespace muslcheck::source
