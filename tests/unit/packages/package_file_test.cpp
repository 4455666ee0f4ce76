// The package that is scanned itself.

#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/packages/packages.hpp"
#include "support/catch.hpp"
#include "support/package_builder.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using packages::identify_packages;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

const std::string kControl =
    "Package: libfoo1\nSource: foo\nVersion: 1.0-2+b1\nArchitecture: amd64\n"
    "Maintainer: A <a@debian.org>\nDescription: x\n Package: not this\n";

/// The head of what `gem build` (RubyGems 3.3) writes.
const std::string kGem =
    "--- !ruby/object:Gem::Specification\nname: nokogiri\nversion: !ruby/object:Gem::Version\n"
    "  version: 1.16.0\nplatform: x86_64-linux\nauthors:\n- name: nobody\n"
    "required_ruby_version: !ruby/object:Gem::Requirement\n  requirements:\n  - - \">=\"\n"
    "    - !ruby/object:Gem::Version\n      version: '3.0'\nrubygems_version: 3.3.15\n";

const std::string kNuspec =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<package xmlns=\"http://x\">\n"
    "  <!-- <id>NotThis</id> -->\n  <metadata minClientVersion=\"2.12\">\n"
    "    <id>SkiaSharp.NativeAssets.Linux</id>\n    <version>2.88.8</version>\n  </metadata>\n"
    "</package>\n";

}  // namespace

TEST_CASE("a package that is scanned itself owns all files and belongs to no distribution") {
  struct Row {
    std::string path;
    std::string text;
    std::string purl;
  };
  const std::vector<Row> rows{
      {"DEBIAN/control", kControl, "pkg:deb/debian/libfoo1@1.0-2%2Bb1?arch=amd64"},
      {"DEBIAN/control", "Package: a\nVersion: 2-0ubuntu3\n", "pkg:deb/ubuntu/a@2-0ubuntu3"},
      {".PKGINFO", "# by abuild\npkgname = a\npkgver = 1.0-r2\narch = x86_64\n",
       "pkg:apk/alpine/a@1.0-r2?arch=x86_64"},
      {"RPM/header", test::rpm_main_header("x86_64").substr(8),
       "pkg:rpm/sample@1.0?arch=x86_64"},
      {"GEM/metadata", kGem, "pkg:gem/nokogiri@1.16.0?platform=x86_64-linux"},
      {"GEM/metadata", "name: \"a\"\nversion: !ruby/object:Gem::Version\n  version: '2'\n",
       "pkg:gem/a@2"},
      {"x.nuspec", kNuspec, "pkg:nuget/SkiaSharp.NativeAssets.Linux@2.88.8"},
  };
  for (const Row& row : rows) {
    INFO(row.path << ": " << row.purl);
    const auto index =
        identify_packages(TreeBuilder().metadata(row.path, row.text).file("usr/lib/x.so").build());
    REQUIRE(index.packages.size() == 1);
    CHECK(index.problems.empty());
    CHECK(index.packages[0].purl == row.purl);
    CHECK(index.packages[0].path == row.path);
    CHECK_FALSE(index.packages[0].distribution);
    CHECK(index.owner("usr/lib/x.so") == 0);
  }
}

TEST_CASE("a package of Arch is known by its .MTREE") {
  const auto index = identify_packages(
      TreeBuilder()
          .metadata(".PKGINFO", "pkgname = zlib\npkgver = 1:1.3-1\narch = x86_64\n")
          .file(".MTREE")
          .build());
  REQUIRE(index.packages.size() == 1);
  CHECK(index.packages[0].purl == "pkg:alpm/arch/zlib@1:1.3-1?arch=x86_64");
}

TEST_CASE("the platform of a gem is what it was built for") {
  const auto index = identify_packages(TreeBuilder().metadata("GEM/metadata", kGem).build());
  REQUIRE(index.packages.size() == 1);
  CHECK(index.packages[0].platforms == Texts{"x86_64-linux"});
}

TEST_CASE("a description that names no package is a problem") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"DEBIAN/control", "Version: 1\n"},
      {".PKGINFO", "pkgver = 1\n"},
      {"GEM/metadata", " name: indented\n"},
      {"x.nuspec", "<package><metadata><id>a"},
      {"x.nuspec", "<!DOCTYPE x [<!ENTITY a \"b\">]><package><metadata><id>&a;</id></metadata>"},
      {"x.nuspec", "<id>a</id>"},
  };
  for (const auto& [path, text] : rows) {
    INFO(path << ": " << text);
    const auto index = identify_packages(TreeBuilder().metadata(path, text).build());
    CHECK(index.packages.empty());
    REQUIRE(index.problems.size() == 1);
    CHECK(index.problems[0].code == "package-unnamed");
    CHECK(index.problems[0].path == path);
  }
}

TEST_CASE("fields of a description are bounded") {
  const auto index = identify_packages(
      TreeBuilder()
          .metadata(".PKGINFO",
                    "pkgname = " + std::string(core::limits::kMaxPackageField + 100, 'x') + "\n")
          .build());
  REQUIRE(index.packages.size() == 1);
  CHECK(index.packages[0].name.size() <= core::limits::kMaxPackageField + 3);
}

TEST_CASE("of several manifests of NuGet none is the package's") {
  const auto two = identify_packages(
      TreeBuilder().metadata("a.nuspec", kNuspec).metadata("b.nuspec", kNuspec).build());
  CHECK(two.packages.empty());
}
