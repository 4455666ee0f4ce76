#include <string>
#include <vector>

#include "muslcheck/packages/packages.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using model::BuildKind;
using test::TreeBuilder;

namespace {

model::ElfFacts built(BuildKind kind, std::string name, std::string version = {}) {
  model::ElfFacts facts;
  facts.build = {.kind = kind, .name = std::move(name), .version = std::move(version)};
  return facts;
}

std::string owner_of(const packages::PackageIndex& index, std::string_view path) {
  const auto owner = index.owner(path);
  return owner ? index.packages[*owner].purl : "";
}

}  // namespace

TEST_CASE("a program that says what it is, is a package of one file") {
  const auto tree = TreeBuilder()
                        .elf("app/shop", built(BuildKind::go, "github.com/acme/shop", "v1.4.0"))
                        .elf("app/devel", built(BuildKind::go, "shop"))
                        .elf("app/loose", built(BuildKind::go, "command-line-arguments"))
                        .elf("app/old", built(BuildKind::go, ""))
                        .elf("app/rust", built(BuildKind::rust, "shop", "0.3.1"))
                        .elf("app/host", built(BuildKind::dotnet_apphost, "x"))
                        .build();
  const auto index = packages::identify_packages(tree);
  CHECK(owner_of(index, "app/shop") == "pkg:golang/github.com/acme/shop@v1.4.0");
  CHECK(owner_of(index, "app/devel") == "pkg:golang/shop");
  CHECK(owner_of(index, "app/rust") == "pkg:cargo/shop@0.3.1");
  for (const char* path : {"app/loose", "app/old", "app/host", "app"}) {
    CAPTURE(path);
    CHECK(owner_of(index, path).empty());
  }
}

TEST_CASE("what a database says of a program's file goes before what the program says") {
  const auto tree =
      TreeBuilder()
          .metadata("app/node_modules/esbuild/package.json",
                    R"({"name": "esbuild", "version": "0.28.2"})")
          .elf("app/node_modules/esbuild/bin/esbuild", built(BuildKind::go, "esbuild/cmd"))
          .build();
  const auto index = packages::identify_packages(tree);
  CHECK(owner_of(index, "app/node_modules/esbuild/bin/esbuild") == "pkg:npm/esbuild@0.28.2");
  CHECK(index.packages.size() == 1);
}
