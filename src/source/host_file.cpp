// Reading files of the host.
//
// Archives are mapped, because they are large and needed in many places at once; of a scanned
// folder the large files are, and the others are read, which is cheaper. Either may change under
// the scan: mapping_guard.hpp says what happens then.

#include "host_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>
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
    return core::fail(core::ErrorCode::unsupported, "not-a-regular-file",
                      S_ISDIR(status.st_mode) ? "a folder, not a file; dir: reads folders"
                                              : "not a regular file: save it to a file first",
                      host_path);
  return file;
}

core::Result<core::ByteView> ReadBuffer::fill(const FileDescriptor& file, std::uint64_t size,
                                              const std::string& host_path) {
  constexpr std::uint64_t kMappedAbove = 8ULL << 20;
  mapped_.reset();
  if (size <= kMappedAbove) {
    const auto bytes = read(file, static_cast<std::size_t>(size), host_path);
    filled_ = bytes ? bytes->size() : 0;
    return bytes;
  }
  auto mapped = MappedFile::map(file, host_path);
  if (!mapped) return tl::make_unexpected(mapped.error());
  mapped_ = std::move(*mapped);
  const core::ByteView bytes = mapped_->bytes();
  filled_ = static_cast<std::size_t>(std::min<std::uint64_t>(size, bytes.size()));
  return bytes.first(filled_);
}

core::Result<KeptBytes> ReadBuffer::keep(const std::string& host_path) {
  if (!mapped_) {
    const std::shared_ptr<const std::uint8_t[]> owner(std::move(bytes_));
    capacity_ = 0;
    return KeptBytes{
        .bytes = core::ByteView(owner.get(), filled_), .owner = owner, .memory = filled_};
  }
  const auto owner = std::make_shared<const MappedFile>(std::move(*mapped_));
  mapped_.reset();
  return KeptBytes{
      .bytes = owner->bytes().first(filled_),
      .owner = owner,
      .mapped = true,
      .check_unchanged = [owner, host_path] { return owner->check_unchanged(host_path); }};
}

core::Result<void> ReadBuffer::check_unchanged(const std::string& host_path) const {
  return mapped_ ? mapped_->check_unchanged(host_path) : core::Result<void>{};
}

core::Result<core::ByteView> ReadBuffer::read(const FileDescriptor& file, std::size_t wanted,
                                              const std::string& host_path) {
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

namespace {

constexpr time_t kSettled = 2;  // seconds

std::string time_text(const timespec& time) {
  return std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec);
}

std::string identity_of(const struct stat& status) {
  timespec now{};
  if (::clock_gettime(CLOCK_REALTIME, &now) != 0) return {};
  const time_t changed = std::max(status.st_ctim.tv_sec, status.st_mtim.tv_sec);
  if (changed + kSettled > now.tv_sec) return {};
  return std::to_string(status.st_dev) + " " + std::to_string(status.st_ino) + " " +
         std::to_string(status.st_size) + " " + time_text(status.st_mtim) + " " +
         time_text(status.st_ctim);
}

}  // namespace

core::Result<MappedFile> MappedFile::open(const std::string& host_path) {
  const auto file = open_regular(host_path);
  if (!file) return tl::make_unexpected(file.error());
  return map(*file, host_path);
}

core::Result<MappedFile> MappedFile::map(const FileDescriptor& file, const std::string& host_path) {
  struct stat status {};
  if (::fstat(file.number(), &status) != 0)
    return tl::make_unexpected(system_error("cannot be examined", host_path, errno));
  MappedFile mapped;
  mapped.size_ = static_cast<std::size_t>(status.st_size);
  mapped.identity_ = identity_of(status);
  if (mapped.size_ == 0) return mapped;
  void* data = ::mmap(nullptr, mapped.size_, PROT_READ, MAP_PRIVATE, file.number(), 0);
  if (data == MAP_FAILED) {
    mapped.size_ = 0;
    return tl::make_unexpected(system_error("cannot be mapped", host_path, errno));
  }
  mapped.data_ = static_cast<const std::uint8_t*>(data);
  auto guard = MappingGuard::watch(data, mapped.size_);
  if (!guard) return tl::make_unexpected(guard.error());
  mapped.guard_ = std::move(*guard);
  return mapped;
}

core::Result<void> MappedFile::check_unchanged(const std::string& host_path) const {
  if (!guard_.was_hit()) return {};
  return core::fail(core::ErrorCode::io, "changed-during-scan",
                    "became shorter or unreadable while it was read", host_path);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      identity_(std::move(other.identity_)),
      guard_(std::move(other.guard_)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(identity_, other.identity_);
  std::swap(guard_, other.guard_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr)
    ::munmap(const_cast<std::uint8_t*>(data_), size_);  // NOLINT: munmap takes no const
}

void give_back_pages(core::ByteView mapped) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(mapped.data());  // NOLINT: an address
  const std::uintptr_t first = (begin + page - 1) & ~(page - 1);
  const std::uintptr_t end = (begin + mapped.size()) & ~(page - 1);
  // Only advice: what fails costs memory, nothing else.
  if (first < end)
    ::madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED);  // NOLINT: an address
}

}  // namespace muslcheck::source
