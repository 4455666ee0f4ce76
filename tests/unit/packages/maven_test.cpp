// Maven packages in archives: which of several is the archive's own, and who owns what is in it.

#include <string>
#include <vector>

#include "muslcheck/packages/packages.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using packages::PackageIndex;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

const std::string kManifest = "META-INF/MANIFEST.MF";

std::string pom(const std::string& group, const std::string& artifact, const std::string& version) {
  return "#Created by Apache Maven 3.9.6\r\nversion=" + version + "\r\ngroupId=" + group +
         "\nartifactId = " + artifact + "\n";
}

std::string pom_path(const std::string& group, const std::string& artifact) {
  return "META-INF/maven/" + group + "/" + artifact + "/pom.properties";
}

/// The purl of the package that owns a file; empty if there is none.
std::string owner_of(const PackageIndex& index, const std::string& path) {
  const auto owner = index.owner(path);
  return owner ? index.packages[*owner].purl : "";
}

std::string own_purl(const std::string& archive, const std::string& manifest) {
  TreeBuilder tree;
  tree.member_elf(archive, "x.so");
  if (!manifest.empty()) tree.member_text(archive, kManifest, manifest);
  return owner_of(packages::identify_packages(tree.build()), archive + "!/x.so");
}

}  // namespace

TEST_CASE("pom.properties tell group, artifact and version") {
  const auto tree =
      TreeBuilder()
          .member_text("app/any.jar", pom_path("org.xerial", "sqlite-jdbc"),
                       pom("org.xerial", "sqlite-jdbc", "3.46.0.0"))
          .member_elf("app/any.jar", "org/sqlite/native/Linux/x86_64/libsqlitejdbc.so")
          .build();
  const PackageIndex index = packages::identify_packages(tree);
  REQUIRE(index.packages.size() == 1);
  const model::Package& package = index.packages.front();
  CHECK(package.ecosystem == "maven");
  CHECK(package.name == "org.xerial:sqlite-jdbc");
  CHECK(package.version == "3.46.0.0");
  CHECK(package.purl == "pkg:maven/org.xerial/sqlite-jdbc@3.46.0.0");
  CHECK(package.path == "app/any.jar!");
  CHECK(package.owners.empty());
  CHECK(owner_of(index, "app/any.jar!/org/sqlite/native/Linux/x86_64/libsqlitejdbc.so") ==
        package.purl);
  CHECK(owner_of(index, "app/any.jar").empty());
}

TEST_CASE("of a shaded jar the artifact that its name begins with is its own") {
  const auto tree =
      TreeBuilder()
          .member_text("lib/foo-core-1.2.jar", pom_path("g", "foo"), pom("g", "foo", "1"))
          .member_text("lib/foo-core-1.2.jar", pom_path("g", "foo-core"),
                       pom("g", "foo-core", "1.2"))
          .member_text("lib/foo-core-1.2.jar", pom_path("n", "netty"), pom("n", "netty", "4"))
          .member_elf("lib/foo-core-1.2.jar", "x.so")
          .build();
  const PackageIndex index = packages::identify_packages(tree);
  CHECK(owner_of(index, "lib/foo-core-1.2.jar!/x.so") == "pkg:maven/g/foo-core@1.2");
  REQUIRE(index.packages.size() == 3);
  for (const model::Package& package : index.packages)
    CHECK(package.owners == (package.name == "g:foo-core" ? Texts{} : Texts{"foo-core-1.2.jar"}));
}

TEST_CASE("without pom.properties a name with a version tells, else the manifest, else the name") {
  CHECK(own_purl("snappy-java-1.1.10.5.jar", "") == "pkg:maven/snappy-java@1.1.10.5");
  CHECK(own_purl("app.jar", "Implementation-Title: shop\r\nImplementation-Version: 2.0\r\n") ==
        "pkg:maven/shop@2.0");
  CHECK(own_purl("app.jar",
                 "Bundle-SymbolicName: org.foo.bar;singleton:=true\n"
                 "Bundle-Version: 1.0.0\n") == "pkg:maven/org.foo.bar@1.0.0");
  CHECK(own_purl("app.jar", "Automatic-Module-Name: org.foo\n") == "pkg:maven/org.foo");
  CHECK(own_purl("a-b-1.0.jar",
                 "Implementation-Title: A b for people\n"
                 "Implementation-Version: 1.0.1\n"
                 "Implementation-Vendor-Id: org.ab\n") == "pkg:maven/a-b@1.0");
  CHECK(own_purl("app.jar", "Implementation-Title: a title with spaces\n") == "pkg:maven/app");
  CHECK(own_purl("app.jar", "Implementation-Title: sh\n op\nImplementation-Vendor-Id: org.ab\n") ==
        "pkg:maven/org.ab/shop");
  CHECK(own_purl("app.jar", "Implementation-Title: ${project.name}\n") == "pkg:maven/app");
  CHECK(own_purl("app.jar", "Implementation-Title: " + std::string(5000, 'x') + "\n") ==
        "pkg:maven/app");
}

TEST_CASE("owners of a jar in a jar are the archives around it, and who has those") {
  const std::string snappy = "BOOT-INF/lib/snappy-java-1.1.10.5.jar!/";
  const auto tree =
      TreeBuilder()
          .metadata("srv/node_modules/tool/package.json", R"({"name":"tool","version":"1.0.0"})")
          .member_elf("app/shop.jar", snappy + "x.so")
          .member_elf("srv/node_modules/tool/x.war", "WEB-INF/lib/a.jar!/lib/b-1.jar!/x.so")
          .build();
  const PackageIndex index = packages::identify_packages(tree);
  const auto owners = [&](const std::string& path) {
    return index.packages[*index.owner(path)].owners;
  };
  CHECK(owners("app/shop.jar!/" + snappy + "x.so") == Texts{"shop.jar"});
  CHECK(owners("srv/node_modules/tool/x.war!/WEB-INF/lib/a.jar!/lib/b-1.jar!/x.so") ==
        Texts{"tool", "x.war", "a.jar"});
}

TEST_CASE("what is in a distribution's jar belongs to the distribution's package") {
  const auto tree =
      TreeBuilder()
          .metadata("etc/os-release", "ID=debian\n")
          .metadata("var/lib/dpkg/status",
                    "Package: libjna-java\nStatus: install ok installed\nVersion: 5.13.0-1\n"
                    "Architecture: all\nMaintainer: Debian Java Maintainers "
                    "<pkg-java-maintainers@lists.alioth.debian.org>\n\n")
          .metadata("var/lib/dpkg/info/libjna-java.list", "/.\n/usr/share/java/jna-5.13.0.jar\n")
          .member_text("usr/share/java/jna-5.13.0.jar", kManifest, "Implementation-Title: jna\n")
          .member_elf("usr/share/java/jna-5.13.0.jar", "com/sun/jna/linux-x86-64/libjnidispatch.so")
          .build();
  const PackageIndex index = packages::identify_packages(tree);
  REQUIRE(index.packages.size() == 1);
  CHECK(owner_of(index,
                 "usr/share/java/jna-5.13.0.jar!/com/sun/jna/linux-x86-64/libjnidispatch.so") ==
        index.packages.front().purl);
  CHECK(index.packages.front().name == "libjna-java");
}
