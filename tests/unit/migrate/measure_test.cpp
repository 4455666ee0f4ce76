// What the bytes of an image are for.

#include "muslcheck/migrate/measure.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/embedded_rules.hpp"

namespace muslcheck {
namespace {

using Layer = std::vector<std::pair<std::string, std::uint64_t>>;
using Bytes = std::map<std::string, std::uint64_t>;

struct Image {
  std::vector<Layer> layers;
  packages::PackageIndex packages;
  model::SourceInfo source{.kind = "docker-archive"};

  std::size_t add_package(const std::string& name, bool distribution = true) {
    packages.packages.push_back({.ecosystem = "deb", .name = name, .distribution = distribution});
    return packages.packages.size() - 1;
  }

  [[nodiscard]] std::optional<model::SizeMath> measure() const {
    std::vector<model::LayerFacts> facts;
    for (const Layer& layer : layers)
      for (auto* entries = &facts.emplace_back().entries; const auto& [path, size] : layer)
        entries->push_back({.path = path,
                            .kind = size == 0 ? model::FileKind::whiteout : model::FileKind::regular,
                            .size = size});
    const filesystem::FileTree tree(std::move(facts));
    return migrate::measure_image({.source = source, .tree = tree, .packages = packages},
                                  test::embedded_rules());
  }

  /// Bytes by kind, which have to add up.
  [[nodiscard]] Bytes kinds() const {
    const auto size = measure();
    REQUIRE(size);
    Bytes bytes;
    std::uint64_t sum = 0;
    for (const model::SizePart& part : size->parts) {
      bytes[part.kind] = part.bytes;
      sum += part.bytes;
    }
    CHECK(sum == size->before);
    return bytes;
  }
};

}  // namespace

TEST_CASE("files are told apart by layer, owner and place") {
  Image image;
  image.source.base = model::BaseImage{.name = "node:20", .layers = 1};
  image.source.runtimes.push_back({.id = "node", .brings = {"usr/local/bin/node"}});
  image.layers = {{{"usr/bin/perl", 1}, {"usr/bin/gcc-12", 2}, {"usr/local/bin/node", 4}},
                  {{"usr/bin/curl", 8},
                   {"usr/bin/make", 16},
                   {"var/lib/apt/lists/deb.debian.org", 32},
                   {"root/.npm/_cacache/x", 64},
                   {"app/node_modules/typescript/lib/tsc.js", 128},
                   {"app/server.js", 256},
                   {"var/lib/dpkg/status", 512}}};
  image.packages.files = {{"usr/bin/perl", image.add_package("perl-base")},
                          {"usr/bin/gcc-12", image.add_package("gcc-12")},
                          {"usr/bin/curl", image.add_package("curl")},
                          {"usr/bin/make", image.add_package("make")}};
  image.packages.packages.push_back(
      {.ecosystem = "npm", .name = "typescript", .development = true});
  image.packages.directories = {
      {"app/node_modules/typescript", image.packages.packages.size() - 1}};
  CHECK(image.kinds() == Bytes{{"base", 3},
                               {"runtime", 4},
                               {"packages", 8 + 512},
                               {"build-tools", 16},
                               {"caches", 32 + 64},
                               {"development", 128},
                               {"application", 256}});
}

TEST_CASE("without a known base the distribution is the base, but for what builds") {
  Image image;
  image.layers = {{{"usr/bin/perl", 1}, {"usr/bin/make", 2}, {"etc/passwd", 4}, {"app/x", 8}}};
  image.packages.files = {{"usr/bin/perl", image.add_package("perl-base")},
                          {"usr/bin/make", image.add_package("make")}};
  CHECK(image.kinds() == Bytes{{"base", 5}, {"build-tools", 2}, {"application", 8}});
}

TEST_CASE("what a later layer hides is in the image all the same") {
  Image image;
  image.layers = {{{"app/a", 100}, {"app/b", 10}}, {{"app/a", 1}, {"app/b", 0}}};
  const auto size = image.measure();
  REQUIRE(size);
  CHECK(size->before == 111);
  CHECK(size->layers == std::vector<std::uint64_t>{110, 1});
  CHECK(size->parts == std::vector<model::SizePart>{{.kind = "hidden", .bytes = 110, .files = 2},
                                                    {.kind = "application", .bytes = 1, .files = 1}});
}

TEST_CASE("a single file or a folder of modules is no image") {
  Image image;
  image.layers = {{{"a.node", 1}}};
  image.source.kind = "file";
  CHECK_FALSE(image.measure());
  image.source.kind = "dir";
  CHECK_FALSE(image.measure());
  image.layers[0].push_back({"etc/os-release", 1});
  CHECK(image.measure());
}

TEST_CASE("tools of a runtime that only builds need are build tools") {
  Image image;
  image.source.runtimes.push_back({.id = "dotnet", .brings = {"usr/share/dotnet/*"}});
  image.layers = {{{"usr/share/dotnet/sdk/8.0.404/csc.dll", 1},
                   {"usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.11/libcoreclr.so", 2}}};
  CHECK(image.kinds() == Bytes{{"build-tools", 1}, {"runtime", 2}});
}

}  // namespace muslcheck
