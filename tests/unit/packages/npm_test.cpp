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
using Texts = std::vector<std::string>;

namespace {

std::string manifest(const std::string& name, const std::string& version = "1.0.0",
                     const std::string& more = {}) {
  return R"({"name": ")" + name + R"(", "version": ")" + version + "\"" +
         (more.empty() ? "" : ", " + more) + "}";
}

std::string purl_at(const PackageIndex& index, const std::string& path) {
  const auto owner = index.owner(path);
  return owner ? index.packages.at(*owner).purl : "";
}

const model::Package& package(const PackageIndex& index, const std::string& name) {
  for (const model::Package& found : index.packages)
    if (found.name == name) return found;
  FAIL("no package " << name);
  return index.packages.front();
}

Texts purls(const PackageIndex& index) {
  Texts all;
  for (const model::Package& found : index.packages) all.push_back(found.purl);
  return all;
}

}  // namespace

TEST_CASE("a file belongs to the package folder above it") {
  const auto tree =
      TreeBuilder()
          .metadata("app/package.json", manifest("my-app", "2.0.0"))
          .metadata("app/node_modules/bcrypt/package.json", manifest("bcrypt", "5.1.1"))
          .metadata("app/node_modules/@img/sharp-linux-x64/package.json",
                    manifest("@img/sharp-linux-x64", "0.35.5"))
          .metadata("app/node_modules/bcrypt/node_modules/nan/package.json",
                    manifest("nan", "2.0.0"))
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(purl_at(index, "app/node_modules/@img/sharp-linux-x64/lib/sharp.node") ==
        "pkg:npm/%40img/sharp-linux-x64@0.35.5");
  CHECK(purl_at(index, "app/node_modules/bcrypt/lib/x.node") == "pkg:npm/bcrypt@5.1.1");
  CHECK(purl_at(index, "app/node_modules/bcrypt/node_modules/nan/x") == "pkg:npm/nan@2.0.0");
  CHECK(purl_at(index, "app/server.js") == "pkg:npm/my-app@2.0.0");
  CHECK(purl_at(index, "usr/bin/tool").empty());
  const model::Package& sharp = package(index, "@img/sharp-linux-x64");
  CHECK(sharp.ecosystem == "npm");
  CHECK(sharp.version == "0.35.5");
  CHECK(sharp.path == "app/node_modules/@img/sharp-linux-x64");
  CHECK_FALSE(sharp.distribution);
}

TEST_CASE("a package.json inside a package never hides the package") {
  const auto tree = TreeBuilder()
                        .metadata("a/node_modules/p/package.json", manifest("p"))
                        .metadata("a/node_modules/p/dist/esm/package.json", R"({"type": "module"})")
                        .metadata("a/node_modules/p/dist/cjs/package.json", manifest("p-cjs"))
                        .metadata("a/node_modules/p/test/bad/package.json", "{not json")
                        .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(purl_at(index, "a/node_modules/p/dist/esm/x.node") == "pkg:npm/p@1.0.0");
  CHECK(purl_at(index, "a/node_modules/p/dist/cjs/x.node") == "pkg:npm/p@1.0.0");
  CHECK(index.problems.empty());
}

TEST_CASE("a package.json that cannot be read is a problem and its package is not lost") {
  const auto tree =
      TreeBuilder()
          .metadata("node_modules/bad/package.json", "{")
          .metadata("node_modules/@s/list/package.json", "[]")
          .metadata("node_modules/big/package.json",
                    std::string(core::limits::kMaxPackageJson + 1, ' '))
          .metadata("node_modules/bom/package.json", "\xef\xbb\xbf" + manifest("bom"))
          .metadata("node_modules/typed/package.json", R"({"name": 1, "version": []})")
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(purls(index) == Texts{"pkg:npm/%40s/list", "pkg:npm/bad", "pkg:npm/big",
                              "pkg:npm/bom@1.0.0", "pkg:npm/typed"});
  REQUIRE(index.problems.size() == 3);
  CHECK(index.problems[0].path == "node_modules/@s/list/package.json");
  CHECK(index.problems[0].code == "package-json-invalid");
  CHECK(index.problems[1].code == "package-json-invalid");
  CHECK(index.problems[1].stage == "packages");
  CHECK(index.problems[2].code == "package-json-too-large");
}

TEST_CASE("hostile nesting in a package.json costs nothing") {
  std::string deep = R"({"name": "deep", "x": )" + std::string(500'000, '[');
  deep += std::string(500'000, ']') + "}";
  const PackageIndex index =
      identify_packages(TreeBuilder().metadata("node_modules/deep/package.json", deep).build());
  CHECK(purls(index) == Texts{"pkg:npm/deep"});
}

TEST_CASE("an alias is the package that it stands for") {
  const PackageIndex index = identify_packages(
      TreeBuilder().metadata("node_modules/alias/package.json", manifest("real", "3.0.0")).build());
  CHECK(purl_at(index, "node_modules/alias/x") == "pkg:npm/real@3.0.0");
}

TEST_CASE("an application needs a name, one inside another also a version") {
  const auto tree = TreeBuilder()
                        .metadata("app/package.json", R"({"name": "app", "private": true})")
                        .metadata("app/server/package.json", R"({"name": "server"})")
                        .metadata("app/packages/lib/package.json", manifest("lib"))
                        .metadata("srv/package.json", R"({"private": true})")
                        .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(purls(index) == Texts{"pkg:npm/app", "pkg:npm/lib@1.0.0"});
  CHECK(purl_at(index, "app/server/x") == "pkg:npm/app");
  CHECK(purl_at(index, "srv/x").empty());
}

TEST_CASE("an application at the root of a system does not own the system") {
  const auto tree =
      TreeBuilder().metadata("package.json", manifest("app")).file("usr/bin/x").build();
  const PackageIndex index = identify_packages(tree);
  CHECK(purls(index) == Texts{"pkg:npm/app@1.0.0"});
  CHECK(purl_at(index, "usr/bin/x").empty());
  const auto folder = TreeBuilder().metadata("package.json", manifest("app")).file("lib/x").build();
  CHECK(purl_at(identify_packages(folder), "lib/x") == "pkg:npm/app@1.0.0");
}

TEST_CASE("a node_modules folder may be the root of the tree") {
  const auto tree =
      TreeBuilder()
          .file(".package-lock.json")
          .metadata("sharp/package.json",
                    manifest("sharp", "1.0.0", R"("optionalDependencies": {"@img/s": "1"})"))
          .metadata("sharp/dist/package.json", manifest("inner"))
          .metadata("@img/s/package.json", "{}")
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(purls(index) == Texts{"pkg:npm/%40img/s", "pkg:npm/sharp@1.0.0"});
  CHECK(package(index, "@img/s").owners == Texts{"sharp"});
}

TEST_CASE("packages are sorted by ecosystem, name, version and path") {
  const auto tree =
      TreeBuilder()
          .metadata("b/node_modules/x/package.json", manifest("x", "1.0.0"))
          .metadata("a/node_modules/y/node_modules/x/package.json", manifest("x", "1.0.0"))
          .metadata("a/node_modules/x/package.json", manifest("x", "2.0.0"))
          .metadata("a/node_modules/y/package.json", manifest("y"))
          .build();
  Texts order;
  for (const auto& found : identify_packages(tree).packages)
    order.push_back(found.name + " " + found.version + " " + found.path);
  CHECK(order == Texts{"x 1.0.0 a/node_modules/y/node_modules/x", "x 1.0.0 b/node_modules/x",
                       "x 2.0.0 a/node_modules/x", "y 1.0.0 a/node_modules/y"});
}

TEST_CASE("owners lead from the direct dependency to the immediate parent") {
  const auto tree =
      TreeBuilder()
          .metadata("app/package.json",
                    manifest("app", "1.0.0", R"("dependencies": {"next": "1", "direct": "1"})"))
          .metadata("app/node_modules/next/package.json",
                    manifest("next", "1.0.0", R"("optionalDependencies": {"sharp": "1"})"))
          .metadata("app/node_modules/sharp/package.json",
                    manifest("sharp", "1.0.0", R"("optionalDependencies": {"@img/p": "1"})"))
          .metadata("app/node_modules/@img/p/package.json", manifest("@img/p"))
          .metadata("app/node_modules/direct/package.json", manifest("direct"))
          .metadata("app/node_modules/stray/package.json", manifest("stray"))
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(package(index, "@img/p").owners == Texts{"next", "sharp"});
  CHECK(package(index, "sharp").owners == Texts{"next"});
  CHECK(package(index, "next").owners.empty());
  CHECK(package(index, "direct").owners.empty());
  CHECK(package(index, "stray").owners.empty());
  CHECK(package(index, "app").owners.empty());
}

TEST_CASE("the shortest chain of owners is taken, and circles end") {
  const auto tree = TreeBuilder()
                        .metadata("package.json",
                                  R"({"devDependencies": {"a": "1"}, "dependencies": {"c": "1"}})")
                        .metadata("node_modules/a/package.json",
                                  manifest("a", "1.0.0", R"("dependencies": {"b": "1"})"))
                        .metadata("node_modules/b/package.json",
                                  manifest("b", "1.0.0", R"("dependencies": {"a": "1", "n": "1"})"))
                        .metadata("node_modules/c/package.json",
                                  manifest("c", "1.0.0", R"("dependencies": {"n": "1", "c": "1"})"))
                        .metadata("node_modules/n/package.json", manifest("n"))
                        .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(package(index, "n").owners == Texts{"c"});
  CHECK(package(index, "b").owners == Texts{"a"});
}

TEST_CASE("names resolve to the nearest node_modules, and through pnpm's links") {
  const auto tree =
      TreeBuilder()
          .metadata("package.json", R"({"dependencies": {"a": "1", "p": "1"}})")
          .metadata("node_modules/a/package.json",
                    manifest("a", "1.0.0", R"("dependencies": {"x": "1"})"))
          .metadata("node_modules/a/node_modules/x/package.json", manifest("x", "1.0.0"))
          .metadata("node_modules/x/package.json", manifest("x", "2.0.0"))
          .link("node_modules/p", ".pnpm/p@1.0.0/node_modules/p")
          .metadata("node_modules/.pnpm/p@1.0.0/node_modules/p/package.json",
                    manifest("p", "1.0.0", R"("dependencies": {"q": "1"})"))
          .link("node_modules/.pnpm/p@1.0.0/node_modules/q", "../../q@1.0.0/node_modules/q")
          .metadata("node_modules/.pnpm/q@1.0.0/node_modules/q/package.json", manifest("q"))
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(index.packages.at(*index.owner("node_modules/a/node_modules/x/f")).owners == Texts{"a"});
  CHECK(index.packages.at(*index.owner("node_modules/x/f")).owners.empty());
  CHECK(package(index, "q").owners == Texts{"p"});
  CHECK(package(index, "q").path == "node_modules/.pnpm/q@1.0.0/node_modules/q");
}

TEST_CASE("a chain of owners has a limit, and begins at the direct dependency") {
  TreeBuilder builder;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "p" + std::to_string(i);
    const std::string next = "p" + std::to_string(i + 1);
    builder.metadata("app/node_modules/" + name + "/package.json",
                     manifest(name, "1.0.0", "\"dependencies\": {\"" + next + "\": \"1\"}"));
  }
  builder.metadata("app/package.json", manifest("app", "1.0.0", R"("dependencies": {"p0": "1"})"));
  const PackageIndex index = identify_packages(builder.build());
  const Texts owners = package(index, "p199").owners;
  REQUIRE(owners.size() == core::limits::kMaxOwners);
  CHECK(owners[0] == "p0");
  CHECK(owners[1] == "p1");
}

TEST_CASE("a name longer than npm allows is none, and the folder's is taken") {
  const auto tree = TreeBuilder()
                        .metadata("node_modules/x/package.json", manifest(std::string(10'000, 'n')))
                        .build();
  CHECK(purls(identify_packages(tree)) == Texts{"pkg:npm/x@1.0.0"});
}

TEST_CASE("what is wrong with a package.json is told without quoting it") {
  const auto tree = TreeBuilder()
                        .metadata("package.json", std::string(100'000, '9'))
                        .metadata("node_modules/x/package.json", "[\"" + std::string(100'000, 'x'))
                        .build();
  for (const model::Problem& problem : identify_packages(tree).problems) {
    CHECK(problem.code == "package-json-invalid");
    CHECK(problem.message.size() < 400);
  }
}

TEST_CASE("what a package was built for is kept in npm's words") {
  const auto tree =
      TreeBuilder()
          .metadata(
              "node_modules/a/package.json",
              manifest("a", "1.0.0", R"("os": ["linux"], "cpu": "x64", "libc": ["glibc", 3])"))
          .metadata("node_modules/b/package.json", manifest("b", "1.0.0", R"("libc": {"a": 1})"))
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(package(index, "a").platforms == Texts{"os=linux", "cpu=x64", "libc=glibc"});
  CHECK(package(index, "b").platforms.empty());
}

TEST_CASE("optional dependencies are kept apart, with who has them") {
  const auto tree =
      TreeBuilder()
          .metadata("node_modules/sharp/package.json",
                    manifest("sharp", "1.0.0",
                             R"("dependencies": {"color": "1", "@img/sharp-linux-x64": "1"},
                                "optionalDependencies": {"@img/sharp-linux-x64": "1"})"))
          .metadata("node_modules/plain/package.json", manifest("plain"))
          .build();
  const PackageIndex index = identify_packages(tree);
  REQUIRE(index.npm.size() == 1);
  const auto& [number, delivery] = *index.npm.begin();
  CHECK(index.packages.at(number).name == "sharp");
  CHECK(delivery.dependencies == Texts{"color"});
  CHECK(delivery.optional_dependencies == Texts{"@img/sharp-linux-x64"});
  CHECK(index.npm_optional_dependents.at("@img/sharp-linux-x64") ==
        std::vector<std::size_t>{number});
}

TEST_CASE("the words of napi-rs' configuration tell its version") {
  const auto version_of = [](const std::string& napi) {
    const PackageIndex index = identify_packages(
        TreeBuilder()
            .metadata("node_modules/p/package.json", manifest("p", "1.0.0", "\"napi\": " + napi))
            .build());
    return index.npm.empty() ? 0 : index.npm.begin()->second.napi_rs;
  };
  CHECK(version_of(R"({"binaryName": "p", "targets": []})") == 3);
  CHECK(version_of(R"({"name": "p", "triples": {}})") == 2);
  CHECK(version_of("3") == 0);
}
