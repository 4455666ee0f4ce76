#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/packages/packages.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using packages::identify_packages;
using packages::PackageIndex;
using test::TreeBuilder;

namespace {

// As apk 2.14 writes it, shortened.
const std::string kMusl =
    "C:Q1Tr4VWXd0rJBx9AqJ4C9vbRXGcMQ=\nP:musl\nV:1.2.5-r10\nA:x86_64\nS:411012\nI:667648\n"
    "T:the musl c library (libc) implementation\nU:https://musl.libc.org/\nL:MIT\no:musl\n"
    "m:Natanael Copa <ncopa@alpinelinux.org>\nt:1739574203\np:so:libc.musl-x86_64.so.1=1\n"
    "F:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\nZ:Q1xx=\nR:libc.musl-x86_64.so.1\na:0:0:777\n\n";
const std::string kSsl = "P:libssl3\nV:3.5.0-r0\nA:x86_64\nF:usr/lib\nR:libssl.so.3\n\n";

std::string owner(const PackageIndex& index, const std::string& path) {
  const auto number = index.owner(path);
  return number ? index.packages.at(*number).name : "";
}

TreeBuilder alpine() {
  return TreeBuilder()
      .metadata("etc/os-release", "ID=alpine\nVERSION_ID=3.22.0\n")
      .file("lib/ld-musl-x86_64.so.1")
      .link("lib/libc.musl-x86_64.so.1", "ld-musl-x86_64.so.1")
      .file("usr/lib/libssl.so.3");
}

}  // namespace

TEST_CASE("a file that apk lists belongs to its package and to the distribution") {
  const PackageIndex index =
      identify_packages(alpine().metadata("lib/apk/db/installed", kMusl + kSsl).build());
  CHECK(index.problems.empty());
  REQUIRE(index.packages.size() == 2);
  CHECK(owner(index, "lib/ld-musl-x86_64.so.1") == "musl");
  CHECK(owner(index, "lib/libc.musl-x86_64.so.1") == "musl");
  CHECK(owner(index, "usr/lib/libssl.so.3") == "libssl3");
  const model::Package& musl = index.packages[1];
  CHECK(musl.ecosystem == "apk");
  CHECK(musl.version == "1.2.5-r10");
  CHECK(musl.purl == "pkg:apk/alpine/musl@1.2.5-r10?arch=x86_64&distro=alpine-3.22.0");
  CHECK(musl.maintainer == "Natanael Copa <ncopa@alpinelinux.org>");
  CHECK(musl.path == "lib/apk/db/installed");
  CHECK(musl.distribution);
}

TEST_CASE("apk's database is also found where /usr is merged") {
  // Wolfi: lib is a link, the packages list usr/lib, and the C library is glibc.
  const auto tree = TreeBuilder()
                        .metadata("etc/os-release", "ID=wolfi\nVERSION_ID=20230201\n")
                        .link("lib", "usr/lib")
                        .metadata("usr/lib/apk/db/installed",
                                  "P:glibc\nV:2.41-r0\nA:x86_64\nF:lib\nR:libc.so.6\n")
                        .file("usr/lib/libc.so.6")
                        .build();
  const PackageIndex index = identify_packages(tree);
  REQUIRE(index.packages.size() == 1);
  CHECK(owner(index, "usr/lib/libc.so.6") == "glibc");
  CHECK(index.packages[0].purl == "pkg:apk/wolfi/glibc@2.41-r0?arch=x86_64&distro=wolfi-20230201");
  CHECK(index.packages[0].distribution);
}

TEST_CASE("lines that are none of apk's are passed over") {
  const auto tree =
      alpine()
          .metadata("lib/apk/db/installed",
                    "\n\nV:1\nR:orphan\n\ngarbage\nP\nP:a\nR:../../usr/lib/libssl.so.3\nF:" +
                        std::string(1'000'000, 'x') + "\n:\n")
          .build();
  const PackageIndex index = identify_packages(tree);
  REQUIRE(index.packages.size() == 1);
  CHECK(owner(index, "usr/lib/libssl.so.3") == "a");
}

TEST_CASE("apk's packages have a limit") {
  std::string text;
  for (std::size_t i = 0; i <= core::limits::kMaxPackages; ++i) text += "P:p\n\n";
  const PackageIndex index =
      identify_packages(alpine().metadata("lib/apk/db/installed", std::move(text)).build());
  CHECK(index.packages.size() == core::limits::kMaxPackages);
  REQUIRE(index.problems.size() == 1);
  CHECK(index.problems[0].code == "too-many-packages");
}

TEST_CASE("the paths of apk's files have a limit") {
  const std::string folder(4000, 'f');
  std::string text = "P:p\nF:" + folder + "\n";
  for (std::size_t i = 0; i <= core::limits::kMaxPackagePathBytes / folder.size(); ++i)
    text += "R:x\n";
  const PackageIndex index =
      identify_packages(alpine().metadata("lib/apk/db/installed", std::move(text)).build());
  REQUIRE(index.problems.size() == 1);
  CHECK(index.problems[0].code == "too-many-packages");
}
