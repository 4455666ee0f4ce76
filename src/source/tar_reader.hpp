#pragma once
/// Members of a tar archive that lies in memory, plain or compressed with gzip.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/source/source.hpp"

struct archive;

namespace muslcheck::source {

enum class Compression { none, gzip };

/// What the magic bytes say; the name and the media type of a layer can lie. Unsupported
/// ("compression-unsupported") for zstd, xz and bzip2.
[[nodiscard]] core::Result<Compression> find_compression(core::ByteView bytes);

/// One header of the archive. Names are the raw bytes of the archive, not yet normalised.
struct TarMember {
  std::string name;
  model::FileKind kind = model::FileKind::regular;
  std::uint32_t mode = 0;
  std::uint64_t size = 0;   ///< of regular files, with the holes of sparse ones
  std::string link_target;  ///< of symbolic and hard links
};

/// Content of the current member, on request. With an uncompressed archive and a file without
/// holes the views point into the archive itself and nothing is copied.
class TarContent final : public Content {
 public:
  core::Result<core::ByteView> head(std::size_t size) override;
  core::Result<core::ByteView> all() override;

  /// The first piece of data as libarchive has it; empty behind a hole. In an uncompressed archive
  /// this is all data of the file that there is, as a view of the archive.
  [[nodiscard]] core::Result<core::ByteView> first_block();

 private:
  friend class TarReader;
  [[nodiscard]] core::Result<void> pull();
  [[nodiscard]] core::Result<void> gather(std::uint64_t size);
  void look_at(struct archive* reader, std::uint64_t size);

  struct archive* reader_ = nullptr;
  std::uint64_t size_ = 0;
  std::uint64_t max_size_ = 0;
  core::ByteView block_;  ///< the last block taken, valid while has_block_
  std::uint64_t block_start_ = 0;
  bool has_block_ = false;
  std::vector<std::uint8_t> buffer_;  ///< what was gathered from several blocks
  std::optional<core::Error> failure_;
};

/// Reads the members of an archive one after the other.
class TarReader {
 public:
  /// `max_unpacked` bounds what the archive may expand to. Errors as next().
  [[nodiscard]] static core::Result<TarReader> open(core::ByteView bytes,
                                                    std::uint64_t max_unpacked);

  /// The next member; nothing at the end. Errors: malformed ("not-a-tar" if there was no member
  /// before, "truncated", "damaged"), limit_exceeded ("expansion-limit").
  [[nodiscard]] core::Result<std::optional<TarMember>> next();

  /// Content of the member that next() gave last; empty for all but regular files.
  [[nodiscard]] TarContent& content() { return *content_; }

 private:
  struct Closer {
    void operator()(struct archive* reader) const;
  };
  std::unique_ptr<struct archive, Closer> reader_;
  std::unique_ptr<TarContent> content_ = std::make_unique<TarContent>();
  std::uint64_t max_unpacked_ = 0;
  bool any_member_ = false;
};

/// The content of a gzip stream, all members of it. Errors as TarReader::next.
[[nodiscard]] core::Result<std::vector<std::uint8_t>> unpack_gzip(core::ByteView bytes,
                                                                  std::uint64_t max_unpacked);

}  // namespace muslcheck::source
