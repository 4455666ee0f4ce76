// Lexical work on in-image paths. Symbolic links are followed by filesystem::FileTree; here a
// path is only text, and ".." stops at the root as it does inside a chroot.

#include "muslcheck/core/paths.hpp"

#include <vector>

#include "muslcheck/core/text.hpp"

namespace muslcheck::core {

std::string normalize_path(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!kept.empty()) kept.pop_back();
      continue;
    }
    kept.push_back(part);
  }
  std::string result;
  result.reserve(path.size());
  for (const std::string_view part : kept) {
    if (!result.empty()) result += '/';
    result += part;
  }
  return result;
}

std::string resolve_path(std::string_view directory, std::string_view path) {
  if (path.starts_with('/')) return normalize_path(path);
  return normalize_path(std::string(directory) + "/" + std::string(path));
}

std::string_view parent_path(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string_view file_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string join_path(std::string_view directory, std::string_view name) {
  if (directory.empty()) return std::string(name);
  return std::string(directory) + "/" + std::string(name);
}

bool is_below(std::string_view path, std::string_view directory) {
  if (directory.empty()) return true;
  return path.starts_with(directory) &&
         (path.size() == directory.size() || path[directory.size()] == '/');
}

}  // namespace muslcheck::core
