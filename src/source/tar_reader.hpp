#pragma once
/// Members of a tar or cpio archive that lies in memory or comes out of a decompressor.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "layer_stream.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/source/source.hpp"

struct archive;

namespace muslcheck::source {

/// One header of the archive. Names are the raw bytes of the archive, not yet normalised.
struct TarMember {
  std::string name;
  model::FileKind kind = model::FileKind::regular;
  std::uint32_t mode = 0;
  std::uint64_t size = 0;  ///< of regular files, with the holes of sparse ones
  /// Of symbolic and hard links. For a regular file of a cpio archive: the first name of a file
  /// whose content stands here; see `ArchiveFormat::cpio`.
  std::string link_target;
};

enum class ArchiveFormat {
  tar,
  /// rpm's payload. All names of a file come one after the other, and only the last has its content
  /// (cpio(5), "New ASCII Format"): the first looks like an empty file, the last is a regular file
  /// with a link target.
  cpio,
};

struct TarStreamInput;

/// Content of the current member, on request. With an uncompressed archive and a file without
/// holes the views point into the archive itself and nothing is copied.
class TarContent final : public Content {
 public:
  core::Result<core::ByteView> head(std::size_t size) override;
  core::Result<core::ByteView> all() override;
  core::Result<KeptBytes> keep() override;
  [[nodiscard]] std::uint64_t memory_to_keep() const override;

  /// The first piece of data as libarchive has it; empty behind a hole. In an uncompressed archive
  /// this is all data of the file that there is, as a view of the archive.
  [[nodiscard]] core::Result<core::ByteView> first_block();

 private:
  friend class TarReader;
  [[nodiscard]] core::Result<void> pull();
  [[nodiscard]] core::Result<void> gather(std::uint64_t size);
  [[nodiscard]] core::Error failure_of_archive() const;
  void look_at(struct archive* reader, std::uint64_t size, bool is_sparse);

  struct archive* reader_ = nullptr;
  const TarStreamInput* input_ = nullptr;  ///< null: the archive lies in memory
  KeptBytes archive_;                      ///< that memory
  std::uint64_t size_ = 0;
  std::uint64_t max_size_ = 0;
  core::ByteView block_;  ///< the last block taken, valid while has_block_
  std::uint64_t block_start_ = 0;
  bool has_block_ = false;
  bool is_sparse_ = false;
  std::vector<std::uint8_t> buffer_;  ///< what was gathered from several blocks
  std::optional<core::Error> failure_;
};

/// Reads the members of an archive one after the other.
class TarReader {
 public:
  /// Reads an uncompressed archive in memory. `max_unpacked` bounds what sparse files may expand
  /// to. Errors as next().
  [[nodiscard]] static core::Result<TarReader> open(KeptBytes archive, std::uint64_t max_unpacked,
                                                    ArchiveFormat format = ArchiveFormat::tar);
  /// Reads an archive that comes out of a stream, which it takes over.
  [[nodiscard]] static core::Result<TarReader> open(LayerStream stream, std::uint64_t max_unpacked,
                                                    ArchiveFormat format = ArchiveFormat::tar);

  TarReader(TarReader&&) noexcept;
  TarReader& operator=(TarReader&&) noexcept;
  ~TarReader();

  /// The next member; nothing at the end. Errors: malformed ("not-a-tar" if there was no member
  /// before, "truncated", "damaged"), limit_exceeded ("expansion-limit").
  [[nodiscard]] core::Result<std::optional<TarMember>> next();

  /// Content of the member that next() gave last; empty for all but regular files.
  [[nodiscard]] TarContent& content() { return *content_; }

  /// Bytes of the uncompressed archive that were read so far.
  [[nodiscard]] std::uint64_t position() const;

  /// The stream that open() took over; null for an archive in memory.
  [[nodiscard]] LayerStream* stream();

 private:
  TarReader();
  [[nodiscard]] core::Error error() const;
  [[nodiscard]] bool lacks_padding_only() const;

  struct Closer {
    void operator()(struct archive* reader) const;
  };
  // Before the reader, which refers to it.
  std::unique_ptr<TarStreamInput> input_;
  std::unique_ptr<struct archive, Closer> reader_;
  std::unique_ptr<TarContent> content_;
  std::uint64_t max_unpacked_ = 0;
  ArchiveFormat format_ = ArchiveFormat::tar;
  std::optional<std::uint64_t> data_end_;  ///< where the content of the last member ends
  bool any_member_ = false;
};

}  // namespace muslcheck::source
