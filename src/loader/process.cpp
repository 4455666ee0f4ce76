// Paths as the loader model's process sees them.

#include "loader/process.hpp"

#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"

namespace muslcheck::loader {

std::optional<std::string> absolute_path(const Process& process, std::string_view path) {
  if (path.starts_with('/')) return std::string(path);
  const std::string& directory = process.request.working_directory;
  if (directory.empty()) return std::nullopt;
  return directory + "/" + std::string(path);
}

bool is_target_loader(const Process& process, std::string_view path) {
  return !path.empty() &&
         core::normalize_path(path) == core::normalize_path(process.target.loader_path);
}

bool is_glibc_stub(const Process& process, std::string_view path) {
  return core::contains(process.target.glibc_loaders, "/" + core::normalize_path(path));
}

}  // namespace muslcheck::loader
