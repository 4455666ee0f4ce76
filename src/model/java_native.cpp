// Paths of native code in jars. A relocated library ("shaded") keeps the shape of its paths, so
// globs find it.

#include "muslcheck/model/java_native.hpp"

#include <algorithm>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::model {
namespace {

constexpr std::string_view kArch = "{arch}";

}  // namespace

std::string with_arch(std::string_view text, std::string_view arch) {
  std::string replaced(text);
  for (std::size_t at = replaced.find(kArch); at != std::string::npos;
       at = replaced.find(kArch, at + arch.size()))
    replaced.replace(at, kArch.size(), arch);
  return replaced;
}

bool JavaNative::takes_on_glibc(std::string_view inside, std::string_view arch) const {
  const auto word = arches.find(arch);
  return word != arches.end() && core::matches_glob(with_arch(file, word->second), inside);
}

bool JavaNative::has(std::string_view inside) const {
  if (!folder.empty() && core::matches_glob(folder, inside)) return true;
  return std::any_of(arches.begin(), arches.end(), [&](const auto& arch) {
    const auto is_variant = [&](const JavaMuslVariant& variant) {
      return core::matches_glob(with_arch(variant.file, arch.second), inside);
    };
    return takes_on_glibc(inside, arch.first) || std::any_of(musl.begin(), musl.end(), is_variant);
  });
}

PathInArchive split_at_archive(std::string_view path) {
  const std::size_t at = path.rfind("!/");
  if (at == std::string_view::npos) return {};
  return {.archive = path.substr(0, at), .inside = path.substr(at + 2)};
}

const JavaNative* find_java_native(const std::vector<JavaNative>& known, std::string_view path) {
  const std::string_view inside = split_at_archive(path).inside;
  if (inside.empty()) return nullptr;
  return core::find_where(known, [&](const JavaNative& native) { return native.has(inside); });
}

}  // namespace muslcheck::model
