#pragma once
/// The small files that describe the images of an archive or folder.

#include <cstdint>
#include <string>
#include <vector>

#include "blob_store.hpp"
#include "listed_image.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::source {

/// Reads them and checks them against what names them. All that one object reads is bounded.
class ImageFiles {
 public:
  /// The store must outlive it.
  explicit ImageFiles(const BlobStore& store) : store_(store) {}

  /// The whole file. Errors: what BlobStore::find says, with `absent_reason` for not_found;
  /// malformed ("digest-mismatch", "size-mismatch", "archive-truncated"), limit_exceeded
  /// ("manifest-too-large").
  [[nodiscard]] core::Result<std::string> read(const BlobRef& file, const char* absent_reason);

  [[nodiscard]] const BlobStore& store() const { return store_; }

 private:
  const BlobStore& store_;
  std::uint64_t left_ = core::limits::kMaxImageFiles;
};

/// An error ("digest-mismatch", "digest-unsupported") unless these are the bytes of the digest.
[[nodiscard]] core::Result<void> check_digest(core::ByteView bytes, const std::string& digest);

/// The images of manifest.json; none if it is `null` or an empty list. Errors: not_found
/// ("manifest-missing"), malformed ("manifest-invalid"), limit_exceeded.
[[nodiscard]] core::Result<std::vector<ListedImage>> list_docker_images(ImageFiles& files);

/// The images that index.json leads to, through as many indexes as there are; attestations and
/// what is no image are left out. An image that cannot be read is listed with its failure. Errors:
/// not_found ("index-missing"), malformed ("index-invalid"), limit_exceeded.
[[nodiscard]] core::Result<std::vector<ListedImage>> list_oci_images(ImageFiles& files);

}  // namespace muslcheck::source
