#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/packages/packages.hpp"
#include "packages/dpkg_status.hpp"
#include "packages/purl.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using packages::identify_packages;
using packages::PackageIndex;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

std::string paragraph(const std::string& name, const std::string& more = {},
                      const std::string& architecture = "amd64") {
  return "Package: " + name + "\nStatus: install ok installed\nArchitecture: " + architecture +
         "\nVersion: 1.0-1\n" + more + "\n";
}

std::string owner(const PackageIndex& index, const std::string& path) {
  const auto number = index.owner(path);
  return number ? index.packages.at(*number).name : "";
}

const std::string kOsRelease = "NAME=\"Debian\"\nID=debian\nVERSION_ID=\"12\"\n";

TreeBuilder debian() {
  return TreeBuilder()
      .metadata("usr/lib/os-release", kOsRelease)
      .link("etc/os-release", "../usr/lib/os-release")
      .link("lib", "usr/lib");
}

}  // namespace

TEST_CASE("a status file is read paragraph by paragraph") {
  const auto all = packages::parse_dpkg_status(
      "Package: libc6\nStatus: install ok installed\nMaintainer: A <a@b>\nArchitecture: amd64\n"
      "Version: 2.36-9\nDescription: x\n Package: not-a-field\n\n"
      "Package: gone\nStatus: deinstall ok config-files\n\nGarbage\n\n\nPackage: last");
  REQUIRE(all.size() == 3);
  CHECK(all[0] ==
        packages::DpkgParagraph{"libc6", "2.36-9", "amd64", "A <a@b>", "install ok installed"});
  CHECK(packages::has_files(all[0]));
  CHECK_FALSE(packages::has_files(all[1]));
  CHECK(all[2].name == "last");
  CHECK(packages::has_files(all[2]));
  CHECK(packages::parse_dpkg_status("").empty());
}

TEST_CASE("what a package depends on is kept whole, and read name by name") {
  const std::string list =
      "libc6 (>= 2.36), python3:any | python3.11 [amd64] ,foo" + std::string(2000, ' ') + ", last|";
  const auto all = packages::parse_dpkg_status("Package: p\nPre-Depends: a\nDepends: " + list +
                                               "\nRecommends: b\nProvides: c (= 1), d\n"
                                               "Essential: yes\nPriority: required\n");
  REQUIRE(all.size() == 1);
  CHECK(all[0].pre_depends == "a");
  CHECK(all[0].recommends == "b");
  CHECK(all[0].essential == "yes");
  CHECK(all[0].priority == "required");
  Texts names;
  const auto add = [&](std::string_view name) { names.emplace_back(name); };
  packages::for_each_name(all[0].depends, add);
  packages::for_each_name(all[0].provides, add);
  packages::for_each_name(" , |(", add);
  CHECK(names == Texts{"libc6", "python3", "python3.11", "foo", "last", "c", "d"});
}

TEST_CASE("a listed file belongs to its package, by its real path") {
  const auto tree =
      debian()
          .metadata("var/lib/dpkg/status", paragraph("libc6"))
          .metadata("var/lib/dpkg/info/libc6:amd64.list",
                    "/.\n/lib\n/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu/libc.so.6\n"
                    "/usr/share/doc/libc6/copyright\n")
          .file("usr/lib/x86_64-linux-gnu/libc.so.6")
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(owner(index, "usr/lib/x86_64-linux-gnu/libc.so.6") == "libc6");
  CHECK(index.files.size() == 1);
  CHECK(index.directories.empty());
  CHECK(index.problems.empty());
  const model::Package& libc6 = index.packages.at(0);
  CHECK(libc6.purl == "pkg:deb/debian/libc6@1.0-1?arch=amd64&distro=debian-12");
  CHECK(libc6.ecosystem == "deb");
  CHECK(libc6.distribution);
  CHECK(libc6.path == "var/lib/dpkg/status");
}

TEST_CASE("two architectures of one package have lists of their own") {
  const auto tree =
      debian()
          .metadata("var/lib/dpkg/status", paragraph("libz") + paragraph("libz", "", "i386"))
          .metadata("var/lib/dpkg/info/libz:amd64.list", "/usr/lib/a/libz.so\n")
          .metadata("var/lib/dpkg/info/libz:i386.list", "/usr/lib/i/libz.so\n")
          .file("usr/lib/a/libz.so")
          .file("usr/lib/i/libz.so")
          .build();
  const PackageIndex index = identify_packages(tree);
  const auto purl = [&](const char* path) { return index.packages.at(*index.owner(path)).purl; };
  CHECK(purl("usr/lib/a/libz.so").find("arch=amd64") != std::string::npos);
  CHECK(purl("usr/lib/i/libz.so").find("arch=i386") != std::string::npos);
}

TEST_CASE("a removed package owns nothing") {
  const auto tree = debian()
                        .metadata("var/lib/dpkg/status",
                                  "Package: old\nStatus: deinstall ok config-files\nVersion: 1\n")
                        .metadata("var/lib/dpkg/info/old.list", "/etc/old.conf\n")
                        .file("etc/old.conf")
                        .build();
  CHECK(identify_packages(tree).packages.empty());
}

TEST_CASE("a diverted file is found where it was moved to") {
  const auto tree = debian()
                        .metadata("var/lib/dpkg/status", paragraph("dash") + paragraph("bash"))
                        .metadata("var/lib/dpkg/info/dash.list", "/usr/bin/sh\n")
                        .metadata("var/lib/dpkg/info/bash.list", "/usr/bin/sh\n/usr/bin/x\n")
                        .metadata("var/lib/dpkg/diversions",
                                  "/usr/bin/sh\n/usr/bin/sh.distrib\ndash\n"
                                  "/usr/bin/x\n/usr/bin/x.local\n:\n")
                        .file("usr/bin/sh")
                        .file("usr/bin/sh.distrib")
                        .file("usr/bin/x")
                        .file("usr/bin/x.local")
                        .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(owner(index, "usr/bin/sh") == "dash");
  CHECK(owner(index, "usr/bin/sh.distrib") == "bash");
  CHECK(owner(index, "usr/bin/x.local") == "bash");
  CHECK(owner(index, "usr/bin/x").empty());
}

TEST_CASE("distroless images have a file per package and lists of checksums") {
  const auto tree =
      TreeBuilder()
          .metadata("var/lib/dpkg/status.d/libssl3",
                    "Package: libssl3\nVersion: 3.0\nArchitecture: arm64\n")
          .metadata("var/lib/dpkg/status.d/libssl3.md5sums",
                    "d41d8cd98f00b204e9800998ecf8427e  usr/lib/libssl.so.3\n\nmalformed\n")
          .file("usr/lib/libssl.so.3")
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(owner(index, "usr/lib/libssl.so.3") == "libssl3");
  CHECK(index.packages.at(0).purl == "pkg:deb/debian/libssl3@3.0?arch=arm64");
  CHECK(index.packages.at(0).path == "var/lib/dpkg/status.d/libssl3");
  CHECK(index.problems.empty());
}

TEST_CASE("the lists of distroless images stand beside the package's file, whatever its name") {
  const auto tree = TreeBuilder()
                        .metadata("var/lib/dpkg/status.d/bGliYzY=", "Package: libc6\nVersion: 2\n")
                        .metadata("var/lib/dpkg/status.d/bGliYzY=.md5sums",
                                  "d41d8cd98f00b204e9800998ecf8427e  lib/x86_64/libc.so.6\n")
                        .file("lib/x86_64/libc.so.6")
                        .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(owner(index, "lib/x86_64/libc.so.6") == "libc6");
  CHECK(index.problems.empty());
}

TEST_CASE("packages whose files are nowhere listed are one problem") {
  const auto tree =
      debian().metadata("var/lib/dpkg/status", paragraph("a") + paragraph("b")).build();
  const PackageIndex index = identify_packages(tree);
  CHECK(index.packages.size() == 2);
  REQUIRE(index.problems.size() == 1);
  CHECK(index.problems[0].code == "dpkg-files-unknown");
  CHECK(index.problems[0].message.find("2 packages (first: a)") != std::string::npos);
}

TEST_CASE("a package below /opt or of a known vendor is no part of the distribution") {
  const auto tree =
      debian()
          .metadata("var/lib/dpkg/status",
                    paragraph("google-chrome-stable",
                              "Maintainer: Chrome Linux Team <chromium-dev@chromium.org>\n") +
                        paragraph("mongodb", "Maintainer: MongoDB <packaging@mongodb.com>\n") +
                        paragraph("private", "Maintainer: Jane Doe <jane@example.org>\n") +
                        paragraph("nodejs", "Maintainer: NodeSource <x@nodesource.com>\n") +
                        paragraph("in-opt") + paragraph("base-files"))
          .metadata("var/lib/dpkg/info/in-opt.list", "/.\n/opt\n/opt/vendor\n/opt/vendor/x\n")
          .metadata("var/lib/dpkg/info/base-files.list", "/.\n/opt\n")
          .build();
  std::vector<std::string> vendors;
  const model::KnownVendors known{.deb_vendors = {"chromium.org", "mongodb.com"}};
  for (const model::Package& package : identify_packages(tree, known).packages)
    if (!package.distribution) vendors.push_back(package.name);
  CHECK(vendors == Texts{"google-chrome-stable", "in-opt", "mongodb"});
}

TEST_CASE("a file of a database belongs to it even inside a package folder") {
  const auto tree = debian()
                        .metadata("var/lib/dpkg/status", paragraph("node-foo"))
                        .metadata("var/lib/dpkg/info/node-foo.list", "/srv/node_modules/foo/x\n")
                        .metadata("srv/node_modules/foo/package.json", R"({"name":"foo"})")
                        .file("srv/node_modules/foo/x")
                        .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(owner(index, "srv/node_modules/foo/x") == "node-foo");
  CHECK(owner(index, "srv/node_modules/foo/y") == "foo");
}

TEST_CASE("an image without databases has no packages and no problems") {
  const PackageIndex index = identify_packages(TreeBuilder().file("bin/x").build());
  CHECK(index.packages.empty());
  CHECK(index.problems.empty());
  CHECK_FALSE(index.owner("bin/x"));
}

TEST_CASE("package URLs are percent-encoded as the specification says") {
  CHECK(packages::make_purl("npm", "@a/b c", "1.0.0+x") == "pkg:npm/%40a/b%20c@1.0.0%2Bx");
  CHECK(packages::make_purl("deb", "debian/g++", "1:2~3", {{"b", "2"}, {"a", "1"}, {"c", ""}}) ==
        "pkg:deb/debian/g%2B%2B@1:2~3?a=1&b=2");
  CHECK(packages::make_purl("npm", "x", "") == "pkg:npm/x");
}

TEST_CASE("a list belongs to the first package that asks for it") {
  const auto tree =
      debian()
          .metadata("var/lib/dpkg/status", paragraph("p") + paragraph("p", {}, "i386"))
          .metadata("var/lib/dpkg/info/p.list", "/usr/bin/tool\n")
          .file("usr/bin/tool")
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(index.packages.size() == 2);
  CHECK(index.files.size() == 1);
  CHECK(index.problems.empty());
}

TEST_CASE("more packages than the limit are cut off with a problem") {
  std::string status;
  for (std::size_t i = 0; i <= core::limits::kMaxPackages; ++i) status += "Package: p\n\n";
  const PackageIndex index =
      identify_packages(debian().metadata("var/lib/dpkg/status", std::move(status)).build());
  CHECK(index.packages.size() == core::limits::kMaxPackages);
  REQUIRE_FALSE(index.problems.empty());
  CHECK(index.problems[0].code == "too-many-packages");
}

TEST_CASE("a listed path longer than any path is passed over, and dot-dot stays inside") {
  const auto tree = debian()
                        .metadata("var/lib/dpkg/status", paragraph("p"))
                        .metadata("var/lib/dpkg/info/p.list",
                                  "/" + std::string(1'000'000, 'x') +
                                      "\n/../../usr/bin/tool\r\n/..\n\xff\n/usr/bin/b")
                        .file("usr/bin/b")
                        .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(owner(index, "usr/bin/b") == "p");
  CHECK(index.files.size() == 1);
}

TEST_CASE("fields of a status file are kept up to a length") {
  const auto all = packages::parse_dpkg_status("Package: " + std::string(1'000'000, 'x'));
  REQUIRE(all.size() == 1);
  CHECK(all[0].name.size() < 1000);
}
