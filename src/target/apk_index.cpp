// Alpine's package index: the same blocks of lines as the database of installed packages
// (apk-tools, doc/apk-v2.5.scd). Of each package P: (name), V: (version), A: (architecture) and p:
// (what it provides) matter; "so:libz.so.1=1.3.1" there is a soname in one of the directories that
// the loader searches. The index says nothing about symbols, so libc is that of the release.

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/target/imported.hpp"

namespace muslcheck::target {
namespace {

/// gcompat has names of glibc's libraries without what is behind them, and musl answers its own.
constexpr std::string_view kNotALibrary = "gcompat";
constexpr std::string_view kLibcName = "libc.musl-";

/// The block that is being read; the views are into the index.
struct IndexEntry {
  std::string_view name;
  std::string_view version;
  std::string_view arch;
  std::string_view provides;
};

/// "3.22" of "v3.22.1-5-g0123456" and of "3.22.1-r0"; empty for anything else.
std::string release_in(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const std::size_t end = text.find_first_not_of("0123456789.");
  const auto parts = core::split(text.substr(0, end), '.');
  if (parts.size() < 2 || parts[0].empty() || parts[1].empty()) return {};
  return std::string(parts[0]) + "." + std::string(parts[1]);
}

class IndexReader {
 public:
  IndexReader(std::string_view description, const rules::RuleSet& rules) : rules_(rules) {
    profile_.release = release_in(core::trim(description));
    for (const rules::SonamePackage& entry : rules.sonames) known_.emplace(entry.soname, entry.apk);
  }

  void read(std::string_view index) {
    core::for_each_part(index, '\n', [&](std::string_view line) { take(line); });
    finish();
  }

  core::Result<rules::TargetProfile> result();

 private:
  void take(std::string_view line) {
    if (core::trim(line).empty()) return finish();
    if (line.size() < 2 || line[1] != ':') return;
    const std::string_view value = core::trim(line.substr(2));
    switch (line.front()) {
      case 'P': entry_.name = value; break;
      case 'V': entry_.version = value; break;
      case 'A': entry_.arch = value; break;
      case 'p': entry_.provides = value; break;
      default: break;
    }
  }

  static std::string field(std::string_view value) {
    return core::shortened(value, core::limits::kMaxPackageField);
  }

  void finish() {
    const IndexEntry entry = entry_;
    entry_ = {};
    if (entry.name.empty() || entry.name == kNotALibrary) return;
    if (profile_.arch.empty() && entry.arch != "noarch") profile_.arch = field(entry.arch);
    if (entry.name == "musl") profile_.musl_package = field(entry.version);
    if (entry.name == "libstdc++") profile_.gcc = field(entry.version);
    if (entry.name == "alpine-base" && profile_.release.empty())
      profile_.release = release_in(entry.version);
    for (const std::string_view provided : core::split(entry.provides, ' '))
      add_provided(provided, entry.name);
  }

  void add_provided(std::string_view provided, std::string_view package) {
    constexpr std::string_view kSoname = "so:";
    if (!provided.starts_with(kSoname)) return;
    const std::string_view soname =
        provided.substr(kSoname.size(), provided.find('=') - kSoname.size());
    if (soname.empty() || soname.starts_with(kLibcName) ||
        soname.find('/') != std::string_view::npos)
      return;
    if (owners_.size() > core::limits::kMaxProfileLibraries) return;
    // Several packages may have a name (mariadb's and MySQL's clients): that which the rules know
    // for it, else the first in the alphabet, so that the order of the index does not matter.
    std::string& owner = owners_[field(soname)];
    const std::string name = field(package);
    if (owner.empty() || prefers(soname, name, owner)) owner = name;
  }

  bool prefers(std::string_view soname, const std::string& name, const std::string& owner) const {
    const bool knows_name = known_.contains({soname, name});
    const bool knows_owner = known_.contains({soname, owner});
    return knows_name == knows_owner ? name < owner : knows_name;
  }

  const rules::RuleSet& rules_;
  std::set<std::pair<std::string_view, std::string_view>> known_;  ///< sonames and packages
  rules::TargetProfile profile_;
  std::map<std::string, std::string, std::less<>> owners_;  ///< package by soname
  IndexEntry entry_;
};

tl::unexpected<core::Error> bad_index(const char* reason, const std::string& message) {
  return core::fail(core::ErrorCode::malformed, reason, message);
}

core::Result<rules::TargetProfile> IndexReader::result() {
  if (owners_.size() > core::limits::kMaxProfileLibraries)
    return core::fail(
        core::ErrorCode::limit_exceeded, "too-many-libraries",
        "names more than " + std::to_string(core::limits::kMaxProfileLibraries) + " libraries");
  if (profile_.release.empty())
    return bad_index("index-without-release",
                     "does not say for which release of Alpine it is: it has neither a DESCRIPTION "
                     "beside it nor "
                     "the package alpine-base");
  if (profile_.arch.empty())
    return bad_index("index-without-arch", "has no package of an architecture");
  const rules::Release* release = rules_.find_release(profile_.release);
  profile_.name = "alpine:" + profile_.release;
  if (profile_.musl_package.empty() && release != nullptr)
    profile_.musl_package = release->musl_package;
  profile_.musl =
      profile_.musl_package.substr(0, profile_.musl_package.find_first_not_of("0123456789."));
  if (profile_.musl.empty())
    return bad_index("index-without-musl", "does not have the package musl");
  for (const auto& [soname, owner] : owners_)
    profile_.libraries.push_back({.soname = soname, .apk = owner, .in_base = false, .exports = {}});
  return std::move(profile_);
}

}  // namespace

core::Result<rules::TargetProfile> parse_apk_index(std::string_view index,
                                                   std::string_view description,
                                                   const rules::RuleSet& rules) {
  IndexReader reader(description, rules);
  reader.read(index);
  return reader.result();
}

}  // namespace muslcheck::target
