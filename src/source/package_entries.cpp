// Members of packages as entries of a layer.
//
// Package managers write names relative to where they install ("./usr/bin/x", "package/index.js").
// Absolute names are taken as relative, as dpkg, rpm and tar do; one with ".." that leads out of
// the package is what only an attack has, so it is said. What it names is read all the same: that
// a package manager would refuse it, or would not, is not known here.

#include "package_entries.hpp"

#include <algorithm>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;
using model::FileEntry;
using model::FileKind;

core::Error error(ErrorCode code, std::string reason, std::string message) {
  return {.code = code,
          .reason = std::move(reason),
          .message = std::move(message),
          .path = {},
          .offset = {}};
}

/// True if ".." takes the name above where it starts.
bool leads_outside(std::string_view name) {
  if (name.find("..") == std::string_view::npos) return false;
  int depth = 0;
  bool outside = false;
  core::for_each_part(name, '/', [&](std::string_view part) {
    if (part.empty() || part == ".") return;
    depth += part == ".." ? -1 : 1;
    outside = outside || depth < 0;
  });
  return outside;
}

/// Bytes that are at hand already.
class BytesContent final : public Content {
 public:
  explicit BytesContent(const KeptBytes& bytes) : bytes_(bytes) {}
  core::Result<core::ByteView> head(std::size_t size) override {
    return bytes_.bytes.first(std::min(size, bytes_.bytes.size()));
  }
  core::Result<core::ByteView> all() override { return bytes_.bytes; }
  core::Result<KeptBytes> keep() override { return bytes_.owner ? bytes_ : copy_of(bytes_.bytes); }
  [[nodiscard]] std::uint64_t memory_to_keep() const override {
    return bytes_.owner ? bytes_.memory : bytes_.bytes.size();
  }

 private:
  const KeptBytes& bytes_;
};

/// No content: links, folders.
class NoContent final : public Content {
 public:
  core::Result<core::ByteView> head(std::size_t /*size*/) override { return core::ByteView{}; }
  core::Result<core::ByteView> all() override { return core::ByteView{}; }
};

}  // namespace

core::Error package_error(core::Error cause, std::string path) {
  if (cause.reason == "not-a-tar") {
    cause.reason = "package-damaged";
  } else if (cause.reason == "truncated" || cause.reason == "damaged") {
    cause.reason = "package-" + cause.reason;
  }
  cause.path = std::move(path);
  return cause;
}

PackageEntries::PackageEntries(std::string location, const Limits& limits,
                               const EntryVisitor& visit, std::vector<model::Problem>& problems,
                               core::PartProgress& progress)
    : location_(std::move(location)),
      limits_(limits),
      visit_(visit),
      problems_(problems),
      progress_(progress) {}

std::string PackageEntries::place_of(const std::string& part) const {
  return part.empty() ? location_ : location_ + ": " + part;
}

void PackageEntries::note(core::Error cause, const std::string& part) {
  cause = package_error(std::move(cause), place_of(part));
  model::add_problem(problems_, model::problem_from(cause, "source"));
}

bool PackageEntries::has_room(const TarMember& member) {
  path_bytes_ += member.name.size() + member.link_target.size();
  if (entries_++ < limits_.max_entries && path_bytes_ <= core::limits::kMaxPathBytesPerLayer)
    return true;
  note(error(ErrorCode::limit_exceeded, "too-many-entries",
             "more than " + std::to_string(limits_.max_entries) + " entries, or more than " +
                 std::to_string(core::limits::kMaxPathBytesPerLayer) +
                 " bytes of names; the rest was not read"));
  return false;
}

core::Result<bool> PackageEntries::add(TarMember member, Content& content) {
  if (!has_room(member)) return false;
  FileEntry entry{.path = core::normalize_path(member.name),
                  .kind = member.kind,
                  .mode = member.mode,
                  .size = member.kind == FileKind::regular ? member.size : 0};
  if (entry.path.size() > core::limits::kMaxPathLength ||
      member.link_target.size() > core::limits::kMaxPathLength) {
    note(error(ErrorCode::limit_exceeded, "path-too-long",
               "a path or link longer than " + std::to_string(core::limits::kMaxPathLength) +
                   " bytes"),
         entry.path.substr(0, 255));
    return true;
  }
  if (leads_outside(member.name))
    note(error(ErrorCode::malformed, "path-outside",
               "leads out of the package; read as " + core::printable(entry.path)),
         member.name);
  if (entry.path.empty()) return true;  // the root directory, "./"
  if (entry.kind == FileKind::hardlink)
    entry.link_target = core::normalize_path(member.link_target);
  if (entry.kind == FileKind::symlink) entry.link_target = member.link_target;
  if (auto visited = visit_(entry, content); !visited) return tl::make_unexpected(visited.error());
  progress_.count_file();
  if (auto added = add_earlier_names(member, entry.path); !added)
    return tl::make_unexpected(added.error());
  return true;
}

/// The names of a cpio file that came before its content are hard links to the one that has it.
core::Result<void> PackageEntries::add_earlier_names(const TarMember& member,
                                                     const std::string& path) {
  if (member.kind == FileKind::hardlink) waiting_.push_back(core::normalize_path(member.name));
  if (member.kind != FileKind::regular) return {};
  NoContent none;
  if (!member.link_target.empty()) {
    waiting_.push_back(core::normalize_path(member.link_target));
    for (const std::string& name : waiting_) {
      if (name == path) continue;
      const FileEntry link{.path = name, .kind = FileKind::hardlink, .link_target = path};
      if (auto visited = visit_(link, none); !visited) return visited;
    }
  }
  waiting_.clear();
  return {};
}

core::Result<bool> PackageEntries::add_bytes(std::string path, const KeptBytes& bytes) {
  BytesContent content(bytes);
  return add({.name = std::move(path), .mode = 0644, .size = bytes.bytes.size()}, content);
}

core::Result<TarReader> open_package_tar(const KeptBytes& bytes, const PackageTarOptions& options,
                                         core::Tasks& tasks) {
  const Compression compression = find_package_compression(bytes.bytes);
  if (compression == Compression::none)
    return TarReader::open(bytes, options.max_unpacked, options.format);
  auto stream = LayerStream::open(compression, bytes.bytes,
                                  {.max_unpacked = options.max_unpacked,
                                   .mapped = bytes.mapped,
                                   .owner = bytes.owner,
                                   .progress = options.progress},
                                  tasks);
  if (!stream) return tl::make_unexpected(stream.error());
  return TarReader::open(std::move(*stream), options.max_unpacked, options.format);
}

core::Result<void> PackageEntries::add_all(TarReader& archive, const std::string& part) {
  for (bool any = false;; any = true) {
    auto member = archive.next();
    if (!member && !any) return tl::make_unexpected(package_error(member.error(), place_of(part)));
    if (!member) note(member.error(), part);
    if (!member || !*member) return {};
    const auto more = add(std::move(**member), archive.content());
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) return {};
    if (archive.stream() == nullptr) progress_.reach(archive.position());
  }
}

}  // namespace muslcheck::source
