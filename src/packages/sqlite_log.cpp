// SQLite's write-ahead log (sqlite.org/fileformat2.html, "The Write-Ahead Log"). rpm has used one
// since 4.16, and an image built while rpm had not yet emptied it holds pages that the database
// itself lacks.
//
//   32 bytes: u32 magic, version, page size, checkpoint, salt 1, salt 2, checksum 1, checksum 2
//   per frame: u32 page, pages of the database after this commit or 0, salt 1, salt 2, checksum 1,
//              checksum 2; then the page
//
// Numbers are big-endian; the last bit of the magic says in which order the words are that the
// checksums add up. Frames count up to the last commit before the first one whose salt or checksum
// is wrong: what stands behind is left from an earlier use of the file.

#include <algorithm>
#include <optional>

#include "muslcheck/core/limits.hpp"
#include "rpm_databases.hpp"

namespace muslcheck::packages {
namespace {

using core::ByteOrder;
using core::ByteView;

constexpr std::uint32_t kMagic = 0x377f0682;  // or with the last bit set
constexpr std::uint64_t kLogHeader = 32;
constexpr std::uint64_t kFrameHeader = 24;
constexpr std::uint32_t kMinPage = 512;
constexpr std::uint32_t kMaxPage = 65'536;
// In the database's header: versions of the format for writing and reading, 2 for one with a log.
constexpr std::size_t kWriteVersion = 18;
constexpr std::size_t kReadVersion = 19;
constexpr std::size_t kDatabaseHeader = 100;

tl::unexpected<core::Error> malformed(const std::string& what) {
  return core::fail(core::ErrorCode::malformed, "rpm-database-malformed", what);
}

std::uint32_t number(ByteView bytes, std::uint64_t offset) {
  return core::read_u32(bytes, offset, ByteOrder::big).value_or(0);
}

struct Checksum {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  bool operator==(const Checksum&) const = default;

  /// Over words in pairs; the bytes are a multiple of eight.
  void add(ByteView bytes, ByteOrder order) {
    for (std::uint64_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first += core::read_u32(bytes, at, order).value_or(0) + second;
      second += core::read_u32(bytes, at + 4, order).value_or(0) + first;
    }
  }
};

struct Frame {
  std::uint32_t page = 0;
  std::uint32_t pages = 0;  ///< of the database after a commit; 0: no commit
  ByteView content;
};

/// The frames of a log, one after the other.
class LogReader {
 public:
  explicit LogReader(ByteView log) : log_(log) {
    order_ = (number(log, 0) & 1U) != 0 ? ByteOrder::big : ByteOrder::little;
    page_size_ = number(log, 8);
    sum_.add(log.first(24), order_);
  }

  [[nodiscard]] bool is_valid() const {
    return (number(log_, 0) & ~1U) == kMagic && page_size_ >= kMinPage && page_size_ <= kMaxPage &&
           (page_size_ & (page_size_ - 1)) == 0 &&
           sum_ == Checksum{number(log_, 24), number(log_, 28)};
  }
  [[nodiscard]] std::uint32_t page_size() const { return page_size_; }

  std::optional<Frame> next() {
    const auto header = core::slice(log_, at_, kFrameHeader);
    const auto content = core::slice(log_, at_ + kFrameHeader, page_size_);
    if (!header || !content) return std::nullopt;
    if (number(*header, 8) != number(log_, 16) || number(*header, 12) != number(log_, 20))
      return std::nullopt;
    sum_.add(header->first(8), order_);
    sum_.add(*content, order_);
    if (sum_ != Checksum{number(*header, 16), number(*header, 20)}) return std::nullopt;
    at_ += kFrameHeader + page_size_;
    return Frame{number(*header, 0), number(*header, 4), *content};
  }

 private:
  ByteView log_;
  ByteOrder order_ = ByteOrder::little;
  std::uint32_t page_size_ = 0;
  std::uint64_t at_ = kLogHeader;
  Checksum sum_;
};

/// How many frames count, and the size of the database with them.
struct Extent {
  std::size_t frames = 0;
  std::uint64_t pages = 0;
};

Extent committed(LogReader reader) {
  Extent extent;
  for (std::size_t i = 1;; ++i) {
    const auto frame = reader.next();
    if (!frame) return extent;
    if (frame->pages != 0) extent = {i, frame->pages};
  }
}

core::Result<void> put_pages(std::string& database, LogReader reader) {
  const Extent extent = committed(reader);
  if (extent.frames == 0) return {};
  if (extent.pages > core::limits::kMaxRpmDatabase / reader.page_size())
    return malformed("its log makes the database larger than is read");
  database.resize(extent.pages * reader.page_size());
  for (std::size_t i = 0; i < extent.frames; ++i) {
    const auto frame = reader.next();
    // A page beyond the end was dropped by a later commit.
    if (frame && frame->page != 0 && frame->page <= extent.pages)
      database.replace((frame->page - 1ULL) * reader.page_size(), reader.page_size(),
                       core::as_text(frame->content));
  }
  return {};
}

}  // namespace

core::Result<std::string> apply_sqlite_log(std::string_view database, std::string_view log) {
  std::string result(database);
  if (log.size() > kLogHeader) {
    const LogReader reader(core::as_bytes(log));
    if (!reader.is_valid()) return malformed("its log (-wal) is not one of SQLite");
    if (auto put = put_pages(result, reader); !put) return tl::make_unexpected(put.error());
  }
  if (result.size() < kDatabaseHeader) return malformed("it is cut off");
  result[kWriteVersion] = '\1';
  result[kReadVersion] = '\1';
  return result;
}

}  // namespace muslcheck::packages
