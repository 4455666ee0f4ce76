// An rpm header: two counts, an index of tags and the store that their values are in, all numbers
// big-endian (rpm docs/manual/format.md, "Header Structure"; in a database the eight bytes of magic
// before the counts are left out: lib/header.c, headerExport).
//
//   u32 entries, u32 bytes of the store
//   per entry: u32 tag, u32 type, u32 offset into the store, u32 count
//   the store
//
// Files come as a base name and the number of its folder in a list of folders (since rpm 4), or as
// whole paths. A file whose state is not "normal" is another package's now, or was never installed.

#include "rpm_header.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "purl.hpp"

namespace muslcheck::packages {
namespace {

using core::ByteOrder;
using core::ByteView;
using core::Result;
namespace limits = core::limits;

// include/rpm/rpmtag.h
enum Tag : std::uint32_t {
  kName = 1000,
  kVersion = 1001,
  kRelease = 1002,
  kEpoch = 1003,
  kVendor = 1011,
  kArch = 1022,
  kOldFileNames = 1027,
  kFileStates = 1029,
  kDirIndexes = 1116,
  kBaseNames = 1117,
  kDirNames = 1118,
};
constexpr std::array<std::uint32_t, 11> kWanted{kName,       kVersion,   kRelease,      kEpoch,
                                                kVendor,     kArch,      kOldFileNames, kFileStates,
                                                kDirIndexes, kBaseNames, kDirNames};
enum Type : std::uint32_t { kChar = 1, kInt32 = 4, kString = 6, kStrings = 8, kTranslated = 9 };

constexpr std::uint64_t kCountsSize = 8;
constexpr std::uint64_t kEntrySize = 16;
constexpr std::uint8_t kStateNormal = 0;  // include/rpm/rpmfiles.h, rpmfileState_e

tl::unexpected<core::Error> malformed(const std::string& what) {
  return core::fail(core::ErrorCode::malformed, "rpm-header-malformed", what);
}

tl::unexpected<core::Error> too_many() {
  return core::fail(core::ErrorCode::limit_exceeded, "too-many-package-files",
                    "more files than are read of one package or database");
}

struct Entry {
  std::uint32_t type = 0;
  std::uint32_t offset = 0;
  std::uint32_t count = 0;
};

/// The index and the store of a header.
struct Parts {
  std::map<std::uint32_t, Entry> entries;  ///< those that are wanted
  ByteView store;

  [[nodiscard]] const Entry* find(std::uint32_t tag) const {
    const auto entry = entries.find(tag);
    return entry == entries.end() ? nullptr : &entry->second;
  }
};

Result<Parts> split_header(ByteView bytes) {
  const auto count = core::read_u32(bytes, 0, ByteOrder::big);
  const auto store_size = core::read_u32(bytes, 4, ByteOrder::big);
  if (!count || !store_size) return malformed("the header is cut off");
  if (*count > limits::kMaxRpmTags) return malformed("the header has too many tags");
  const std::uint64_t store_offset = kCountsSize + *count * kEntrySize;
  const auto index = core::slice(bytes, kCountsSize, *count * kEntrySize);
  const auto store = core::slice(bytes, store_offset, *store_size);
  if (!index || !store) return malformed("the header is cut off");
  Parts parts{.entries = {}, .store = *store};
  for (std::uint64_t at = 0; at < index->size(); at += kEntrySize) {
    const auto number = [&](std::uint64_t field) {
      return core::read_u32(*index, at + field, ByteOrder::big).value_or(0);
    };
    if (core::contains(kWanted, number(0)))
      parts.entries.try_emplace(number(0), Entry{number(4), number(8), number(12)});
  }
  return parts;
}

/// The strings of a tag: one after the other, each with its NUL. None if it has no such tag.
Result<std::vector<std::string_view>> strings_of(const Parts& parts, std::uint32_t tag) {
  const Entry* entry = parts.find(tag);
  std::vector<std::string_view> strings;
  if (entry == nullptr) return strings;
  if (entry->type != kStrings && entry->type != kString && entry->type != kTranslated)
    return malformed("tag " + std::to_string(tag) + " holds no text");
  const std::uint32_t count = entry->type == kString ? 1 : entry->count;
  if (count > limits::kMaxPackageFiles) return too_many();
  std::uint64_t offset = entry->offset;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto text = core::read_string(parts.store, offset, parts.store.size());
    if (!text) return malformed("the text of tag " + std::to_string(tag) + " leaves the header");
    strings.push_back(*text);
    offset += text->size() + 1;
  }
  return strings;
}

/// The first string of a tag, shortened; empty if it has none.
Result<std::string> text_of(const Parts& parts, std::uint32_t tag) {
  const auto strings = strings_of(parts, tag);
  if (!strings) return tl::make_unexpected(strings.error());
  return strings->empty() ? std::string()
                          : core::shortened(strings->front(), limits::kMaxPackageField);
}

/// The values of a tag of `size` bytes each; empty if it has no such tag.
Result<ByteView> array_of(const Parts& parts, std::uint32_t tag, std::uint32_t type,
                          std::uint64_t size) {
  const Entry* entry = parts.find(tag);
  if (entry == nullptr) return ByteView{};
  const auto values = core::slice(parts.store, entry->offset, entry->count * size);
  if (entry->type != type || !values)
    return malformed("the numbers of tag " + std::to_string(tag) + " leave the header");
  return *values;
}

std::uint32_t number_at(ByteView numbers, std::size_t index) {
  return core::read_u32(numbers, index * 4, ByteOrder::big).value_or(0);
}

/// Adds paths as long as there is room for them.
class Paths {
 public:
  Paths(RpmHeader& header, ByteView states, std::uint64_t max_bytes)
      : header_(header), states_(states), left_(max_bytes) {}

  /// False if there is no room. `number` is the file's place in the package.
  bool add(std::size_t number, std::string_view folder, std::string_view name) {
    const std::uint64_t size = folder.size() + name.size();
    if (number < states_.size() && states_[number] != kStateNormal) return true;
    if (size > limits::kMaxPathLength) return true;
    if (size > left_) return false;
    left_ -= size;
    std::string path = core::normalize_path(std::string(folder) + std::string(name));
    if (!path.empty()) header_.paths.push_back(std::move(path));
    return true;
  }

 private:
  RpmHeader& header_;
  ByteView states_;
  std::uint64_t left_;
};

Result<void> read_paths(const Parts& parts, RpmHeader& header, std::uint64_t max_bytes) {
  const auto states = array_of(parts, kFileStates, kChar, 1);
  const auto whole = strings_of(parts, kOldFileNames);
  const auto names = strings_of(parts, kBaseNames);
  const auto folders = strings_of(parts, kDirNames);
  const auto numbers = array_of(parts, kDirIndexes, kInt32, 4);
  if (!states || !numbers) return tl::make_unexpected((!states ? states : numbers).error());
  for (const auto* list : {&whole, &names, &folders})
    if (!*list) return tl::make_unexpected(list->error());
  if (numbers->size() != names->size() * 4)
    return malformed("the header does not say which folders its files are in");
  Paths paths(header, *states, max_bytes);
  for (std::size_t i = 0; i < names->size(); ++i) {
    const std::uint32_t folder = number_at(*numbers, i);
    if (folder >= folders->size()) return malformed("a file is in a folder that is not listed");
    if (!paths.add(i, (*folders)[folder], (*names)[i])) return too_many();
  }
  if (!names->empty()) return {};
  for (std::size_t i = 0; i < whole->size(); ++i)
    if (!paths.add(i, "", (*whole)[i])) return too_many();
  return {};
}

}  // namespace

Result<RpmHeader> parse_rpm_header(ByteView bytes, std::uint64_t max_path_bytes) {
  const auto parts = split_header(bytes);
  if (!parts) return tl::make_unexpected(parts.error());
  RpmHeader header;
  for (const auto& [tag, member] :
       {std::pair{kName, &RpmHeader::name}, std::pair{kVersion, &RpmHeader::version},
        std::pair{kRelease, &RpmHeader::release}, std::pair{kVendor, &RpmHeader::vendor},
        std::pair{kArch, &RpmHeader::arch}}) {
    auto text = text_of(*parts, tag);
    if (!text) return tl::make_unexpected(text.error());
    header.*member = std::move(*text);
  }
  if (header.name.empty()) return malformed("the header has no name");
  const auto epoch = array_of(*parts, kEpoch, kInt32, 4);
  if (!epoch) return tl::make_unexpected(epoch.error());
  if (!epoch->empty()) header.epoch = std::to_string(number_at(*epoch, 0));
  if (const auto read = read_paths(*parts, header, max_path_bytes); !read)
    return tl::make_unexpected(read.error());
  return header;
}

model::Package make_rpm_package(const RpmHeader& header, const std::string& id,
                                const std::string& distro) {
  const std::string version =
      header.release.empty() ? header.version : header.version + "-" + header.release;
  return {.purl = make_purl("rpm", core::join_path(id, header.name), version,
                            {{"arch", header.arch}, {"epoch", header.epoch}, {"distro", distro}}),
          .ecosystem = "rpm",
          .name = header.name,
          .version = header.epoch.empty() ? version : header.epoch + ":" + version,
          .maintainer = header.vendor};
}

}  // namespace muslcheck::packages
