// os-release(5): lines of NAME=VALUE in shell quoting. /etc/os-release wins and is usually a link
// to /usr/lib/os-release.

#include "muslcheck/packages/os_release.hpp"

#include "muslcheck/core/text.hpp"

namespace muslcheck::packages {
namespace {

std::string unquote(std::string_view value) {
  value = core::trim(value);
  const bool quoted = value.size() >= 2 && value.front() == value.back() &&
                      (value.front() == '"' || value.front() == '\'');
  return std::string(quoted ? value.substr(1, value.size() - 2) : value);
}

}  // namespace

OsRelease read_os_release(const filesystem::FileTree& tree) {
  OsRelease release;
  for (const char* path : {"etc/os-release", "usr/lib/os-release"}) {
    const filesystem::Lookup lookup = tree.lookup(path);
    if (lookup.node == nullptr || lookup.node->metadata == nullptr) continue;
    for (const std::string_view line : core::split(*lookup.node->metadata, '\n')) {
      if (line.starts_with("ID=")) release.id = unquote(line.substr(3));
      if (line.starts_with("VERSION_ID=")) release.version_id = unquote(line.substr(11));
      if (line.starts_with("VERSION_CODENAME="))
        release.version_codename = unquote(line.substr(17));
    }
    return release;
  }
  return release;
}

bool is_musl_system(const filesystem::FileTree& tree) {
  // Debian's package musl has the loader but not this name, which is Alpine's for its libc.
  for (const std::string folder : {"lib", "usr/lib"})
    for (auto node = tree.nodes().lower_bound(folder + "/libc.musl-");
         node != tree.nodes().end() && node->first.starts_with(folder + "/libc.musl-"); ++node)
      if (node->first.ends_with(".so.1")) return true;
  return false;
}

}  // namespace muslcheck::packages
