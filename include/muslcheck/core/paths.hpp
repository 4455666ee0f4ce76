#pragma once
/// Paths inside an image. They are relative to its root, have no leading or trailing slash, no
/// empty, "." or ".." component ("app/node_modules/x.node"); the root itself is "". They never
/// refer to the host's file system.

#include <string>
#include <string_view>

namespace muslcheck::core {

/// The in-image form of any path: absolute or not, with "." and ".." resolved lexically. ".." at
/// the root stays at the root, as in chroot(2), so the result can never leave the image.
[[nodiscard]] std::string normalize_path(std::string_view path);

/// A link target or other path found in `directory` (an in-image path), normalised: an absolute
/// one starts at the root, any other at the directory.
[[nodiscard]] std::string resolve_path(std::string_view directory, std::string_view path);

/// "a/b" for "a/b/c", "" for "a" and for "".
[[nodiscard]] std::string_view parent_path(std::string_view path);

/// "c" for "a/b/c"; the whole of a path without a slash.
[[nodiscard]] std::string_view file_name(std::string_view path);

/// `directory` + "/" + `name`; only `name` when the directory is the root.
[[nodiscard]] std::string join_path(std::string_view directory, std::string_view name);

/// True if `path` is `directory` itself or below it. Everything is below the root.
[[nodiscard]] bool is_below(std::string_view path, std::string_view directory);

}  // namespace muslcheck::core
