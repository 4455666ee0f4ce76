#pragma once
/// Files of the host, opened and read without following what an image could point at.

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <string>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::source {

/// An open file descriptor that closes itself.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

/// An io error (not_found for ENOENT and ENOTDIR) for what errno says about a host path.
[[nodiscard]] core::Error system_error(const std::string& action, const std::string& host_path,
                                       int error_number);

/// stat(2) of a host path, links followed.
[[nodiscard]] core::Result<struct stat> stat_host(const std::string& host_path);

/// Opens a regular file for reading. Errors: not_found, io, unsupported ("not-a-regular-file").
[[nodiscard]] core::Result<FileDescriptor> open_regular(const std::string& host_path);

/// Bytes in a buffer that is reused for file after file and never zeroed.
class ReadBuffer {
 public:
  /// Reads up to `size` bytes from the start of the file; fewer if the file ends before.
  [[nodiscard]] core::Result<core::ByteView> fill(const FileDescriptor& file, std::uint64_t size,
                                                  const std::string& host_path);

 private:
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t capacity_ = 0;
};

/// A regular file mapped read-only for as long as the object lives.
class MappedFile {
 public:
  [[nodiscard]] static core::Result<MappedFile> open(const std::string& host_path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  [[nodiscard]] core::ByteView bytes() const { return {data_, size_}; }

 private:
  MappedFile() = default;
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace muslcheck::source
