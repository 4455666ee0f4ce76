// Targets that are read from real files.

#include "muslcheck/scan/import.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "muslcheck/target/imported.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/temporary_folder.hpp"

using namespace muslcheck;
using test::embedded_rules;
namespace fs = std::filesystem;

namespace {

/// Of Debian's package musl.
constexpr const char* kDebianMusl = "/lib/ld-musl-x86_64.so.1";

using Names = std::vector<std::string>;

/// What is in one map and not in the other.
template <typename Map>
Names only_in(const Map& one, const Map& other) {
  Names names;
  for (const auto& [name, value] : one)
    if (!other.contains(name)) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("a profile of a real musl agrees with what is built in for its version") {
  if (!fs::exists(kDebianMusl)) {
    WARN("SKIPPED: Debian's package musl is not installed");
    return;
  }
  const test::TemporaryFolder root;
  fs::create_directories(root / "lib");
  fs::copy_file(fs::canonical(kDebianMusl), root / "lib/ld-musl-x86_64.so.1");
  const auto made =
      scan::import_target({.source = "dir:" + root.path(), .jobs = 1}, embedded_rules());
  REQUIRE(made);
  CHECK(made->problems.empty());
  const rules::TargetProfile* profile = &made->profile;
  CHECK(profile->musl == "1.2.3");
  CHECK(profile->arch == "x86_64");
  const auto imported = target::make_target(embedded_rules(), *profile);
  const auto built_in = target::make_target(embedded_rules(), "3.17", "x86_64");
  REQUIRE(imported);
  REQUIRE(built_in);
  // Debian adds one family of functions and leaves another to libcrypt.
  CHECK(only_in(imported->libc_symbols, built_in->libc_symbols) ==
        Names{"fts_children", "fts_close", "fts_open", "fts_read", "fts_set"});
  CHECK(only_in(built_in->libc_symbols, imported->libc_symbols) ==
        Names{"crypt", "crypt_r", "encrypt", "setkey"});
  for (const auto& [name, symbol] : imported->libc_symbols) {
    const auto other = built_in->libc_symbols.find(name);
    if (other == built_in->libc_symbols.end()) continue;
    CAPTURE(name);
    CHECK(symbol.type == other->second.type);
    CHECK(symbol.binding == other->second.binding);
  }
  CHECK(imported->lfs64 == built_in->lfs64);
  CHECK(imported->relocations == built_in->relocations);
  CHECK(imported->loader_path == built_in->loader_path);
}

TEST_CASE("a package index is recognised by its content") {
  const test::TemporaryFolder folder;
  const std::string index = folder.write(
      "index",
      "C:Q1x=\nP:musl\nV:1.2.5-r1\nA:x86_64\n\nP:alpine-base\nV:3.20.3-r0\nA:x86_64\n\n"
      "P:zlib\nV:1-r0\nA:x86_64\np:so:libz.so.1=1\n");
  for (const std::string& source : {index, "file:" + index}) {
    const auto made = scan::import_target({.source = source}, embedded_rules());
    REQUIRE(made);
    CHECK(made->profile.release == "3.20");
    CHECK(made->profile.libraries.size() == 1);
    CHECK(made->profile.provenance.ends_with(" from " + source));
  }
}

TEST_CASE("a file of the system that cannot be read is told of") {
  if (!fs::exists(kDebianMusl)) {
    WARN("SKIPPED: Debian's package musl is not installed");
    return;
  }
  const test::TemporaryFolder root;
  fs::create_directories(root / "lib");
  fs::copy_file(fs::canonical(kDebianMusl), root / "lib/ld-musl-x86_64.so.1");
  root.write("lib/libcut.so", std::string("\x7f") + "ELF\x02\x01\x01");
  const auto made =
      scan::import_target({.source = "dir:" + root.path(), .jobs = 1}, embedded_rules());
  REQUIRE(made);
  REQUIRE(made->problems.size() == 1);
  CHECK(made->problems[0].path == "lib/libcut.so");
}

TEST_CASE("what is no musl system is refused with its name") {
  const test::TemporaryFolder folder;
  folder.write("etc/os-release", "ID=debian\n");
  const auto profile =
      scan::import_target({.source = "dir:" + folder.path(), .jobs = 1}, embedded_rules());
  REQUIRE_FALSE(profile);
  CHECK(profile.error().reason == "no-musl-system");
  CHECK(profile.error().path == "dir:" + folder.path());
  CHECK(scan::import_target({.source = folder / "absent"}, embedded_rules()).error().code ==
        core::ErrorCode::not_found);
  CHECK(scan::import_target({.source = "dir:" + folder.path(), .platform = "linux/vax"},
                            embedded_rules())
            .error()
            .reason == "unknown-platform");
}
