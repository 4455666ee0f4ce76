#pragma once
/// How authors of native packages name the musl variant of a glibc one.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::runtimes {

/// Names that the musl variant of a platform package may have, likeliest first; empty for a name
/// that names no platform or is a musl variant already. A scope stays as it is.
[[nodiscard]] std::vector<std::string> musl_package_names(std::string_view name);

/// Names that the musl variant of a file may have; only for names that say "gnu" or "glibc",
/// Prisma's "debian" and "rhel", or "linux" as a platform.
[[nodiscard]] std::vector<std::string> musl_file_names(std::string_view name);

/// What node-gyp-build reads from the name of a prebuilt file ("node.abi93.glibc.node").
struct PrebuildTags {
  std::string runtime;
  std::string abi;
  std::string uv;
  std::string armv;
  std::string libc;
  bool napi = false;
  int specificity = 0;
  bool operator==(const PrebuildTags&) const = default;
};

/// Nothing for a file that is no .node file.
[[nodiscard]] std::optional<PrebuildTags> parse_prebuild_tags(std::string_view file_name);

/// True if node-gyp-build's matchTags takes `musl` under every Node under which it takes `other`;
/// their libc is not looked at.
[[nodiscard]] bool matches_wherever(const PrebuildTags& musl, const PrebuildTags& other);

/// True if node-gyp-build on musl takes `musl` wherever it could otherwise take `other`.
[[nodiscard]] bool is_chosen_before(const PrebuildTags& musl, const PrebuildTags& other);

}  // namespace muslcheck::runtimes
