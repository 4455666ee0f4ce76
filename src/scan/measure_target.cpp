// A musl system is recognised by its loader, /lib/ld-musl-ARCH.so.1, which is libc as well: its
// dynamic symbols are what a relocation can find there. Libraries count under every name by which
// the loader can find them, which is that of a link more often than that of a file.

#include "scan/measure_target.hpp"

#include <array>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/packages/os_release.hpp"
#include "muslcheck/target/imported.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::scan {
namespace {

using filesystem::FileTree;
using rules::ProfileLibrary;
using rules::TargetProfile;

constexpr std::string_view kLoaderPrefix = "ld-musl-";
/// musl's path without a file of its own (/etc/ld-musl-ARCH.path).
constexpr std::array kLibraryFolders{"lib", "usr/local/lib", "usr/lib"};

/// musl's loader, which is libc.
struct Loader {
  std::string real_path;
  std::string arch;
  const model::ElfFacts* facts = nullptr;
};

std::vector<Loader> find_loaders(const FileTree& tree) {
  std::vector<Loader> loaders;
  for (const std::string& name : tree.children(tree.lookup("lib").real_path)) {
    if (!name.starts_with(kLoaderPrefix)) continue;
    const filesystem::Lookup lookup = tree.lookup("lib/" + name);
    if (lookup.node == nullptr || lookup.node->elf == nullptr) continue;
    if (auto arch = target::alpine_arch(*lookup.node->elf))
      loaders.push_back({lookup.real_path, std::move(*arch), lookup.node->elf});
  }
  return loaders;
}

tl::unexpected<core::Error> unsupported(const char* reason, const std::string& message) {
  return core::fail(core::ErrorCode::unsupported, reason, message);
}

core::Result<Loader> choose_loader(const FileTree& tree, const std::string& arch) {
  const std::vector<Loader> loaders = find_loaders(tree);
  if (loaders.empty())
    return unsupported("no-musl-system", "has no /lib/ld-musl-ARCH.so.1: it is no musl system");
  std::vector<std::string> known;
  for (const Loader& loader : loaders) {
    if (!arch.empty() && loader.arch != arch) {
      known.push_back(loader.arch);
      continue;
    }
    if (loader.facts->completeness != model::Completeness::complete)
      return unsupported("musl-unreadable", "its /" + loader.real_path + " could not be read");
    return loader;
  }
  return unsupported("other-arch",
                     "is a musl system for " + core::join(known, ", ") + ", not for " + arch);
}

/// The version of an apk package; empty if it is not installed.
std::string version_of(const packages::PackageIndex& packages, std::string_view name) {
  for (const model::Package& package : packages.packages)
    if (package.ecosystem == "apk" && package.name == name) return package.version;
  return {};
}

// ---- Libraries -------------------------------------------------------------------------------

class Libraries {
 public:
  Libraries(const FileTree& tree, const packages::PackageIndex& packages, const Loader& loader)
      : tree_(tree), packages_(packages), loader_(loader) {}

  std::vector<ProfileLibrary> collect() {
    for (const std::string folder : kLibraryFolders)
      for (const std::string& name : tree_.children(tree_.lookup(folder).real_path))
        if (name.find(".so") != std::string::npos) add(folder + "/" + name, name);
    std::vector<ProfileLibrary> list;
    for (auto& [name, library] : libraries_) list.push_back(std::move(library));
    return list;
  }

 private:
  /// The first folder that has a name hides the others.
  void add(const std::string& path, const std::string& name) {
    const filesystem::Lookup lookup = tree_.lookup(path);
    if (lookup.node == nullptr || lookup.node->elf == nullptr) return;
    if (lookup.real_path == loader_.real_path || !is_loadable(*lookup.node->elf)) return;
    if (libraries_.size() > core::limits::kMaxProfileLibraries) return;
    const auto [found, is_new] = libraries_.try_emplace(name);
    if (!is_new) return;
    found->second = {
        .soname = name, .apk = owner_of(lookup.real_path), .in_base = true, .exports = {}};
    add_exports(found->second, *lookup.node->elf);
  }

  bool is_loadable(const model::ElfFacts& facts) const {
    const auto arch = target::alpine_arch(facts);
    return arch && *arch == loader_.arch && facts.has_dynamic;
  }

  void add_exports(ProfileLibrary& library, const model::ElfFacts& facts) {
    if (facts.completeness != model::Completeness::complete) return;
    const auto symbols = target::exported_symbols(facts);
    if (names_ + symbols.size() > core::limits::kMaxProfileNames / 2) return;
    names_ += symbols.size();
    library.has_exports = true;
    for (const rules::ProfileSymbol& symbol : symbols) library.exports.push_back(symbol.name);
  }

  std::string owner_of(const std::string& path) const {
    const auto owner = packages_.owner(path);
    if (!owner || packages_.packages[*owner].ecosystem != "apk") return {};
    return packages_.packages[*owner].name;
  }

  const FileTree& tree_;
  const packages::PackageIndex& packages_;
  const Loader& loader_;
  std::map<std::string, ProfileLibrary> libraries_;
  std::size_t names_ = 0;
};

// ---- Names -----------------------------------------------------------------------------------

/// "3.22" for "3.22.1"; empty for "3.23_alpha20250612", which is edge.
std::string release_of_version(const std::string& version) {
  if (version.find_first_not_of("0123456789.") != std::string::npos) return {};
  const auto parts = core::split(version, '.');
  if (parts.size() < 2) return {};
  return std::string(parts[0]) + "." + std::string(parts[1]);
}

void name_target(TargetProfile& profile, const packages::OsRelease& release) {
  if (release.id == "alpine") {
    profile.release = release_of_version(release.version_id);
    profile.name = "alpine:" + (profile.release.empty() ? "edge" : profile.release);
  } else if (!release.id.empty()) {
    profile.name = release.id;
    if (!release.version_id.empty()) profile.name += ":" + release.version_id;
  } else {
    profile.name = "musl-" + profile.musl;
  }
}

}  // namespace

core::Result<TargetProfile> measure_target(const FileTree& tree,
                                           const packages::PackageIndex& packages,
                                           const std::string& arch, const std::string& provenance,
                                           const rules::RuleSet& rules) {
  const auto loader = choose_loader(tree, arch);
  if (!loader) return tl::make_unexpected(loader.error());
  TargetProfile profile{.provenance = provenance,
                        .name = {},
                        .release = {},
                        .arch = loader->arch,
                        .musl = {},
                        .musl_package = version_of(packages, "musl"),
                        .gcc = version_of(packages, "libstdc++"),
                        .symbols = target::exported_symbols(*loader->facts),
                        .libraries = Libraries(tree, packages, *loader).collect()};
  if (profile.libraries.size() > core::limits::kMaxProfileLibraries)
    return core::fail(
        core::ErrorCode::limit_exceeded, "too-many-libraries",
        "has more than " + std::to_string(core::limits::kMaxProfileLibraries) + " libraries");
  profile.musl =
      profile.musl_package.substr(0, profile.musl_package.find_first_not_of("0123456789."));
  if (profile.musl.empty())
    profile.musl = target::guess_musl_version(profile.symbols, rules, profile.arch);
  name_target(profile, packages::read_os_release(tree));
  return profile;
}

}  // namespace muslcheck::scan
