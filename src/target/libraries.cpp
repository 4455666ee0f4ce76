// Which sonames a release has, from which package, how sure that is, and what the libraries export.
// Judging libstdc++ and libgcc_s rests on two facts: their symbols are never removed, and the
// number of a version node (GLIBCXX_3.4.N, CXXABI_1.3.N, GCC_N) says which GCC brought a symbol.

#include "target/libraries.hpp"

#include <charconv>
#include <optional>

#include "muslcheck/core/search.hpp"

namespace muslcheck::target {
namespace {

/// gcompat's files have names of glibc's libraries without what is behind them: a need for them is
/// satisfied, the symbols are not. Advice to install it is a matter of its own.
constexpr std::string_view kNotALibrary = "gcompat";

/// The releases just before and after this one, as far as there are any.
struct Neighbours {
  const rules::Release* before = nullptr;
  const rules::Release* after = nullptr;
};

Neighbours neighbours_of(const rules::RuleSet& rules, const rules::Release& release) {
  Neighbours result;
  for (std::size_t i = 0; i < rules.releases.size(); ++i) {
    if (rules.releases[i].release != release.release) continue;
    if (i > 0) result.before = &rules.releases[i - 1];
    if (i + 1 < rules.releases.size()) result.after = &rules.releases[i + 1];
  }
  return result;
}

/// Nothing if the release is not known to have the pair of soname and package. Between two releases
/// that were both read there is no doubt; in a longer gap a package may have come and gone.
std::optional<model::Confidence> confidence_of(const rules::SonamePackage& entry,
                                               const rules::Release& release,
                                               const Neighbours& neighbours) {
  if (core::contains(entry.evidenced, release.release)) return model::Confidence::certain;
  if (core::contains(entry.inferred, release.release)) {
    const bool close = neighbours.before != nullptr && neighbours.after != nullptr &&
                       core::contains(entry.evidenced, neighbours.before->release) &&
                       core::contains(entry.evidenced, neighbours.after->release);
    return close ? model::Confidence::certain : model::Confidence::likely;
  }
  if (core::contains(entry.extrapolated, release.release)) return model::Confidence::likely;
  return std::nullopt;
}

/// Names with the characters they refer to.
struct OwnedNames {
  std::vector<std::string> storage;
  std::unordered_set<std::string_view> names;
};

int gcc_major(const rules::Release& release) {
  int number = 0;
  std::from_chars(release.gcc.data(), release.gcc.data() + release.gcc.size(), number);
  return number;
}

/// On a 32-bit machine C++ names differ (size_t is mangled as j, not m), so a list from a 64-bit
/// one says nothing; among 64-bit ones it lacks what only the other has.
void add_exports(TargetLibrary& library, const rules::LibraryExports& exports,
                 const std::string& arch) {
  const bool elsewhere = !exports.measured_arch.empty() && exports.measured_arch != arch;
  if (elsewhere && (arch == "armhf" || arch == "x86")) return;
  library.exports = own_names(exports.symbols);
  library.exports_complete = !elsewhere;
}

void add_versions(TargetLibrary& library, const rules::Release& release,
                  const rules::Release* measured) {
  if (library.soname == "libstdc++.so.6") {
    library.glibcxx_max = release.glibcxx_max;
    library.cxxabi_max = release.cxxabi_max;
    library.glibcxx_measured = measured == nullptr ? 0 : measured->glibcxx_max;
    library.cxxabi_measured = measured == nullptr ? 0 : measured->cxxabi_max;
  } else if (library.soname == "libgcc_s.so.1") {
    library.gcc_max = gcc_major(release);
    library.gcc_measured = measured == nullptr ? 0 : gcc_major(*measured);
  }
}

void add_knowledge(NameMap<TargetLibrary>& libraries, const rules::RuleSet& rules,
                   const rules::Release& release, const std::string& arch) {
  for (const rules::LibraryExports& exports : rules.exports) {
    const auto found = libraries.find(exports.soname);
    if (found == libraries.end()) continue;
    add_exports(found->second, exports, arch);
    add_versions(found->second, release, rules.find_release(exports.measured_release));
  }
  for (const std::string& soname : release.base_sonames)
    if (const auto found = libraries.find(soname); found != libraries.end())
      found->second.in_base = true;
}

/// A row of versions that a library counts up, as far as a version belongs to one.
struct VersionNumber {
  int number = 0;    ///< that is asked for
  int newest = 0;    ///< that the library has
  int measured = 0;  ///< that the measured list has
};

std::optional<VersionNumber> number_of(std::string_view version, std::string_view prefix,
                                       int newest, int measured) {
  if (newest == 0 || !version.starts_with(prefix)) return std::nullopt;
  VersionNumber result{0, newest, measured};
  const char* end = version.data() + version.size();
  const auto parsed = std::from_chars(version.data() + prefix.size(), end, result.number);
  if (parsed.ec != std::errc{}) return std::nullopt;
  return result;
}

std::optional<VersionNumber> number_in(const TargetLibrary& library, std::string_view version) {
  if (version == "GLIBCXX_3.4" || version == "CXXABI_1.3") version = {};  // the oldest nodes
  if (auto n = number_of(version, "GLIBCXX_3.4.", library.glibcxx_max, library.glibcxx_measured))
    return n;
  if (auto n = number_of(version, "CXXABI_1.3.", library.cxxabi_max, library.cxxabi_measured))
    return n;
  return number_of(version, "GCC_", library.gcc_max, library.gcc_measured);
}

}  // namespace

std::shared_ptr<const std::unordered_set<std::string_view>> own_names(
    const std::vector<std::string>& symbols) {
  auto owned = std::make_shared<OwnedNames>();
  owned->storage = symbols;
  owned->names.reserve(symbols.size());
  for (const std::string& name : owned->storage) owned->names.insert(name);
  return {owned, &owned->names};
}

Presence TargetLibrary::find_export(std::string_view name, std::string_view version) const {
  const std::optional<VersionNumber> wanted = number_in(*this, version);
  if (wanted && wanted->number > wanted->newest) return Presence::absent;
  if (exports == nullptr) return wanted ? Presence::present : Presence::unknown;
  const bool listed = exports->contains(name);
  if (wanted) {
    const bool list_decides = exports_complete && wanted->number <= wanted->measured;
    return listed || !list_decides ? Presence::present : Presence::absent;
  }
  // Without a number only the list is left, which is that of one release.
  const bool is_older = glibcxx_max < glibcxx_measured || gcc_max < gcc_measured;
  const bool is_newer = glibcxx_max > glibcxx_measured || gcc_max > gcc_measured;
  if (listed) return is_older ? Presence::unknown : Presence::present;
  return exports_complete && !is_newer ? Presence::absent : Presence::unknown;
}

NameMap<TargetLibrary> make_libraries(const rules::RuleSet& rules, const rules::Release& release,
                                      const std::string& arch) {
  NameMap<TargetLibrary> libraries;
  libraries.reserve(rules.sonames.size());
  const Neighbours neighbours = neighbours_of(rules, release);
  for (const rules::SonamePackage& entry : rules.sonames) {
    if (entry.apk == kNotALibrary) continue;
    const auto confidence = confidence_of(entry, release, neighbours);
    if (!confidence) continue;
    const auto [found, is_new] = libraries.try_emplace(entry.soname);
    // Confidence counts from certain to hint; of equal ones the first package is preferred.
    if (!is_new && found->second.confidence <= *confidence) continue;
    found->second.soname = entry.soname;
    found->second.apk = entry.apk;
    found->second.confidence = *confidence;
  }
  add_knowledge(libraries, rules, release, arch);
  return libraries;
}

}  // namespace muslcheck::target
