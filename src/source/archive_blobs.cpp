// The files of an image in a tar.
//
// The archive is mapped and never copied, unless all of it is compressed (`docker save | gzip`):
// then it is unpacked into memory first, within kMaxArchiveInMemory. What a layer may expand to is
// measured against what really lies on the disk, so that compression within compression gains
// nothing.

#include <algorithm>
#include <optional>
#include <utility>

#include "archive_index.hpp"
#include "blob_store.hpp"
#include "muslcheck/core/limits.hpp"
#include "tar_reader.hpp"
#include "unpack.hpp"

namespace muslcheck::source {
namespace {

using core::ByteView;
using core::ErrorCode;

/// The bytes of the outer tar and who keeps them.
class ArchiveBytes {
 public:
  static core::Result<ArchiveBytes> open(const std::string& location,
                                         const core::Deadline& deadline) {
    auto file = MappedFile::open(location);
    if (!file) return tl::make_unexpected(file.error());
    const auto compression = find_compression(file->bytes());
    if (!compression) return tl::make_unexpected(compression.error());
    if (*compression == Compression::none) return ArchiveBytes(std::move(*file), {});
    constexpr std::uint64_t kSmallest = 64U << 10U;
    const std::uint64_t stored = std::max<std::uint64_t>(file->bytes().size(), kSmallest);
    auto unpacked = unpack(
        *compression, file->bytes(),
        std::min(core::limits::kMaxArchiveInMemory, stored * core::limits::kMaxExpansionRatio),
        deadline);
    if (!unpacked) return tl::make_unexpected(unpacked.error());
    return ArchiveBytes(std::move(*file), std::move(*unpacked));
  }

  [[nodiscard]] bool is_mapped() const { return !unpacked_; }
  [[nodiscard]] ByteView tar() const { return unpacked_ ? unpacked_->bytes() : file_->bytes(); }
  [[nodiscard]] const std::shared_ptr<const MappedFile>& file() const { return file_; }

 private:
  ArchiveBytes(MappedFile file, std::optional<GrowingMemory> unpacked)
      : file_(std::make_shared<const MappedFile>(std::move(file))),
        unpacked_(std::move(unpacked)) {}

  std::shared_ptr<const MappedFile> file_;
  std::optional<GrowingMemory> unpacked_;
};

/// Damage of the outer tar as the archive's: "truncated" becomes "archive-truncated".
core::Error archive_error(core::Error error) {
  if (error.reason == "truncated" || error.reason == "damaged" || error.reason == "not-a-tar")
    error.reason = "archive-" + error.reason;
  return error;
}

class ArchiveBlobs final : public BlobStore {
 public:
  ArchiveBlobs(std::string location, ArchiveBytes archive, ArchiveIndex index)
      : location_(std::move(location)), archive_(std::move(archive)), index_(std::move(index)) {}

  /// What is absent from a damaged archive may have been in the part that is gone, so the damage
  /// is what is reported.
  [[nodiscard]] core::Result<Blob> find(const std::string& name) const override {
    const auto member = index_.find(name);
    if (!member && index_.damage()) {
      core::Error damage = archive_error(*index_.damage());
      damage.path = name;
      return tl::make_unexpected(std::move(damage));
    }
    if (!member)
      return core::fail(ErrorCode::not_found, "not-found", "is not in the archive", name);
    return Blob{.bytes = member->bytes,
                .mapped = archive_.is_mapped(),
                .truncated = member->truncated,
                .file = archive_.file(),
                .host_path = location_,
                .offset = static_cast<std::uint64_t>(member->bytes.data() - archive_.tar().data())};
  }

  [[nodiscard]] core::Result<void> check_unchanged() const override {
    return archive_.file()->check_unchanged(location_);
  }

 private:
  std::string location_;
  ArchiveBytes archive_;
  ArchiveIndex index_;
};

}  // namespace

core::Result<std::unique_ptr<BlobStore>> open_archive_blobs(const std::string& location,
                                                            const core::Deadline& deadline) {
  const auto at_location = [&](core::Error error) {
    error = archive_error(std::move(error));
    error.path = location;
    return tl::make_unexpected(std::move(error));
  };
  auto archive = ArchiveBytes::open(location, deadline);
  if (!archive) return at_location(archive.error());
  auto index = ArchiveIndex::build(archive->tar());
  if (const auto unchanged = archive->file()->check_unchanged(location); !unchanged)
    return tl::make_unexpected(unchanged.error());
  if (!index) return at_location(index.error());
  return std::make_unique<ArchiveBlobs>(location, std::move(*archive), std::move(*index));
}

}  // namespace muslcheck::source
