// A hash database of Berkeley DB, as rpm used it until 4.16 (RHEL 8, Amazon Linux 2, CentOS 7):
// keys are package numbers, values headers. (Berkeley DB 5.3, src/dbinc/db_page.h.) Numbers are in
// the order of the machine that made it.
//
//   page 0: ... u32 magic at 12, version 16, page size 20, u8 encryption 24, u8 type 25, last page
//   32 page:   u64 log number, u32 page, previous 12, next 16, u16 items 20, u16 offset 22, u8
//   level,
//           u8 type 25; from 26 on the offset of each item, which are keys and values by turns
//   item:   u8 type; then the bytes themselves up to the item before, or, if it is off the page,
//           three bytes, u32 first overflow page, u32 size
//   overflow page: the bytes from 26 on, as many as the offset at 22 says; then the next page
//
// All pages are walked in order, which finds the buckets and those chained to them alike; free
// pages have another type. An overflow page belongs to one value: one that is met twice is an
// error, so that no chain is endless and all values together are no larger than the file.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rpm_databases.hpp"

namespace muslcheck::packages {
namespace {

using core::ByteOrder;
using core::ByteView;

constexpr std::uint32_t kMagic = 0x061561;
constexpr std::uint64_t kMetaSize = 72;
constexpr std::uint64_t kPageHeader = 26;
constexpr std::uint32_t kMinPage = 512;
constexpr std::uint32_t kMaxPage = 65'536;
enum PageType : std::uint8_t { kUnsortedHash = 2, kOverflow = 7, kHashMeta = 8, kHash = 13 };
enum ItemType : std::uint8_t { kInPage = 1, kOffPage = 3 };
constexpr std::uint64_t kOffPageItem = 12;
/// The value of key 0 is the next package number.
constexpr std::size_t kNumberSize = 4;

tl::unexpected<core::Error> malformed(const std::string& what) {
  return core::fail(core::ErrorCode::malformed, "rpm-database-malformed", what);
}

class HashReader {
 public:
  explicit HashReader(ByteView file) : file_(file) {}

  core::Result<void> visit(const VisitHeader& visit) {
    if (auto opened = open(); !opened) return opened;
    for (std::uint64_t page = 1; page < pages_; ++page) {
      const auto more = visit_page(page_at(page), visit);
      if (!more) return tl::make_unexpected(more.error());
      if (!*more) return {};
    }
    return {};
  }

 private:
  core::Result<void> open() {
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big})
      if (core::read_u32(file_, 12, order) == kMagic) order_ = order;
    const std::uint32_t size = u32(file_, 20);
    if (file_.size() < kMetaSize || u32(file_, 12) != kMagic || file_[25] != kHashMeta)
      return malformed("it is no hash of Berkeley DB");
    if (file_[24] != 0) return malformed("it is encrypted");
    if (size < kMinPage || size > kMaxPage || (size & (size - 1)) != 0)
      return malformed("its page size is none");
    page_size_ = size;
    pages_ = u32(file_, 32) + 1ULL;
    if (pages_ > file_.size() / page_size_) return malformed("it is cut off");
    seen_.resize(pages_);
    return {};
  }

  /// False when no more are wanted.
  core::Result<bool> visit_page(ByteView page, const VisitHeader& visit) {
    if (page[25] != kHash && page[25] != kUnsortedHash) return true;
    const std::uint64_t items = u16(page, 20);
    if (kPageHeader + items * 2 > page_size_ || items % 2 != 0)
      return malformed("a page has more items than fit");
    for (std::uint64_t item = 1; item < items; item += 2) {
      const auto value = value_of(page, item);
      if (!value) return tl::make_unexpected(value.error());
      if (value->size() > kNumberSize && !visit(*value)) return false;
    }
    return true;
  }

  /// The bytes live until the next call.
  core::Result<ByteView> value_of(ByteView page, std::uint64_t item) {
    const std::uint64_t start = u16(page, kPageHeader + item * 2);
    const std::uint64_t end = u16(page, kPageHeader + (item - 1) * 2);
    if (start < kPageHeader || start >= end || end > page_size_)
      return malformed("an item leaves its page");
    const ByteView bytes = page.subspan(start, end - start);
    if (bytes[0] == kInPage) return bytes.subspan(1);
    if (bytes[0] != kOffPage || bytes.size() < kOffPageItem)
      return malformed("an item is of no known kind");
    return overflow(u32(bytes, 4), u32(bytes, 8));
  }

  core::Result<ByteView> overflow(std::uint64_t first, std::uint64_t size) {
    value_.clear();
    for (std::uint64_t number = first; number != 0; number = u32(page_at(number), 16)) {
      if (number >= pages_ || seen_[number] || page_at(number)[25] != kOverflow)
        return malformed("a chain of overflow pages is broken");
      seen_[number] = true;
      const auto bytes = core::slice(page_at(number), kPageHeader, u16(page_at(number), 22));
      if (!bytes) return malformed("an overflow page has more bytes than fit");
      value_.insert(value_.end(), bytes->begin(), bytes->end());
    }
    if (value_.size() != size) return malformed("a value has another size than its pages");
    return ByteView(value_);
  }

  [[nodiscard]] ByteView page_at(std::uint64_t number) const {
    return file_.subspan(number * page_size_, page_size_);
  }
  [[nodiscard]] std::uint32_t u32(ByteView bytes, std::uint64_t offset) const {
    return core::read_u32(bytes, offset, order_).value_or(0);
  }
  [[nodiscard]] std::uint16_t u16(ByteView bytes, std::uint64_t offset) const {
    return core::read_u16(bytes, offset, order_).value_or(0);
  }

  ByteView file_;
  ByteOrder order_ = ByteOrder::little;
  std::uint64_t page_size_ = 0;
  std::uint64_t pages_ = 0;
  std::vector<bool> seen_;  ///< overflow pages
  std::vector<std::uint8_t> value_;
};

}  // namespace

core::Result<void> visit_rpm_bdb(std::string_view database, const VisitHeader& visit) {
  return HashReader(core::as_bytes(database)).visit(visit);
}

}  // namespace muslcheck::packages
