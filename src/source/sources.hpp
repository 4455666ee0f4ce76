#pragma once
/// One opener per kind of source; source.cpp picks.

#include <memory>
#include <string>

#include "host_file.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/source/source.hpp"
#include "package_format.hpp"

namespace muslcheck::source {

[[nodiscard]] core::Result<std::unique_ptr<Source>> open_directory(const std::string& location,
                                                                   core::Progress* progress);
/// An ELF file, or what find_package_format knows.
[[nodiscard]] core::Result<std::unique_ptr<Source>> open_file(const std::string& location,
                                                              core::Progress* progress);
[[nodiscard]] core::Result<std::unique_ptr<Source>> open_package(MappedFile file,
                                                                 PackageFormat format,
                                                                 const std::string& location,
                                                                 core::Progress* progress);
[[nodiscard]] core::Result<std::unique_ptr<Source>> open_single_file(const std::string& location,
                                                                     core::Progress* progress);
/// docker-archive, oci-archive, oci-dir, and an archive that is one of the former.
[[nodiscard]] core::Result<std::unique_ptr<Source>> open_image(Kind kind,
                                                               const std::string& location,
                                                               const OpenOptions& options);

/// The error of read_layer for an index that the source does not have: a bug of the caller.
[[nodiscard]] tl::unexpected<core::Error> no_such_layer(std::size_t index);

}  // namespace muslcheck::source
