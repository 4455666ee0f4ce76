// Profiles of small trees that look like musl systems.

#include "scan/measure_target.hpp"

#include <elf.h>

#include <string>

#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/model_builders.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using test::embedded_rules;
using test::TreeBuilder;

namespace {

constexpr const char* kInstalled =
    "P:musl\nV:1.2.5-r10\nA:x86_64\nF:lib\nR:ld-musl-x86_64.so.1\n\n"
    "P:zlib\nV:1.3.1-r2\nA:x86_64\nF:usr/lib\nR:libz.so.1.3.1\nR:libz.so.1\n\n"
    "P:libstdc++\nV:14.2.0-r6\nA:x86_64\n";

TreeBuilder alpine(const std::string& version = "3.22.1") {
  return TreeBuilder()
      .metadata("etc/os-release", "ID=alpine\nVERSION_ID=" + version + "\n")
      .metadata("lib/apk/db/installed", kInstalled)
      .elf("lib/ld-musl-x86_64.so.1", test::make_library({.exports = {"open", "close"}}))
      .link("lib/libc.musl-x86_64.so.1", "ld-musl-x86_64.so.1")
      .elf("usr/lib/libz.so.1.3.1", test::make_library({.exports = {"inflate"}}))
      .link("usr/lib/libz.so.1", "libz.so.1.3.1");
}

core::Result<rules::TargetProfile> measure(const filesystem::FileTree& tree,
                                           const std::string& arch = {}) {
  return scan::measure_target(tree, packages::identify_packages(tree), arch, "test",
                              embedded_rules());
}

std::string reason_of(const filesystem::FileTree& tree, const std::string& arch = {}) {
  const auto profile = measure(tree, arch);
  return profile ? "none" : profile.error().reason;
}

}  // namespace

TEST_CASE("an Alpine system tells its release, its libc and its libraries") {
  const auto profile = measure(alpine().build());
  REQUIRE(profile);
  CHECK(profile->provenance == "test");
  CHECK(profile->name == "alpine:3.22");
  CHECK(profile->release == "3.22");
  CHECK(profile->arch == "x86_64");
  CHECK(profile->musl == "1.2.5");
  CHECK(profile->musl_package == "1.2.5-r10");
  CHECK(profile->gcc == "14.2.0-r6");
  REQUIRE(profile->symbols.size() == 2);
  CHECK(profile->symbols[0].name == "close");
}

TEST_CASE("a library counts under each name that finds it, libc under none") {
  const auto profile = measure(alpine().build());
  REQUIRE(profile);
  REQUIRE(profile->libraries.size() == 2);
  CHECK(profile->libraries[0] == rules::ProfileLibrary{.soname = "libz.so.1",
                                                       .apk = "zlib",
                                                       .in_base = true,
                                                       .has_exports = true,
                                                       .exports = {"inflate"}});
  CHECK(profile->libraries[1].soname == "libz.so.1.3.1");
}

TEST_CASE("libraries of other architectures and files that are none do not count") {
  model::ElfFacts other = test::make_library();
  other.machine = EM_AARCH64;
  const auto profile =
      measure(alpine().elf("usr/lib/libarm.so.1", other).file("usr/lib/liblinker.so").build());
  REQUIRE(profile);
  CHECK(profile->libraries.size() == 2);
}

TEST_CASE("the folder that is searched first hides the others") {
  const auto profile =
      measure(alpine().elf("lib/libz.so.1", test::make_library({.exports = {"other"}})).build());
  REQUIRE(profile);
  CHECK(profile->libraries[0].exports == std::vector<std::string>{"other"});
}

TEST_CASE("a library that could not be read has no list of exports") {
  model::ElfFacts broken = test::make_library();
  broken.completeness = model::Completeness::header_only;
  const auto profile = measure(alpine().elf("usr/lib/liba.so", broken).build());
  REQUIRE(profile);
  CHECK(profile->libraries[0].soname == "liba.so");
  CHECK_FALSE(profile->libraries[0].has_exports);
}

TEST_CASE("edge is no release, and another distribution has its own name") {
  CHECK(measure(alpine("3.23_alpha20250612").build())->name == "alpine:edge");
  CHECK(measure(alpine("3.23_alpha20250612").build())->release.empty());
  const auto chimera =
      measure(TreeBuilder()
                  .metadata("etc/os-release", "ID=chimera\n")
                  .elf("usr/lib/ld-musl-x86_64.so.1", test::make_library({.exports = {"open"}}))
                  .link("lib", "usr/lib")
                  .build());
  REQUIRE(chimera);
  CHECK(chimera->name == "chimera");
  CHECK(chimera->release.empty());
  CHECK_FALSE(chimera->musl.empty());
  const auto bare =
      measure(TreeBuilder().elf("lib/ld-musl-x86_64.so.1", test::make_library()).build());
  REQUIRE(bare);
  CHECK(bare->name == "musl-" + bare->musl);
}

TEST_CASE("a tree without a musl loader of that architecture is no target") {
  CHECK(reason_of(TreeBuilder().elf("lib64/ld-linux-x86-64.so.2").build()) == "no-musl-system");
  CHECK(reason_of(filesystem::FileTree()) == "no-musl-system");
  CHECK(reason_of(alpine().build(), "aarch64") == "other-arch");
  model::ElfFacts broken = test::make_library();
  broken.completeness = model::Completeness::header_only;
  CHECK(reason_of(TreeBuilder().elf("lib/ld-musl-x86_64.so.1", broken).build()) ==
        "musl-unreadable");
}

TEST_CASE("a system with more libraries than a profile may have is refused") {
  TreeBuilder many = alpine();
  for (std::size_t i = 0; i <= core::limits::kMaxProfileLibraries; ++i)
    many.link("usr/lib/lib" + std::to_string(i) + ".so", "libz.so.1");
  CHECK(reason_of(many.build()) == "too-many-libraries");
}
