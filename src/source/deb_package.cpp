// Debian packages (deb(5)): an ar archive of "debian-binary", control.tar and data.tar, each of the
// two compressed in a way of its own. Members behind these (signatures) mean nothing here.
//
// An ar header has 60 bytes of text: 16 of name, the size from byte 48 in 10 decimal digits, "`\n"
// at the end. Content is padded to an even length.

#include <algorithm>
#include <charconv>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "package_readers.hpp"

namespace muslcheck::source {
namespace {

using core::ByteView;
using core::ErrorCode;

constexpr std::uint64_t kMagicSize = 8;  // "!<arch>\n"
constexpr std::uint64_t kHeaderSize = 60;
constexpr std::size_t kMaxArMembers = 16;           ///< a package has three
constexpr std::uint64_t kMaxControl = 16ULL << 20;  ///< the unpacked control.tar
constexpr int kMaxControlMembers = 64;

struct ArMember {
  std::string name;
  ByteView bytes;
  bool truncated = false;
};

tl::unexpected<core::Error> damaged(std::string message, std::uint64_t offset) {
  return core::fail(ErrorCode::malformed, "deb-damaged", std::move(message), {}, offset);
}

core::Result<ArMember> read_ar_member(ByteView deb, std::uint64_t offset) {
  const auto header = core::slice(deb, offset, kHeaderSize);
  if (!header) return damaged("ends within the header of a member", offset);
  const std::string_view text = core::as_text(*header);
  const std::string_view digits = core::trim(text.substr(48, 10));
  std::uint64_t size = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (text.substr(58) != "`\n" || digits.empty() || failure != std::errc() ||
      end != digits.data() + digits.size())
    return damaged("the header of a member is damaged", offset);
  // GNU ar ends names with a slash; dpkg-deb does not.
  std::string_view name = core::trim(text.substr(0, 16));
  if (name.ends_with('/')) name.remove_suffix(1);
  const std::uint64_t start = offset + kHeaderSize;
  const std::uint64_t there = std::min<std::uint64_t>(size, deb.size() - start);
  return ArMember{
      .name = std::string(name),
      .bytes = deb.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(there)),
      .truncated = there < size};
}

/// The members, and what ended the reading if that was not the end of the file.
struct ArMembers {
  std::vector<ArMember> list;
  std::optional<core::Error> failure;

  /// The first one that has this name with any ending for its compression.
  [[nodiscard]] const ArMember* find(std::string_view name) const {
    const auto found = std::find_if(list.begin(), list.end(), [&](const ArMember& member) {
      return member.name == name || member.name.starts_with(std::string(name) + ".");
    });
    return found == list.end() ? nullptr : &*found;
  }
};

ArMembers read_ar(ByteView deb) {
  ArMembers members;
  for (std::uint64_t offset = kMagicSize;
       offset < deb.size() && members.list.size() < kMaxArMembers;) {
    auto member = read_ar_member(deb, offset);
    if (!member) {
      members.failure = member.error();
      break;
    }
    offset += kHeaderSize + member->bytes.size() + member->bytes.size() % 2;
    members.list.push_back(std::move(*member));
  }
  return members;
}

/// The file "control" of control.tar.
core::Result<std::string> read_control(const ArMembers& members, core::Tasks& tasks) {
  const ArMember* archive = members.find("control.tar");
  if (archive == nullptr)
    return core::fail(ErrorCode::malformed, "deb-control-missing",
                      "has no control.tar, so which package it is cannot be said");
  auto tar = open_package_tar({.bytes = archive->bytes}, {.max_unpacked = kMaxControl}, tasks);
  if (!tar) return tl::make_unexpected(tar.error());
  for (int i = 0; i < kMaxControlMembers; ++i) {
    const auto member = tar->next();
    if (!member) return tl::make_unexpected(member.error());
    if (!*member) break;
    if (core::normalize_path((*member)->name) != "control") continue;
    const auto bytes = tar->content().all();
    if (!bytes) return tl::make_unexpected(bytes.error());
    return std::string(core::as_text(*bytes));
  }
  return core::fail(ErrorCode::malformed, "deb-control-missing", "control.tar has no file control");
}

core::Result<void> add_data(const ArMember& data, const KeptBytes& package, PackageEntries& entries,
                            core::Tasks& tasks) {
  KeptBytes bytes = package;
  bytes.bytes = data.bytes;
  auto tar = open_package_tar(
      bytes, {.max_unpacked = entries.limits().max_unpacked, .progress = &entries.progress()},
      tasks);
  if (!tar) return tl::make_unexpected(package_error(tar.error(), entries.place_of(data.name)));
  return entries.add_all(*tar, data.name);
}

}  // namespace

core::Result<void> read_deb_package(const KeptBytes& package, PackageEntries& entries,
                                    core::Tasks& tasks) {
  const ArMembers members = read_ar(package.bytes);
  const ArMember* data = members.find("data.tar");
  if (data == nullptr && members.failure) return tl::make_unexpected(*members.failure);
  if (data == nullptr)
    return core::fail(ErrorCode::malformed, "deb-data-missing",
                      "has no data.tar: it holds no files");
  if (auto added = add_data(*data, package, entries, tasks); !added) return added;
  if (data->truncated)
    entries.note({.code = ErrorCode::malformed,
                  .reason = "truncated",
                  .message = "the file ends before this member does",
                  .path = {},
                  .offset = {}},
                 data->name);
  const auto control = read_control(members, tasks);
  if (!control) {
    entries.note(control.error(), "control.tar");
    return {};
  }
  const auto added = entries.add_bytes("DEBIAN/control", {.bytes = core::as_bytes(*control)});
  return added ? core::Result<void>{} : tl::make_unexpected(added.error());
}

std::string find_deb_architecture(ByteView package) {
  core::InlineTasks tasks;
  const auto control = read_control(read_ar(package), tasks);
  if (!control) return {};
  constexpr std::string_view kField = "Architecture:";
  std::string architecture;
  core::for_each_part(*control, '\n', [&](std::string_view line) {
    if (architecture.empty() && line.starts_with(kField))
      architecture = core::trim(line.substr(kField.size()));
  });
  return architecture;
}

}  // namespace muslcheck::source
