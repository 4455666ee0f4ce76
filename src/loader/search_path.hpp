#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::loader {

/// Size of load_library's path buffer, 2*NAME_MAX+2: a longer composed path is skipped silently.
inline constexpr std::size_t kPathBuffer = 512;

/// The directories of LD_LIBRARY_PATH or of an rpath: separated by ":" or newline, empty ones
/// dropped (path_open).
[[nodiscard]] std::vector<std::string_view> split_search_path(std::string_view list);

/// Whether an rpath needs its object's place to be known.
[[nodiscard]] bool mentions_origin(std::string_view rpath);

/// The rpath with $ORIGIN and ${ORIGIN} replaced by the directory of `origin`, a path; nothing
/// if it holds any other $TOKEN, which makes the loader ignore the whole rpath (fixup_rpath).
[[nodiscard]] std::optional<std::string> expand_rpath(std::string_view rpath,
                                                      std::string_view origin);

}  // namespace muslcheck::loader
