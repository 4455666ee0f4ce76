#pragma once
/// The header of one installed rpm package, as rpm's database keeps it.

#include <cstdint>
#include <string>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/package.hpp"

namespace muslcheck::packages {

/// What is used of a header.
struct RpmHeader {
  std::string name;
  std::string version;
  std::string release;
  std::string epoch;   ///< empty if it has none
  std::string arch;    ///< empty for the public keys that rpm keeps as packages
  std::string vendor;  ///< who built it: "Red Hat, Inc."; may be empty
  /// In-image paths of what it installed: files, directories and links; also configuration files
  /// and those that it only claims (%ghost).
  std::vector<std::string> paths;
  bool operator==(const RpmHeader&) const = default;
};

/// Reads a header that begins with the number of its index entries. `max_path_bytes` is what its
/// paths may take together; more of them, or more than kMaxPackageFiles, is an error
/// (limit-exceeded). Errors: rpm-header-malformed, too-many-package-files.
[[nodiscard]] core::Result<RpmHeader> parse_rpm_header(core::ByteView bytes,
                                                       std::uint64_t max_path_bytes);

/// The package that a header describes, of the distribution `id` ("fedora") in its release `distro`
/// ("fedora-40"); both may be empty.
[[nodiscard]] model::Package make_rpm_package(const RpmHeader& header, const std::string& id,
                                              const std::string& distro);

}  // namespace muslcheck::packages
