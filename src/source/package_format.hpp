#pragma once
/// Packages of distributions and languages, and plain archives, told apart.

#include <optional>
#include <string_view>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::source {

enum class PackageFormat {
  deb,
  rpm,
  gem,
  tar,  ///< .tgz of npm, .apk of Alpine, any other tar
  zip,  ///< .whl, .nupkg, .apk of Android, any other zip
  jar,  ///< .jar, .war, .ear: a zip that programs read as it is
};

/// The word for a format: "deb".
[[nodiscard]] const char* name_of(PackageFormat format);

/// What the first bytes of a file are, if they say so: no tar. The name decides only where the
/// content does not: a jar is a zip archive as others. Error: unsupported ("apk-version") for a
/// format that is known and cannot be read.
[[nodiscard]] core::Result<std::optional<PackageFormat>> find_magic_format(core::ByteView bytes,
                                                                           std::string_view name);

/// As find_magic_format; other bytes that are a tar, compressed or not, are a gem or a tar.
[[nodiscard]] core::Result<std::optional<PackageFormat>> find_package_format(core::ByteView bytes,
                                                                             std::string_view name);

/// For a bare path, whose tar may hold an image: true if the first member or, where that does not
/// tell, the name of the file says that it is a package.
[[nodiscard]] bool is_package_tar(std::string_view first_member, std::string_view name);

}  // namespace muslcheck::source
