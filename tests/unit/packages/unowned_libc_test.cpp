// Images whose package database was deleted, and those that never had one.

#include "muslcheck/packages/os_release.hpp"
#include "muslcheck/packages/packages.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using packages::identify_packages;
using test::TreeBuilder;

namespace {

TreeBuilder with_libc(const std::string& path) {
  return TreeBuilder().elf(path, {.soname = "libc.so.6"});
}

}  // namespace

TEST_CASE("Alpine is a system of musl, Debian with its package musl is none") {
  const auto is_musl = [](const std::string& path) {
    return packages::is_musl_system(TreeBuilder().file(path).build());
  };
  CHECK(is_musl("lib/libc.musl-x86_64.so.1"));
  CHECK(is_musl("usr/lib/libc.musl-aarch64.so.1"));
  CHECK_FALSE(is_musl("lib/ld-musl-x86_64.so.1"));
}

TEST_CASE("a C library in the distribution's place that no package owns is noticed") {
  for (const char* path : {"usr/lib/x86_64-linux-gnu/libc.so.6", "lib64/libc.so.6"}) {
    const auto index = identify_packages(with_libc(path).build());
    REQUIRE(index.unowned_libc_layer == 0);
    REQUIRE(index.problems.size() == 1);
    CHECK(index.problems[0].code == "no-package-database");
    CHECK(index.problems[0].path == path);
  }
}

TEST_CASE("other C libraries say nothing about a package database") {
  SECTION("that of a package") {
    const auto index = identify_packages(
        with_libc("usr/lib/libc.so.6")
            .metadata("var/lib/dpkg/status",
                      "Package: libc6\nStatus: install ok installed\nVersion: 2\n"
                      "Architecture: amd64\n")
            .metadata("var/lib/dpkg/info/libc6.list", "/usr/lib/libc.so.6\n")
            .build());
    CHECK_FALSE(index.unowned_libc_layer);
    CHECK(index.problems.empty());
  }
  SECTION("a copy beside that of a package") {
    const auto index = identify_packages(
        with_libc("usr/lib/x86_64-linux-gnu/libc.so.6")
            .elf("usr/lib/libc.so.6", {.soname = "libc.so.6"})
            .metadata("var/lib/dpkg/status",
                      "Package: libc6\nStatus: install ok installed\nVersion: 2\n"
                      "Architecture: amd64\n")
            .metadata("var/lib/dpkg/info/libc6.list", "/usr/lib/x86_64-linux-gnu/libc.so.6\n")
            .build());
    CHECK_FALSE(index.unowned_libc_layer);
  }
  SECTION("one that an application brings") {
    CHECK_FALSE(
        identify_packages(with_libc("opt/app/lib/libc.so.6").build()).unowned_libc_layer);
  }
  SECTION("one that was copied into a system with musl") {
    CHECK_FALSE(identify_packages(with_libc("lib/libc.so.6")
                                      .elf("lib/libc.musl-x86_64.so.1")
                                      .build())
                    .unowned_libc_layer);
  }
}
