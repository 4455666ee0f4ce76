// `muslcheck cache`: the folder in which facts of layers are kept between scans.

#include <cstdlib>
#include <string>

#include "cli/commands.hpp"
#include "muslcheck/cache/facts_cache.hpp"

namespace muslcheck::cli {
namespace {

/// The value of a variable that names an absolute path. XDG says to ignore a relative one.
std::string folder_in(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value == '/' ? value : std::string();
}

std::string describe(const cache::CacheInfo& info) {
  const std::uint64_t tenths = info.bytes * 10 / (1U << 20U);
  return std::to_string(info.layers) + (info.layers == 1 ? " layer, " : " layers, ") +
         std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MiB";
}

}  // namespace

std::string default_cache_folder() {
  const std::string cache = folder_in("XDG_CACHE_HOME");
  if (!cache.empty()) return cache + "/muslcheck";
  const std::string home = folder_in("HOME");
  return home.empty() ? home : home + "/.cache/muslcheck";
}

int run_cache(const std::string& action, const std::string& folder) {
  if (folder.empty())
    return report_error({.code = core::ErrorCode::usage,
                         .reason = "no-cache-folder",
                         .message = "there is no cache folder: neither XDG_CACHE_HOME nor HOME is "
                                    "set; name one with --cache-dir",
                         .path = {},
                         .offset = {}});
  cache::FactsCache cache(folder, scan::kDefaultCacheSize);
  const bool clean = action == "clean";
  const auto info = clean ? cache.clean() : cache.info();
  if (!info) return report_error(info.error());
  const auto written = write_stdout((clean ? "removed " : folder + ": ") + describe(*info) + "\n");
  return written ? kExitOk : report_error(written.error());
}

}  // namespace muslcheck::cli
