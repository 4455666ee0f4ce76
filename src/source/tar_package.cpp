// Packages that are a tar, and gems, which are a tar with others in it.
//
// An Alpine package (apk-package(5)) is one tar cut into gzip members: signature, ".PKGINFO" and
// scripts, files. The first two lack the end of a tar, so that all is read as one. An npm package
// has its files below "package/", Arch's is a tar with a ".PKGINFO" of its own kind.

#include "archive_index.hpp"
#include "muslcheck/core/limits.hpp"
#include "package_readers.hpp"
#include "unpack.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;

core::Result<void> add_tar(const KeptBytes& bytes, const std::string& part, PackageEntries& entries,
                           core::Tasks& tasks) {
  auto tar = open_package_tar(
      bytes, {.max_unpacked = entries.limits().max_unpacked, .progress = &entries.progress()},
      tasks);
  if (!tar) return tl::make_unexpected(package_error(tar.error(), entries.place_of(part)));
  return entries.add_all(*tar, part);
}

/// The description of a gem, which is compressed by itself.
core::Result<void> add_gem_description(const ArchiveIndex& members, PackageEntries& entries) {
  constexpr const char* kName = "metadata.gz";
  const auto packed = members.find(kName);
  if (!packed) {
    entries.note({.code = ErrorCode::malformed,
                  .reason = "gem-metadata-missing",
                  .message = "is not there, so which gem this is cannot be said",
                  .path = {},
                  .offset = {}},
                 kName);
    return {};
  }
  const auto unpacked = unpack(Compression::gzip, packed->bytes, core::limits::kMaxMetadataFile);
  if (!unpacked) {
    entries.note(unpacked.error(), kName);
    return {};
  }
  const auto added = entries.add_bytes("GEM/metadata", {.bytes = unpacked->bytes()});
  return added ? core::Result<void>{} : tl::make_unexpected(added.error());
}

}  // namespace

core::Result<void> read_tar_package(const KeptBytes& package, PackageEntries& entries,
                                    core::Tasks& tasks) {
  return add_tar(package, {}, entries, tasks);
}

core::Result<void> read_gem_package(const KeptBytes& package, PackageEntries& entries,
                                    core::Tasks& tasks) {
  constexpr const char* kData = "data.tar.gz";
  const auto members = ArchiveIndex::build(package.bytes);
  if (!members) return tl::make_unexpected(members.error());
  const auto data = members->find(kData);
  if (!data)
    return core::fail(ErrorCode::malformed, "gem-data-missing",
                      "has no data.tar.gz: it holds no files");
  KeptBytes bytes = package;
  bytes.bytes = data->bytes;
  if (auto added = add_tar(bytes, kData, entries, tasks); !added) return added;
  if (members->damage()) entries.note(*members->damage());
  return add_gem_description(*members, entries);
}

}  // namespace muslcheck::source
