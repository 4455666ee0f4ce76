#include <unistd.h>

#include <string>
#include <vector>

#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/source/source.hpp"
#include "support/catch.hpp"
#include "support/gzip.hpp"
#include "support/source_listing.hpp"
#include "support/tar_builder.hpp"
#include "support/temporary_folder.hpp"
#include "support/zstd.hpp"

using namespace muslcheck;
using test::TarBuilder;
using test::TemporaryFolder;
using Texts = std::vector<std::string>;

namespace {

const std::string kConfig = R"({
  "architecture": "amd64", "os": "linux",
  "config": {"Entrypoint": ["docker-entrypoint.sh"], "Cmd": ["node"], "User": "node",
             "Env": ["PATH=/usr/bin", "NODE_VERSION=20"], "WorkingDir": "/app",
             "Labels": {"a": "b"},
             "Healthcheck": {"Test": ["CMD-SHELL", "curl -f http://localhost"], "Retries": 3}},
  "history": [{"created_by": "ADD rootfs"}, {"created_by": "ENV X", "empty_layer": true},
              {"created_by": "COPY app"}],
  "rootfs": {"type": "layers", "diff_ids": ["sha256:aaa", "sha256:bbb"]}})";

const std::string kManifest = R"([{"Config": "c.json", "RepoTags": ["app:1", "app:latest"],
  "Layers": ["l1/layer.tar", "l2/layer.tar"]}])";

std::string layer_one() { return TarBuilder().file("etc/os-release", "ID=debian\n").finish(); }
std::string layer_two() {
  return TarBuilder().file("app/index.js", "#!/usr/bin/env node\n").finish();
}

TarBuilder good_archive() {
  return TarBuilder()
      .file("l1/layer.tar", layer_one())
      .file("c.json", kConfig)
      .file("l2/layer.tar", layer_two())
      .file("manifest.json", kManifest);
}

core::Result<std::unique_ptr<source::Source>> open(const std::string& path) {
  return source::open_source({source::Kind::docker_archive, path});
}

/// The reason for which an archive cannot be opened; "" if it can.
std::string reason_of(const std::string& bytes) {
  const TemporaryFolder folder;
  const auto opened = open(folder.write("image.tar", bytes));
  return opened ? "" : opened.error().reason;
}

std::string archive_with(const std::string& manifest, const std::string& config = kConfig) {
  return TarBuilder()
      .file("manifest.json", manifest)
      .file("c.json", config)
      .file("l1/layer.tar", layer_one())
      .file("l2/layer.tar", layer_two())
      .finish();
}

}  // namespace

TEST_CASE("a saved image gives its configuration and its layers") {
  const TemporaryFolder folder;
  auto opened = open(folder.write("image.tar", good_archive().finish()));
  REQUIRE(opened);
  const model::SourceInfo& info = (*opened)->info();
  CHECK(info.kind == "docker-archive");
  CHECK(info.name == "app:1");
  CHECK(info.digest == "sha256:" + core::sha256_hex(core::as_bytes(kConfig)));
  CHECK(info.platform == "linux/amd64");
  CHECK(info.config.entrypoint == Texts{"docker-entrypoint.sh"});
  CHECK(info.config.cmd == Texts{"node"});
  CHECK(info.config.env == Texts{"PATH=/usr/bin", "NODE_VERSION=20"});
  CHECK(info.config.user == "node");
  CHECK(info.config.working_directory == "/app");
  CHECK(info.config.healthcheck ==
        std::vector<std::string>{"CMD-SHELL", "curl -f http://localhost"});
  CHECK(info.config.labels.at("a") == "b");
  CHECK(info.config.history == std::vector<model::HistoryEntry>{
                                   {"ADD rootfs", false}, {"ENV X", true}, {"COPY app", false}});
  REQUIRE(info.layers.size() == 2);
  CHECK(info.layers[0].digest == "sha256:aaa");
  CHECK(info.layers[0].created_by == "ADD rootfs");
  CHECK(info.layers[1].digest == "sha256:bbb");
  CHECK(info.layers[1].created_by == "COPY app");
  CHECK(info.layers[1].size == layer_two().size());
  CHECK(test::list_layer(**opened, 0).contents.at("etc/os-release") == "ID=debian\n");
  CHECK(test::list_layer(**opened, 1).paths() == Texts{"app/index.js"});
  CHECK(test::list_layer(**opened, 2).error == "no-such-layer");
}

TEST_CASE("a saved image may be compressed as a whole and layer by layer") {
  const TemporaryFolder folder;
  const std::string inner = TarBuilder()
                                .file("manifest.json", kManifest)
                                .file("l1/layer.tar", test::gzip(layer_one()))
                                .file("l2/layer.tar", layer_two())
                                .file("c.json", kConfig)
                                .finish();
  for (const std::string& bytes : {inner, test::gzip(inner)}) {
    auto opened = open(folder.write("image.tar.gz", bytes));
    REQUIRE(opened);
    CHECK(test::list_layer(**opened, 0).paths() == Texts{"etc/os-release"});
    CHECK(test::list_layer(**opened, 1).paths() == Texts{"app/index.js"});
  }
}

TEST_CASE("layers are found by the manifest's paths, as Docker 25 writes them, and may repeat") {
  const TemporaryFolder folder;
  const std::string bytes =
      TarBuilder()
          .file("blobs/sha256/aa", layer_one())
          .file("blobs/sha256/cc", kConfig)
          .file("index.json", R"({"manifests": null})")
          .file("oci-layout", "{}")
          .file("other/layer.tar", layer_two())
          .file("./manifest.json", R"([{"Config": "blobs/sha256/cc", "RepoTags": null,
             "Layers": ["blobs/sha256/aa", "blobs/sha256/aa"]}])")
          .finish();
  const std::string path = folder.write("image.tar", bytes);
  auto opened = open(path);
  REQUIRE(opened);
  CHECK((*opened)->info().name == path);
  CHECK(test::list_layer(**opened, 0).paths() == Texts{"etc/os-release"});
  CHECK(test::list_layer(**opened, 1).paths() == Texts{"etc/os-release"});
}

TEST_CASE("a layer may be a link inside the archive, as podman writes it") {
  const TemporaryFolder folder;
  const std::string bytes = TarBuilder()
                                .file("real/layer.tar", layer_one())
                                .soft_link("l1/layer.tar", "../real/layer.tar")
                                .soft_link("l2/layer.tar", "here.tar")
                                .hard_link("l2/here.tar", "l1/layer.tar")
                                .file("c.json", kConfig)
                                .file("manifest.json", kManifest)
                                .finish();
  auto opened = open(folder.write("image.tar", bytes));
  REQUIRE(opened);
  CHECK(test::list_layer(**opened, 0).paths() == Texts{"etc/os-release"});
  CHECK(test::list_layer(**opened, 1).paths() == Texts{"etc/os-release"});
}

TEST_CASE("an image without layers has none") {
  const TemporaryFolder folder;
  auto opened = open(folder.write(
      "image.tar", archive_with(R"([{"Config": "c.json", "RepoTags": ["a"], "Layers": null}])",
                                R"({"rootfs": {"diff_ids": null}})")));
  REQUIRE(opened);
  CHECK((*opened)->info().layers.empty());
}

TEST_CASE("an archive that is no single saved image says why") {
  const std::string layers = R"("Layers": ["l1/layer.tar", "l2/layer.tar"])";
  CHECK(reason_of(TarBuilder().file("x", "").finish()) == "manifest-missing");
  CHECK(reason_of(archive_with("{")) == "manifest-invalid");
  CHECK(reason_of(archive_with("{}")) == "manifest-invalid");
  CHECK(reason_of(archive_with("[1]")) == "manifest-invalid");
  CHECK(reason_of(archive_with("[{" + layers + "}]")) == "manifest-invalid");
  CHECK(reason_of(archive_with(R"([{"Config": "c.json", "Layers": [1]}])")) == "manifest-invalid");
  CHECK(reason_of(archive_with(std::string(5'000'000, '['))) == "manifest-invalid");
  CHECK(reason_of(archive_with("[]")) == "manifest-empty");
  CHECK(reason_of(archive_with(R"([{"Config": "gone.json", )" + layers + "}]")) ==
        "config-missing");
  CHECK(reason_of(archive_with(kManifest, "not json")) == "config-invalid");
  CHECK(reason_of(archive_with(kManifest, "[]")) == "config-invalid");
  CHECK(reason_of(archive_with(R"([{"Config": "c.json", "Layers": ["l1/layer.tar"]}])")) ==
        "layer-count-mismatch");
  CHECK(reason_of("hello") == "archive-not-a-tar");
  CHECK(reason_of("") == "archive-not-a-tar");
  CHECK(reason_of(test::gzip("hello")) == "archive-not-a-tar");
  CHECK(reason_of("BZh91AY") == "compression-unsupported");
}

TEST_CASE("an archive of several images names them all") {
  const TemporaryFolder folder;
  const auto opened =
      open(folder.write("image.tar", archive_with(R"([{"Config": "c.json", "RepoTags": ["one:1"]},
                       {"Config": "d.json", "RepoTags": []}])")));
  REQUIRE(!opened);
  CHECK(opened.error().code == core::ErrorCode::usage);
  CHECK(opened.error().reason == "several-images");
  CHECK(opened.error().message.find("one:1, d.json") != std::string::npos);
}

TEST_CASE("thousands of images or layers are told in one short sentence") {
  const TemporaryFolder folder;
  std::string images;
  std::string layers;
  for (int i = 0; i < 5000; ++i) {
    images += std::string(i == 0 ? "" : ",") + R"({"Config": "c.json"})";
    layers += std::string(i == 0 ? "" : ",") + R"("l1/layer.tar")";
  }
  const auto several = open(folder.write("image.tar", archive_with("[" + images + "]")));
  REQUIRE(!several);
  CHECK(several.error().message.find("5000 images") != std::string::npos);
  CHECK(several.error().message.size() < 200);
  CHECK(reason_of(archive_with(R"([{"Config": "c.json", "Layers": [)" + layers + "]}]")) ==
        "too-many-layers");
}

TEST_CASE("an archive that is cut short while it is mapped says so") {
  const TemporaryFolder folder;
  const std::string path = folder.write("image.tar", good_archive().finish());
  auto opened = open(path);
  REQUIRE(opened);
  REQUIRE(::truncate(path.c_str(), 0) == 0);
  std::vector<model::Problem> problems;
  core::InlineTasks tasks;
  const auto result = (*opened)->read_layer(
      0, [](const model::FileEntry&, source::Content&) -> core::Result<void> { return {}; },
      problems, tasks);
  CHECK((!result || problems.back().code == "changed-during-scan"));
}

TEST_CASE("an archive cut before its manifest says that it is cut") {
  const std::string whole = good_archive().finish();
  const std::size_t manifest = whole.find("manifest.json");
  CHECK(reason_of(whole.substr(0, manifest + 100)) == "archive-truncated");
  CHECK(reason_of(whole.substr(0, 700)) == "archive-truncated");
  const std::string packed = test::gzip(whole);
  CHECK(reason_of(packed.substr(0, packed.size() / 2)) == "archive-truncated");
}

TEST_CASE("an archive cut inside its last layer gives the rest, with a problem") {
  const TemporaryFolder folder;
  const std::string layer =
      TarBuilder().file("first", "1").file("big", std::string(100'000, 'x')).finish();
  const std::string bytes = TarBuilder()
                                .file("manifest.json", kManifest)
                                .file("c.json", kConfig)
                                .file("l1/layer.tar", layer_one())
                                .file("l2/layer.tar", layer)
                                .finish();
  auto opened = open(folder.write("image.tar", bytes.substr(0, bytes.size() - 50'000)));
  REQUIRE(opened);
  const test::Listing listing = test::list_layer(**opened, 1);
  CHECK(listing.contents.at("first") == "1");
  CHECK(listing.codes() == Texts{"layer-truncated"});
}

TEST_CASE("links in a circle inside the archive are a missing layer") {
  const std::string bytes = TarBuilder()
                                .soft_link("l1/layer.tar", "../l2/layer.tar")
                                .soft_link("l2/layer.tar", "../l1/layer.tar")
                                .file("c.json", kConfig)
                                .file("manifest.json", kManifest)
                                .finish();
  const TemporaryFolder folder;
  auto opened = open(folder.write("image.tar", bytes));
  REQUIRE(opened);
  CHECK(test::list_layer(**opened, 0).error == "layer-missing");
}

TEST_CASE("files of a mapped archive that were set aside can be read again") {
  const TemporaryFolder folder;
  const std::string content(300'000, 'x');
  auto opened = open(
      folder.write("image.tar", TarBuilder()
                                    .file("l", TarBuilder().file("a", content).finish())
                                    .file("manifest.json", R"([{"Config": "c", "Layers": ["l"]}])")
                                    .file("c", "{}")
                                    .finish()));
  REQUIRE(opened);
  std::vector<model::Problem> problems;
  core::InlineTasks tasks;
  const auto result = (*opened)->read_layer(
      0,
      [&](const model::FileEntry&, source::Content& file) -> core::Result<void> {
        const auto kept = file.keep();
        REQUIRE(kept);
        CHECK(kept->mapped);
        source::set_aside(*kept);
        CHECK(core::as_text(kept->bytes) == content);
        return {};
      },
      problems, tasks);
  CHECK(result);
}

TEST_CASE("a small layer may expand beyond any ratio, up to a size") {
  const TemporaryFolder folder;
  const std::string zeros = TarBuilder().file("zeros", std::string(50U << 20U, '\0')).finish();
  const std::string packed = test::zstd(zeros);
  REQUIRE(packed.size() * core::limits::kMaxExpansionRatio < zeros.size());
  auto opened = open(
      folder.write("image.tar", TarBuilder()
                                    .file("l", packed)
                                    .file("manifest.json", R"([{"Config": "c", "Layers": ["l"]}])")
                                    .file("c", "{}")
                                    .finish()));
  REQUIRE(opened);
  const test::Listing listing = test::list_layer(**opened);
  CHECK(listing.paths() == Texts{"zeros"});
  CHECK(listing.codes().empty());
}

TEST_CASE("compression within compression gains nothing") {
  const TemporaryFolder folder;
  const std::string bomb =
      TarBuilder().file("first", "1").file("zeros", std::string(160U << 20U, '\0')).finish();
  const std::string manifest = R"([{"Config": "c.json", "Layers": ["bomb"]}])";
  const std::string bytes = test::gzip(TarBuilder()
                                           .file("bomb", test::gzip(bomb))
                                           .file("manifest.json", manifest)
                                           .file("c.json", "{}")
                                           .finish());
  REQUIRE(bytes.size() * 1100 < bomb.size());
  auto opened = open(folder.write("image.tar.gz", bytes));
  REQUIRE(opened);
  const test::Listing listing = test::list_layer(**opened);
  CHECK(listing.paths() == Texts{"first"});
  CHECK(listing.codes() == Texts{"expansion-limit"});
}

TEST_CASE("a platform names the variant where there are several") {
  const TemporaryFolder folder;
  const auto platform = [&](const std::string& config) {
    auto opened = open(
        folder.write("i.tar", archive_with(R"([{"Config": "c.json", "Layers": []}])", config)));
    return opened ? (*opened)->info().platform : opened.error().reason;
  };
  CHECK(platform(R"({"os": "linux", "architecture": "arm", "variant": "v7"})") == "linux/arm/v7");
  CHECK(platform(R"({"os": "linux", "architecture": "arm64", "variant": "v8"})") == "linux/arm64");
  CHECK(platform(R"({"os": "linux"})").empty());
  CHECK(platform(R"({"os": 1, "architecture": [], "config": "x", "history": {}})").empty());
}

TEST_CASE("a history of too many steps is not kept by halves") {
  const TemporaryFolder folder;
  const auto steps_kept = [&](std::size_t count) {
    std::string history = "{}";
    for (std::size_t i = 1; i < count; ++i) history += ",{}";
    const std::string config = R"({"os": "linux", "history": [)" + history + "]}";
    auto opened = open(
        folder.write("i.tar", archive_with(R"([{"Config": "c.json", "Layers": []}])", config)));
    return (*opened)->info().config.history.size();
  };
  CHECK(steps_kept(core::limits::kMaxHistory) == core::limits::kMaxHistory);
  CHECK(steps_kept(core::limits::kMaxHistory + 1) == 0);
}
