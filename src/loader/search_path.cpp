// Search paths as text. Spec: path_open, fixup_rpath and `reserved` in load_library of musl's
// ldso/dynlink.c.

#include "loader/search_path.hpp"

#include <algorithm>
#include <array>

#include "muslcheck/loader/loader.hpp"

namespace muslcheck::loader {
namespace {

constexpr std::string_view kOrigin = "$ORIGIN";
constexpr std::string_view kBracedOrigin = "${ORIGIN}";

std::string_view directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "." : path.substr(0, slash);
}

}  // namespace

bool is_reserved_library(std::string_view name) {
  constexpr std::array<std::string_view, 7> kReserved{"c.",  "pthread.", "rt.",  "m.",
                                                      "dl.", "util.",    "xnet."};
  if (!name.starts_with("lib")) return false;
  name.remove_prefix(3);
  return std::any_of(kReserved.begin(), kReserved.end(),
                     [&](std::string_view reserved) { return name.starts_with(reserved); });
}

std::vector<std::string_view> split_search_path(std::string_view list) {
  std::vector<std::string_view> directories;
  for (std::size_t start = 0, end = 0; start < list.size(); start = end + 1) {
    end = std::min(list.find_first_of(":\n", start), list.size());
    if (end != start) directories.push_back(list.substr(start, end - start));
  }
  return directories;
}

bool mentions_origin(std::string_view rpath) { return rpath.find('$') != std::string_view::npos; }

std::optional<std::string> expand_rpath(std::string_view rpath, std::string_view origin) {
  std::string expanded;
  for (std::size_t token = rpath.find('$'); token != std::string_view::npos;
       token = rpath.find('$')) {
    expanded.append(rpath.substr(0, token));
    rpath.remove_prefix(token);
    // A prefix comparison, as in musl: "$ORIGINAL" is the origin followed by "AL".
    const bool braced = rpath.starts_with(kBracedOrigin);
    if (!braced && !rpath.starts_with(kOrigin)) return std::nullopt;
    expanded.append(directory_of(origin));
    rpath.remove_prefix(braced ? kBracedOrigin.size() : kOrigin.size());
  }
  return expanded.append(rpath);
}

}  // namespace muslcheck::loader
