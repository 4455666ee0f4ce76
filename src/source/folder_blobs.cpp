// The files of an image in a folder (OCI image-spec, image-layout.md).
//
// The folder is opened once and each file is looked up from there, one part of its name after the
// other and without following links: whoever made the folder cannot make the scan read a file
// outside of it, not even by exchanging a folder for a link while the scan runs.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "blob_store.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;

tl::unexpected<core::Error> cannot_open(int error_number, const std::string& name) {
  if (error_number == ELOOP)
    return core::fail(ErrorCode::unsupported, "link-in-layout",
                      "is a link; in an image layout only files and folders are read", name);
  return tl::make_unexpected(system_error("cannot be opened", name, error_number));
}

bool is_link(int folder, const std::string& part) {
  struct stat status {};
  return ::fstatat(folder, part.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISLNK(status.st_mode);
}

/// Opens a regular file below a folder. `name` has neither ".." nor empty parts.
core::Result<FileDescriptor> open_below(const FileDescriptor& folder, const std::string& name) {
  FileDescriptor at;
  int number = folder.number();
  const auto parts = core::split(name, '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string part(parts[i]);
    const int wanted = i + 1 == parts.size() ? O_NONBLOCK : O_DIRECTORY;
    FileDescriptor next(::openat(number, part.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | wanted));
    if (!next.is_open()) {
      const int error_number = errno;
      // With O_DIRECTORY a link is "not a directory", which would count as absent.
      return cannot_open(is_link(number, part) ? ELOOP : error_number, name);
    }
    at = std::move(next);
    number = at.number();
  }
  struct stat status {};
  if (::fstat(number, &status) != 0) return cannot_open(errno, name);
  if (!S_ISREG(status.st_mode))
    return core::fail(ErrorCode::unsupported, "not-a-regular-file", "is not a regular file", name);
  return at;
}

class FolderBlobs final : public BlobStore {
 public:
  FolderBlobs(std::string location, FileDescriptor folder)
      : location_(std::move(location)), folder_(std::move(folder)) {}

  [[nodiscard]] core::Result<Blob> find(const std::string& name) const override {
    const auto file = open_below(folder_, name);
    if (!file) return tl::make_unexpected(file.error());
    auto mapped = MappedFile::map(*file, name);
    if (!mapped) return tl::make_unexpected(mapped.error());
    const core::ByteView bytes = mapped->bytes();
    return Blob{.bytes = bytes,
                .truncated = false,
                .file = std::make_shared<const MappedFile>(std::move(*mapped)),
                .host_path = location_ + "/" + name};
  }

 private:
  std::string location_;
  FileDescriptor folder_;
};

}  // namespace

core::Result<std::unique_ptr<BlobStore>> open_folder_blobs(const std::string& location) {
  const auto status = stat_host(location);
  if (!status) return tl::make_unexpected(status.error());
  if (!S_ISDIR(status->st_mode))
    return core::fail(ErrorCode::unsupported, "not-a-directory", "not a directory", location);
  FileDescriptor folder(::open(location.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (!folder.is_open())
    return tl::make_unexpected(system_error("cannot be opened", location, errno));
  return std::make_unique<FolderBlobs>(location, std::move(folder));
}

}  // namespace muslcheck::source
