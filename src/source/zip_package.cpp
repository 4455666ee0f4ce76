// Packages that are a zip archive: wheels, NuGet packages, any other.
//
// A member is unpacked when its content is asked for, its first bytes alone where they are enough.
// Members may share their bytes, so what they unpack to is counted before any of it is.

#include <algorithm>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/source/zip.hpp"
#include "package_readers.hpp"

namespace muslcheck::source {
namespace {

using core::ByteView;
using core::ErrorCode;
using model::FileKind;

constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;

class ZipContent final : public Content {
 public:
  ZipContent(const KeptBytes& zip, const ZipMember& member) : zip_(zip), member_(member) {}

  core::Result<ByteView> head(std::size_t size) override {
    if (kept_) return kept_->bytes.first(std::min(size, kept_->bytes.size()));
    if (member_.is_directory() || member_.size == 0) return ByteView{};
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size, member_.size));
    // What is as good as the whole file is unpacked once, and checked.
    if (wanted > kSmallHead || wanted == member_.size) {
      auto whole = all();
      return whole ? whole->first(std::min(wanted, whole->size())) : whole;
    }
    head_.resize(wanted);
    const auto filled = read_zip_head(zip_.bytes, member_, head_);
    if (!filled) return tl::make_unexpected(filled.error());
    return ByteView(head_).first(*filled);
  }

  core::Result<ByteView> all() override {
    if (kept_) return kept_->bytes;
    auto whole = read_zip_member(zip_, member_, core::limits::kMaxElfFile);
    if (!whole) return tl::make_unexpected(whole.error());
    kept_ = std::move(*whole);
    return kept_->bytes;
  }

  core::Result<KeptBytes> keep() override {
    if (auto whole = all(); !whole) return tl::make_unexpected(whole.error());
    return *kept_;
  }

  [[nodiscard]] std::uint64_t memory_to_keep() const override {
    return member_.method == kDeflated ? member_.size : 0;
  }

 private:
  static constexpr std::size_t kSmallHead = 16U << 10U;
  const KeptBytes& zip_;
  const ZipMember& member_;
  std::vector<std::uint8_t> head_;
  std::optional<KeptBytes> kept_;
};

/// Members that cannot be read for one reason.
struct Unreadable {
  const char* reason;
  const char* what;
  std::size_t count = 0;
  std::string first = {};

  void add(std::string_view name) {
    if (count++ == 0) first = core::shortened(name, core::limits::kMaxPackageField);
  }
  void tell(PackageEntries& entries) const {
    if (count == 0) return;
    entries.note({.code = ErrorCode::unsupported,
                  .reason = reason,
                  .message = std::to_string(count) +
                             (count == 1 ? " member is " : " members are ") + what +
                             " and could not be read (first: " + core::printable(first) + ")",
                  .path = {},
                  .offset = {}});
  }
};

class ZipPackage {
 public:
  ZipPackage(const KeptBytes& zip, PackageEntries& entries) : zip_(zip), entries_(entries) {}

  core::Result<void> read() {
    const auto members = read_zip_directory(zip_.bytes);
    if (!members) return tl::make_unexpected(members.error());
    for (const ZipMember& member : *members) {
      if (!is_readable(member)) continue;
      if (!has_room(member)) break;
      const auto more = add(member);
      if (!more) return tl::make_unexpected(more.error());
      if (!*more) break;
      entries_.progress().reach(member.offset);
    }
    encrypted_.tell(entries_);
    unknown_.tell(entries_);
    return {};
  }

 private:
  bool is_readable(const ZipMember& member) {
    if (member.is_directory()) return true;
    if (member.is_encrypted) {
      encrypted_.add(member.name);
    } else if (member.method != kStored && member.method != kDeflated) {
      unknown_.add(member.name);
    } else {
      return true;
    }
    return false;
  }

  /// Members that overlap unpack to more than the file could hold.
  bool has_room(const ZipMember& member) {
    unpacked_ += std::min(member.size, core::limits::kMaxLayerSize);
    if (unpacked_ <= entries_.limits().max_unpacked) return true;
    core::Error error = expansion_error(entries_.limits().max_unpacked);
    error.message += "; the rest was not read";
    entries_.note(std::move(error));
    return false;
  }

  core::Result<bool> add(const ZipMember& member) {
    ZipContent content(zip_, member);
    TarMember entry{.name = std::string(member.name), .size = member.size};
    entry.kind = member.is_directory() ? FileKind::directory : FileKind::regular;
    entry.mode = member.mode != 0 ? member.mode : (member.is_directory() ? 0755U : 0644U);
    if (!member.is_link) return entries_.add(std::move(entry), content);
    const auto target = read_zip_member(zip_, member, core::limits::kMaxPathLength);
    if (!target) {
      entries_.note(target.error(), std::string(member.name));
      return true;
    }
    entry.kind = FileKind::symlink;
    entry.link_target = core::as_text(target->bytes);
    return entries_.add(std::move(entry), content);
  }

  const KeptBytes& zip_;
  PackageEntries& entries_;
  std::uint64_t unpacked_ = 0;
  Unreadable encrypted_{.reason = "zip-encrypted", .what = "encrypted"};
  Unreadable unknown_{.reason = "zip-method", .what = "compressed in an unknown way"};
};

}  // namespace

core::Result<void> read_zip_package(const KeptBytes& package, PackageEntries& entries) {
  return ZipPackage(package, entries).read();
}

}  // namespace muslcheck::source
