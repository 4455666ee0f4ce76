#pragma once
/// Files of the host, opened and read without following what an image could point at.

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "mapping_guard.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/source/source.hpp"

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

/// A regular file mapped read-only for as long as the object lives.
class MappedFile {
 public:
  [[nodiscard]] static core::Result<MappedFile> open(const std::string& host_path);
  [[nodiscard]] static core::Result<MappedFile> map(const FileDescriptor& file,
                                                    const std::string& host_path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  /// If the file is cut short while it is mapped, its end reads as zeros.
  [[nodiscard]] core::ByteView bytes() const { return {data_, size_}; }

  /// Device, inode, size and times of the file when it was opened, as text; empty if it had been
  /// changed less than kSettled before: a second change might bear the same time, as in git's
  /// "racy" index entries.
  [[nodiscard]] const std::string& identity() const { return identity_; }

  /// An error ("changed-during-scan") once bytes() gave zeros that the file does not have.
  [[nodiscard]] core::Result<void> check_unchanged(const std::string& host_path) const;

 private:
  MappedFile() = default;
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  std::string identity_;
  MappingGuard guard_;
};

/// Takes the pages of mapped file bytes out of this process's memory; they stay in the system's
/// cache and come back when they are read again. For bytes of a MappedFile only: other memory would
/// lose its content.
void give_back_pages(core::ByteView mapped);

/// The content of file after file. Small files are read into a buffer that is reused and never
/// zeroed; large ones are mapped, so that a file of gigabytes takes no memory.
class ReadBuffer {
 public:
  /// Up to `size` bytes from the start of the file, fewer if the file ends before; valid until the
  /// next call.
  [[nodiscard]] core::Result<core::ByteView> fill(const FileDescriptor& file, std::uint64_t size,
                                                  const std::string& host_path);

  /// What fill() gave last, to be used longer than the buffer. fill() may be called afterwards.
  [[nodiscard]] core::Result<KeptBytes> keep(const std::string& host_path);

  /// An error if what fill() gave last has changed since.
  [[nodiscard]] core::Result<void> check_unchanged(const std::string& host_path) const;

 private:
  [[nodiscard]] core::Result<core::ByteView> read(const FileDescriptor& file, std::size_t size,
                                                  const std::string& host_path);

  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t filled_ = 0;
  std::optional<MappedFile> mapped_;
};

}  // namespace muslcheck::source
