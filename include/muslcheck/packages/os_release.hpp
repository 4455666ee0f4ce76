#pragma once
/// Which distribution an image is of.

#include <string>

#include "muslcheck/filesystem/file_tree.hpp"

namespace muslcheck::packages {

/// The distribution of an image by os-release(5).
struct OsRelease {
  std::string id;                ///< "debian"; empty if the image does not say
  std::string version_id;        ///< "12"; empty for testing and rolling releases
  std::string version_codename;  ///< "bookworm"; empty if there is none
};

[[nodiscard]] OsRelease read_os_release(const filesystem::FileTree& tree);

/// True if the image's own distribution has musl as its libc, as Alpine does.
[[nodiscard]] bool is_musl_system(const filesystem::FileTree& tree);

}  // namespace muslcheck::packages
