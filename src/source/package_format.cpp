// Which package a file is.
//
//   .deb    ar archive whose first member is "debian-binary" (deb(5))
//   .rpm    magic number of the lead (rpm's format.md)
//   .apk    Alpine: gzip members with tar segments, the first starting with ".SIGN." or ".PKGINFO";
//           since apk-tools 3 also "ADB" (apk-v3(5)). Android's is a zip archive.
//   .gem    tar of metadata.gz, data.tar.gz, checksums.yaml.gz (Gem::Package)
//   .tgz    npm: tar, all below "package/" (pacote's extraction drops the first folder)
//   .whl, .nupkg, .jar  zip
//
// Images in archives are tars, too. Their first member is one of few: `docker save` starts with
// "blobs/", a digest or a JSON file of that name, OCI layouts with "oci-layout" or "index.json".

#include "package_format.hpp"

#include <algorithm>
#include <array>

#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/source/zip.hpp"
#include "package_entries.hpp"

namespace muslcheck::source {
namespace {

using core::ByteView;

constexpr std::string_view kDebMagic = "!<arch>\ndebian-binary";
constexpr std::string_view kRpmMagic{"\xed\xab\xee\xdb", 4};
constexpr std::string_view kAdbMagic = "ADB";
constexpr std::array<std::string_view, 3> kJars{".jar", ".war", ".ear"};
constexpr std::array<std::string_view, 3> kGemMembers{"metadata.gz", "data.tar.gz",
                                                      "checksums.yaml.gz"};
constexpr std::array<std::string_view, 3> kTarPackages{".tgz", ".apk", ".gem"};
constexpr std::array<std::string_view, 5> kImageFiles{"manifest.json", "index.json", "oci-layout",
                                                      "repositories", "blobs"};

template <std::size_t N>
bool ends_with_any(std::string_view name, const std::array<std::string_view, N>& endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

template <std::size_t N>
bool is_any(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// "9f86d08...", alone or with an ending: how archives of images call configurations and layers.
bool starts_with_digest(std::string_view name) {
  constexpr std::size_t kDigits = 64;
  return name.size() >= kDigits &&
         name.substr(0, kDigits).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_image_member(const std::string& path) {
  const std::string_view first = std::string_view(path).substr(0, path.find('/'));
  return is_any(first, kImageFiles) || starts_with_digest(first);
}

/// The name of the first member of a tar; nothing if the bytes are none.
std::optional<std::string> first_member(ByteView bytes) {
  core::InlineTasks tasks;
  auto tar = open_package_tar({.bytes = bytes}, {}, tasks);
  const auto member = tar ? tar->next() : tl::make_unexpected(tar.error());
  return member && *member ? std::optional((*member)->name) : std::nullopt;
}

}  // namespace

const char* name_of(PackageFormat format) {
  switch (format) {
    case PackageFormat::deb: return "deb";
    case PackageFormat::rpm: return "rpm";
    case PackageFormat::gem: return "gem";
    case PackageFormat::tar: return "tar";
    case PackageFormat::zip: return "zip";
    case PackageFormat::jar: return "jar";
  }
  return "";
}

core::Result<std::optional<PackageFormat>> find_magic_format(ByteView bytes,
                                                             std::string_view name) {
  using Found = std::optional<PackageFormat>;
  const std::string_view text = core::as_text(bytes);
  if (text.starts_with(kDebMagic)) return Found(PackageFormat::deb);
  if (text.starts_with(kRpmMagic)) return Found(PackageFormat::rpm);
  if (text.starts_with(kAdbMagic))
    return core::fail(core::ErrorCode::unsupported, "apk-version",
                      "a package of apk-tools 3 (ADB), which cannot be read; those of version 2 "
                      "can");
  if (!has_zip_magic(bytes)) return Found();
  return Found(ends_with_any(name, kJars) ? PackageFormat::jar : PackageFormat::zip);
}

core::Result<std::optional<PackageFormat>> find_package_format(ByteView bytes,
                                                               std::string_view name) {
  auto format = find_magic_format(bytes, name);
  if (!format || *format) return format;
  const auto member = first_member(bytes);
  if (!member) return format;
  // A gem itself is never compressed.
  const bool is_gem = is_any(core::normalize_path(*member), kGemMembers) &&
                      find_package_compression(bytes) == Compression::none;
  *format = is_gem ? PackageFormat::gem : PackageFormat::tar;
  return format;
}

bool is_package_tar(std::string_view first_member, std::string_view name) {
  const std::string path = core::normalize_path(first_member);
  if (path.starts_with("package/") || path.starts_with(".SIGN.") || path == ".PKGINFO" ||
      is_any(path, kGemMembers))
    return true;
  return !is_image_member(path) && ends_with_any(name, kTarPackages);
}

}  // namespace muslcheck::source
