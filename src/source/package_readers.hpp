#pragma once
/// One reader per format of packages; package_source.cpp picks.

#include <optional>
#include <string>

#include "muslcheck/core/result.hpp"
#include "muslcheck/core/tasks.hpp"
#include "muslcheck/source/source.hpp"
#include "package_entries.hpp"
#include "package_format.hpp"

namespace muslcheck::source {

// Each hands on what the package installs, under the paths that it has inside, and what says which
// package it is where that package's own tools have it. Damage is a problem as long as anything
// was read, and an error otherwise.

/// Files at the root, the control file as "DEBIAN/control" (where dpkg-deb puts it). Errors:
/// malformed ("deb-damaged", "deb-data-missing").
[[nodiscard]] core::Result<void> read_deb_package(const KeptBytes& package, PackageEntries& entries,
                                                  core::Tasks& tasks);

/// Files at the root, the main header as "RPM/header", without its magic number as in rpm's
/// database. Errors: malformed ("rpm-damaged").
[[nodiscard]] core::Result<void> read_rpm_package(const KeptBytes& package, PackageEntries& entries,
                                                  core::Tasks& tasks);

/// Files at the root, the gem's description as "GEM/metadata". Errors: malformed
/// ("gem-data-missing").
[[nodiscard]] core::Result<void> read_gem_package(const KeptBytes& package, PackageEntries& entries,
                                                  core::Tasks& tasks);

[[nodiscard]] core::Result<void> read_tar_package(const KeptBytes& package, PackageEntries& entries,
                                                  core::Tasks& tasks);

/// Members that cannot be read (encrypted, packed by an unknown method) are left out, and a problem
/// says how many. Errors as read_zip_directory.
[[nodiscard]] core::Result<void> read_zip_package(const KeptBytes& package,
                                                  PackageEntries& entries);

/// The architecture that a package was built for in its own words; empty if it does not say.
[[nodiscard]] std::string find_deb_architecture(core::ByteView package);
[[nodiscard]] std::string find_rpm_architecture(core::ByteView package);

/// "linux/amd64" for what a package or its name says; empty if it does not, or if it is for all.
[[nodiscard]] std::string find_package_platform(PackageFormat format, core::ByteView package,
                                                std::string_view name);

}  // namespace muslcheck::source
