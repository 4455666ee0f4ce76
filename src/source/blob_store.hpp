#pragma once
/// Where the files of an image lie: in an archive or in a folder.

#include <cstdint>
#include <memory>
#include <string>

#include "host_file.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/deadline.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::source {

/// One file of an image. The bytes live as long as the blob and the store.
struct Blob {
  core::ByteView bytes;
  bool mapped = true;                      ///< the bytes are those of the mapped file itself
  bool truncated = false;                  ///< the archive ends before the file does
  std::shared_ptr<const MappedFile> file;  ///< where the bytes come from
  std::string host_path;                   ///< of that file
  std::uint64_t offset = 0;                ///< of the bytes in what the file holds

  /// An error ("changed-during-scan") once the bytes are not those of the file any more.
  [[nodiscard]] core::Result<void> check_unchanged() const {
    return file->check_unchanged(host_path);
  }
};

/// Bytes by name. `find` may be called from several threads.
class BlobStore {
 public:
  virtual ~BlobStore() = default;
  /// The file of this normalised name. Errors, with the name as path: not_found ("not-found");
  /// what else is in the way: io, unsupported, damage of the archive that may have swallowed it.
  [[nodiscard]] virtual core::Result<Blob> find(const std::string& name) const = 0;
  /// An error ("changed-during-scan") if what looks like damage may be somebody writing.
  [[nodiscard]] virtual core::Result<void> check_unchanged() const { return {}; }
};

/// A tar, plain or compressed as a whole. Errors: not_found, io, malformed ("archive-not-a-tar",
/// "archive-truncated"), limit_exceeded, unsupported, that of the deadline.
[[nodiscard]] core::Result<std::unique_ptr<BlobStore>> open_archive_blobs(
    const std::string& location, const core::Deadline& deadline = {});

/// A folder. No name leads out of it and no link in it is followed. Errors: not_found, io,
/// unsupported ("not-a-directory").
[[nodiscard]] core::Result<std::unique_ptr<BlobStore>> open_folder_blobs(
    const std::string& location);

}  // namespace muslcheck::source
