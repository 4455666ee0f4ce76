// What Alpine's gcompat changes for the loader. The file with the name of glibc's loader is a
// static stub: the kernel starts it for a glibc program, and it starts musl on that program with
// `--preload /lib/libgcompat.so.0` and its own file name as argv[0], which musl takes for its own
// name. As a needed library the stub is a file that loads and has nothing in it. For an object that
// a musl program dlopens nothing is preloaded. Source: aports main/gcompat, gcompat's loader.c.

#include <memory>
#include <utility>

#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/target/target.hpp"
#include "target/libraries.hpp"

namespace muslcheck::target {
namespace {

using Names = std::shared_ptr<const std::unordered_set<std::string_view>>;

void add_library(Target& target, const std::string& soname, const Names& names) {
  target.libraries[soname] = {
      .soname = soname, .apk = "gcompat", .in_base = true, .exports = names};
}

}  // namespace

const rules::GcompatVersion* find_gcompat(const Target& target, const rules::RuleSet& rules) {
  if (!rules.gcompat.loaders.contains(target.info.arch)) return nullptr;
  return core::find_where(rules.gcompat.versions, [&](const rules::GcompatVersion& version) {
    return core::contains(version.releases, target.info.release);
  });
}

std::optional<Target> with_gcompat(const Target& target, const rules::RuleSet& rules) {
  const rules::GcompatVersion* version = find_gcompat(target, rules);
  if (version == nullptr) return std::nullopt;
  const rules::Gcompat& gcompat = rules.gcompat;
  Target result = target;
  result.glibc_loaders = gcompat.loaders.find(target.info.arch)->second;
  result.startup_preload = gcompat.library;
  const Names symbols = own_names(version->symbols);
  for (const std::string& soname : gcompat.sonames) add_library(result, soname, symbols);
  add_library(result, std::string(core::file_name(gcompat.library)), symbols);
  add_library(result, std::string(core::file_name(result.glibc_loaders.front())), own_names({}));
  return result;
}

}  // namespace muslcheck::target
