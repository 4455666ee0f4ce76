// Package indexes of Alpine.

#include <string>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/target/imported.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"

using namespace muslcheck;
using target::parse_apk_index;
using test::embedded_rules;

namespace {

const std::string kIndex =
    "C:Q1abc=\n"
    "P:docs\nV:1-r0\nA:noarch\np:so:libnoarch.so.1=1\n"
    "\n"
    "P:musl\nV:1.2.5-r10\nA:x86_64\np:so:libc.musl-x86_64.so.1=1\n"
    "\n"
    "P:zlib\nV:1.3.1-r2\nA:x86_64\np:so:libz.so.1=1.3.1 cmd:none=1\n"
    "\n"
    "P:zlib-other\nV:1-r0\nA:x86_64\np:so:libz.so.1=1 so:libother.so\n"
    "\n"
    "P:gcompat\nV:1.1.0-r4\nA:x86_64\np:so:libgcompat.so.0=0\n"
    "\n"
    "P:libstdc++\nV:14.2.0-r6\nA:x86_64\np:so:libstdc++.so.6=6.0.33\n";

std::string reason_of(const std::string& index, const std::string& description = "") {
  const auto profile = parse_apk_index(index, description, embedded_rules());
  return profile ? "none" : profile.error().reason;
}

}  // namespace

TEST_CASE("an index tells sonames, their packages and the versions that matter") {
  const auto profile = parse_apk_index(kIndex, "v3.22.1-5-gabc\n", embedded_rules());
  REQUIRE(profile);
  CHECK(profile->name == "alpine:3.22");
  CHECK(profile->release == "3.22");
  CHECK(profile->arch == "x86_64");
  CHECK(profile->musl == "1.2.5");
  CHECK(profile->musl_package == "1.2.5-r10");
  CHECK(profile->gcc == "14.2.0-r6");
  CHECK(profile->symbols.empty());
  std::string libraries;
  for (const auto& library : profile->libraries)
    libraries += library.soname + "=" + library.apk + " ";
  CHECK(libraries ==
        "libnoarch.so.1=docs libother.so=zlib-other libstdc++.so.6=libstdc++ libz.so.1=zlib ");
}

TEST_CASE("without a description the package alpine-base tells the release") {
  const auto profile =
      parse_apk_index(kIndex + "\nP:alpine-base\nV:3.20.3-r0\nA:x86_64\n", "", embedded_rules());
  REQUIRE(profile);
  CHECK(profile->release == "3.20");
}

TEST_CASE("an index without musl (community) takes the version of its release") {
  const auto profile = parse_apk_index("P:x\nV:1\nA:aarch64\np:so:libx.so.1=1\n",
                                       "community v3.20.0-1-g0\n", embedded_rules());
  CHECK_FALSE(profile);
  const auto named =
      parse_apk_index("P:x\nV:1\nA:aarch64\np:so:libx.so.1=1\n", "v3.20.0", embedded_rules());
  REQUIRE(named);
  CHECK(named->musl == "1.2.5");
  CHECK(named->arch == "aarch64");
}

TEST_CASE("an index that does not say what it is for is refused") {
  CHECK(reason_of(kIndex) == "index-without-release");
  CHECK(reason_of(kIndex, "edge") == "index-without-release");
  CHECK(reason_of("P:x\nV:1\nA:noarch\n", "v3.22.0") == "index-without-arch");
  CHECK(reason_of("P:x\nV:1\nA:x86_64\n", "v3.99.0") == "index-without-musl");
  CHECK(reason_of("", "") == "index-without-release");
}

TEST_CASE("an index beyond the limit is refused, and one name again and again is no work") {
  std::string many = "P:x\nV:1\nA:x86_64\np:";
  for (std::size_t i = 0; i <= core::limits::kMaxProfileLibraries; ++i)
    many += "so:lib" + std::to_string(i) + ".so=1 ";
  CHECK(reason_of(many, "v3.22.0") == "too-many-libraries");
  std::string again = "P:musl\nV:1.2.5-r0\nA:x86_64\n\n";
  for (int i = 0; i < 100'000; ++i)
    again += "P:p" + std::to_string(i) + "\nV:1\np:so:liba.so=1\n\n";
  const auto profile = parse_apk_index(again, "v3.22.0", embedded_rules());
  REQUIRE(profile);
  REQUIRE(profile->libraries.size() == 1);
  CHECK(profile->libraries[0].apk == "p0");
}

TEST_CASE("lines that are no fields and names that are no sonames are passed over") {
  const auto profile = parse_apk_index(
      "junk\nP\nP:musl\nV:1.2.5-r0\nA:x86_64\np:so:../x.so so: so:=1 so:liba.so=1 libb.so=1\n",
      "v3.22.0", embedded_rules());
  REQUIRE(profile);
  REQUIRE(profile->libraries.size() == 1);
  CHECK(profile->libraries[0].soname == "liba.so");
}
