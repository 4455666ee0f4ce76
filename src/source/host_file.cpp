// Reading files of the host.
//
// Files of a scanned folder are read, not mapped: a live folder may change under the scan, and
// reading a mapped file that was cut short ends the process with SIGBUS. An archive is mapped,
// because it is large, finished, and needed in many places at once.

#include "host_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

namespace muslcheck::source {

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

core::Error system_error(const std::string& action, const std::string& host_path,
                         int error_number) {
  const bool absent = error_number == ENOENT || error_number == ENOTDIR;
  return {.code = absent ? core::ErrorCode::not_found : core::ErrorCode::io,
          .reason = absent ? "not-found" : "unreadable",
          .message = action + ": " + std::generic_category().message(error_number),
          .path = host_path,
          .offset = {}};
}

core::Result<struct stat> stat_host(const std::string& host_path) {
  struct stat status {};
  if (::stat(host_path.c_str(), &status) != 0)
    return tl::make_unexpected(system_error("cannot be examined", host_path, errno));
  return status;
}

core::Result<FileDescriptor> open_regular(const std::string& host_path) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  FileDescriptor file(::open(host_path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open())
    return tl::make_unexpected(system_error("cannot be opened", host_path, errno));
  struct stat status {};
  if (::fstat(file.number(), &status) != 0)
    return tl::make_unexpected(system_error("cannot be examined", host_path, errno));
  if (!S_ISREG(status.st_mode))
    return core::fail(core::ErrorCode::unsupported, "not-a-regular-file", "not a regular file",
                      host_path);
  return file;
}

core::Result<core::ByteView> ReadBuffer::fill(const FileDescriptor& file, std::uint64_t size,
                                              const std::string& host_path) {
  const auto wanted = static_cast<std::size_t>(size);
  if (wanted > capacity_) {
    bytes_.reset();
    capacity_ = 0;
    bytes_.reset(new (std::nothrow) std::uint8_t[wanted]);
    if (!bytes_)
      return core::fail(core::ErrorCode::limit_exceeded, "out-of-memory",
                        "too large for the memory there is", host_path);
    capacity_ = wanted;
  }
  std::size_t filled = 0;
  while (filled < wanted) {
    const ssize_t count =
        ::pread(file.number(), bytes_.get() + filled, wanted - filled, static_cast<off_t>(filled));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return tl::make_unexpected(system_error("cannot be read", host_path, errno));
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  return core::ByteView(bytes_.get(), filled);
}

core::Result<MappedFile> MappedFile::open(const std::string& host_path) {
  const auto file = open_regular(host_path);
  if (!file) return tl::make_unexpected(file.error());
  struct stat status {};
  if (::fstat(file->number(), &status) != 0)
    return tl::make_unexpected(system_error("cannot be examined", host_path, errno));
  MappedFile mapped;
  mapped.size_ = static_cast<std::size_t>(status.st_size);
  if (mapped.size_ == 0) return mapped;
  void* data = ::mmap(nullptr, mapped.size_, PROT_READ, MAP_PRIVATE, file->number(), 0);
  if (data == MAP_FAILED) {
    mapped.size_ = 0;
    return tl::make_unexpected(system_error("cannot be mapped", host_path, errno));
  }
  mapped.data_ = static_cast<const std::uint8_t*>(data);
  return mapped;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr)
    ::munmap(const_cast<std::uint8_t*>(data_), size_);  // NOLINT: munmap takes no const
}

}  // namespace muslcheck::source
