// Files of the cache. The folder belongs to the user, but other programs and other versions of this
// one may be at work in it: every file may vanish, appear or be damaged at any time. Only files
// with names that the cache gives are ever removed.

#include "muslcheck/cache/facts_cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "muslcheck/cache/layer_codec.hpp"
#include "muslcheck/core/limits.hpp"

namespace muslcheck::cache {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKeyCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
constexpr std::string_view kSuffix = ".facts";
constexpr std::string_view kTemporary = ".part-";

struct StoredFile {
  fs::path path;
  std::uint64_t size = 0;
  fs::file_time_type used;
};

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= core::limits::kMaxCacheKey &&
         key.find_first_not_of(kKeyCharacters) == std::string_view::npos;
}

/// A name that the cache gives: KEY.facts, or KEY.facts.part-XXXXXX while it is written.
bool is_ours(const std::string& name) {
  const auto end = name.find(kSuffix);
  if (end == std::string::npos || !is_key(std::string_view(name).substr(0, end))) return false;
  const std::string_view rest = std::string_view(name).substr(end + kSuffix.size());
  return rest.empty() || rest.starts_with(kTemporary);
}

/// The files in FOLDER/layers/*/ that are the cache's. Links are not followed.
std::vector<StoredFile> list_files(const std::string& folder) {
  std::vector<StoredFile> files;
  std::error_code error;
  for (fs::directory_iterator version(fs::path(folder) / "layers", error), end;
       !error && version != end; version.increment(error)) {
    std::error_code inner;
    if (version->symlink_status(inner).type() != fs::file_type::directory) continue;
    for (fs::directory_iterator file(version->path(), inner); !inner && file != end;
         file.increment(inner)) {
      std::error_code ignored;
      if (file->symlink_status(ignored).type() != fs::file_type::regular ||
          !is_ours(file->path().filename().string()))
        continue;
      files.push_back({file->path(), file->file_size(ignored), file->last_write_time(ignored)});
    }
  }
  return files;
}

tl::unexpected<core::Error> failed(const char* reason, const std::string& path, int number) {
  return core::fail(core::ErrorCode::io, reason,
                    "cannot be written: " + std::generic_category().message(number), path);
}

bool write_all(int file, core::ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

/// The bytes of a file. Not a vector, which would fill them with zeros first.
struct FileBytes {
  std::shared_ptr<std::uint8_t[]> owner;
  std::size_t size = 0;
};

/// All of an open regular file; nothing if it is none, too large, or cannot be read.
std::optional<FileBytes> read_all(int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
      static_cast<std::uint64_t>(status.st_size) > core::limits::kMaxCacheFile)
    return std::nullopt;
  FileBytes bytes;
  bytes.size = static_cast<std::size_t>(status.st_size);
  bytes.owner.reset(new std::uint8_t[bytes.size]);
  for (std::size_t filled = 0; filled < bytes.size;) {
    const ssize_t count = ::read(file, bytes.owner.get() + filled, bytes.size - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    filled += static_cast<std::size_t>(count);
  }
  return bytes;
}

std::optional<FileBytes> read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return std::nullopt;
  auto bytes = read_all(file);
  // Mark as used; a folder that cannot be written is still good to read from.
  if (bytes) ::futimens(file, nullptr);
  ::close(file);
  return bytes;
}

}  // namespace

FactsCache::FactsCache(std::string folder, std::uint64_t max_bytes)
    : folder_(std::move(folder)), max_bytes_(max_bytes) {}

std::string FactsCache::path_of(const std::string& key) const {
  return folder_ + "/layers/" + std::to_string(kLayerEncoding) + "/" + key + std::string(kSuffix);
}

std::optional<model::LayerFacts> FactsCache::find(const std::string& key) const {
  if (!is_key(key)) return std::nullopt;
  const auto bytes = read_file(path_of(key));
  if (!bytes) return std::nullopt;
  auto facts = decode_layer({bytes->owner.get(), bytes->size}, bytes->owner);
  if (!facts) return std::nullopt;
  return std::move(*facts);
}

core::Result<void> FactsCache::store(const std::string& key, const model::LayerFacts& facts) {
  const std::string path = path_of(key);
  if (!is_key(key)) return failed("cache-write", path, EINVAL);
  const auto bytes = encode_layer(facts);
  if (bytes.size() > std::min(max_bytes_, core::limits::kMaxCacheFile))
    return failed("cache-write", path, EFBIG);
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error) return failed("cache-write", path, error.value());
  std::string temporary = path + std::string(kTemporary) + "XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0) return failed("cache-write", path, errno);
  const bool written = write_all(file, bytes);
  const int number = errno;
  if (::close(file) == 0 && written && ::rename(temporary.c_str(), path.c_str()) == 0) {
    make_room();
    return {};
  }
  ::unlink(temporary.c_str());
  return failed("cache-write", path, written ? errno : number);
}

/// Removes what was used longest ago. Another scan may do the same at the same time.
void FactsCache::make_room() {
  auto files = list_files(folder_);
  std::uint64_t total = 0;
  for (const StoredFile& file : files) total += file.size;
  if (total <= max_bytes_) return;
  std::sort(files.begin(), files.end(), [](const StoredFile& left, const StoredFile& right) {
    return std::tie(left.used, left.path) < std::tie(right.used, right.path);
  });
  for (const StoredFile& file : files) {
    if (total <= max_bytes_) return;
    std::error_code ignored;
    fs::remove(file.path, ignored);
    total -= file.size;
  }
}

CacheInfo FactsCache::info() const {
  CacheInfo info;
  for (const StoredFile& file : list_files(folder_)) {
    ++info.layers;
    info.bytes += file.size;
  }
  return info;
}

core::Result<CacheInfo> FactsCache::clean() {
  CacheInfo removed;
  for (const StoredFile& file : list_files(folder_)) {
    std::error_code error;
    fs::remove(file.path, error);
    if (error) return failed("cache-clean", file.path.string(), error.value());
    ++removed.layers;
    removed.bytes += file.size;
  }
  // Folders go when they are empty.
  std::error_code ignored;
  for (fs::directory_iterator version(fs::path(folder_) / "layers", ignored), end;
       !ignored && version != end; version.increment(ignored))
    ::rmdir(version->path().c_str());
  ::rmdir((folder_ + "/layers").c_str());
  return removed;
}

}  // namespace muslcheck::cache
