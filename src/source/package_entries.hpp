#pragma once
/// The entries of a package, whatever its format: bounded and named as entries of a layer are.

#include <cstdint>
#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/progress.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/problem.hpp"
#include "muslcheck/source/source.hpp"
#include "tar_reader.hpp"

namespace muslcheck::source {

/// Hands members on to a visitor. One object per reading of a package.
class PackageEntries {
 public:
  struct Limits {
    std::uint64_t max_unpacked = 0;  ///< bytes that come out of the package, all together
    std::uint64_t max_entries = 0;
  };

  /// `location` names the package in problems. All references outlive the object.
  PackageEntries(std::string location, const Limits& limits, const EntryVisitor& visit,
                 std::vector<model::Problem>& problems, core::PartProgress& progress);

  /// Hands a member on: true to go on, false behind a limit, which a problem then says. A name that
  /// leads out of the package is a problem ("path-outside"); it is read where it can lead at most,
  /// inside. Whiteouts are names as others. Errors are the visitor's.
  [[nodiscard]] core::Result<bool> add(TarMember member, Content& content);

  /// Hands on bytes that the package has outside of its archive, at a path that its own tools have
  /// for them. Errors are the visitor's.
  [[nodiscard]] core::Result<bool> add_bytes(std::string path, const KeptBytes& bytes);

  /// Hands on all members of a tar or cpio. `part` names the archive inside the package in problems
  /// ("data.tar.xz"); empty: the package is that archive. Errors: the visitor's, and if there was
  /// no member at all what is wrong with the archive.
  [[nodiscard]] core::Result<void> add_all(TarReader& archive, const std::string& part);

  /// A problem of the package or of a part of it.
  void note(core::Error cause, const std::string& part = {});

  [[nodiscard]] const Limits& limits() const { return limits_; }
  [[nodiscard]] core::PartProgress& progress() { return progress_; }
  /// What messages call a part of the package: "x.deb: data.tar.xz".
  [[nodiscard]] std::string place_of(const std::string& part) const;

 private:
  [[nodiscard]] bool has_room(const TarMember& member);
  [[nodiscard]] core::Result<void> add_earlier_names(const TarMember& member,
                                                     const std::string& path);

  std::string location_;
  Limits limits_;
  const EntryVisitor& visit_;
  std::vector<model::Problem>& problems_;
  core::PartProgress& progress_;
  std::uint64_t entries_ = 0;
  std::uint64_t path_bytes_ = 0;
  /// Names of the cpio file whose content has not come yet, but for the first.
  std::vector<std::string> waiting_;
};

/// How an archive inside of a package is opened.
struct PackageTarOptions {
  ArchiveFormat format = ArchiveFormat::tar;
  std::uint64_t max_unpacked = core::limits::kMaxLayerSize;
  core::PartProgress* progress = nullptr;
};

/// A tar or cpio, compressed in any way that packages know, or not at all.
[[nodiscard]] core::Result<TarReader> open_package_tar(const KeptBytes& bytes,
                                                       const PackageTarOptions& options,
                                                       core::Tasks& tasks);

/// Errors of an archive inside of a package get its names: "truncated" becomes "package-truncated".
[[nodiscard]] core::Error package_error(core::Error cause, std::string path);

}  // namespace muslcheck::source
