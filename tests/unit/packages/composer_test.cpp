// Shortened from what Composer 2.5 and 1.10 write.

#include <string>
#include <vector>

#include "muslcheck/packages/packages.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using packages::identify_packages;
using packages::PackageIndex;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

const std::string kList =
    R"([{"name":"Acme/ffi","version":"v1.2.0","require":{"php":">=8","psr/log":"^3"}},)"
    R"({"name":"psr/log","version":"3.0.0"},{"name":"loose","version":"1"},7])";

std::string purl_at(const PackageIndex& index, const std::string& path) {
  const auto owner = index.owner(path);
  return owner ? index.packages.at(*owner).purl : "";
}

}  // namespace

TEST_CASE("Composer's packages own their folders") {
  for (const std::string& text : {kList, R"({"packages":)" + kList + R"(,"dev":true})"}) {
    INFO(text);
    const PackageIndex index = identify_packages(
        TreeBuilder().metadata("app/vendor/composer/installed.json", text).build());
    REQUIRE(index.packages.size() == 2);
    CHECK(index.problems.empty());
    CHECK(purl_at(index, "app/vendor/acme/ffi/lib/x.so") == "pkg:composer/acme/ffi@v1.2.0");
    CHECK(purl_at(index, "app/vendor/other/x.so").empty());
    CHECK(index.packages[1].owners == Texts{"acme/ffi"});
  }
}

TEST_CASE("Composer 2 says where a package is") {
  const PackageIndex index = identify_packages(
      TreeBuilder()
          .metadata("app/vendor/composer/installed.json",
                    R"({"packages":[{"name":"a/b","version":"1","install-path":"../../web/b"}]})")
          .build());
  CHECK(purl_at(index, "app/web/b/x.so") == "pkg:composer/a/b@1");
}

TEST_CASE("an installed.json that cannot be read is a problem") {
  for (const std::string text : {"{", "7", "{}", R"({"packages":7})"}) {
    INFO(text);
    const PackageIndex index =
        identify_packages(TreeBuilder().metadata("vendor/composer/installed.json", text).build());
    CHECK(index.packages.empty());
    REQUIRE(index.problems.size() == 1);
    CHECK(index.problems[0].code == "composer-json-invalid");
  }
}
