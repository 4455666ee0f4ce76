// The base that the user names against the base that the image's history tells.

#include "scan/runtime_stage.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/tar_builder.hpp"
#include "support/temporary_folder.hpp"
#include "support/tree_builder.hpp"

namespace muslcheck::scan {
namespace {

/// An archive with layers of these digests.
std::string archive(const std::vector<std::string>& digests, const std::string& architecture) {
  std::string layers;
  std::string diff_ids;
  test::TarBuilder tar;
  for (const std::string& digest : digests) {
    layers += (layers.empty() ? "\"" : ",\"") + digest + ".tar\"";
    diff_ids += (diff_ids.empty() ? "\"" : ",\"") + digest + "\"";
    tar.file(digest + ".tar", test::TarBuilder().file("etc/" + digest, "x").finish());
  }
  tar.file("manifest.json",
           R"([{"Config":"c.json","RepoTags":["node:20"],"Layers":[)" + layers + "]}]");
  tar.file("c.json", R"({"os":"linux","architecture":")" + architecture +
                         R"(","rootfs":{"type":"layers","diff_ids":[)" + diff_ids + "]}}");
  return tar.finish();
}

model::SourceInfo image() {
  model::SourceInfo info;
  info.name = "shop:1";
  info.platform = "linux/amd64";
  for (const char* digest : {"a", "b", "app"})
    info.layers.push_back({.digest = digest, .created_by = {}});
  info.config.history = {{.created_by = "# debian.sh --arch 'amd64' out/ 'bookworm' '@1'"},
                         {.created_by = "RUN x"},
                         {.created_by = "COPY . /app"}};
  return info;
}

filesystem::FileTree debian() {
  test::TreeBuilder builder;
  builder.metadata("etc/os-release", "ID=debian\nVERSION_CODENAME=bookworm\n");
  return builder.build();
}

core::Result<model::SourceInfo> with_base(const std::vector<std::string>& digests,
                                          const std::string& architecture = "amd64") {
  const test::TemporaryFolder folder;
  return with_given_base(
      image(), "docker-archive:" + folder.write("base.tar", archive(digests, architecture)));
}

std::string reason_of(const core::Result<model::SourceInfo>& result) {
  return result ? "none" : result.error().reason;
}

}  // namespace

TEST_CASE("the base that is given beats what the history tells") {
  auto given = with_base({"a", "b"});
  REQUIRE(given);
  CHECK(add_runtime_stage(*given, debian(), test::embedded_rules()).empty());
  REQUIRE(given->base);
  CHECK(given->base->name == "node:20");
  CHECK(given->base->how == "given");
  CHECK(given->base->layers == 2);
  CHECK(given->base->own_layers == 2);
  CHECK(given->base->digest.starts_with("sha256:"));

  auto guessed = with_given_base(image(), "");
  REQUIRE(guessed);
  CHECK_FALSE(guessed->base);
  CHECK(add_runtime_stage(*guessed, debian(), test::embedded_rules()).empty());
  REQUIRE(guessed->base);
  CHECK(guessed->base->name == "debian:bookworm");
  CHECK(guessed->base->layers == 1);
}

TEST_CASE("another version of the base gives the layers that are shared") {
  const auto given = with_base({"a", "c", "d"});
  REQUIRE(given);
  CHECK(given->base->layers == 1);
  CHECK(given->base->own_layers == 3);
}

TEST_CASE("a base that cannot be the image's is an error that names both") {
  const auto other = with_base({"x", "b"});
  REQUIRE_FALSE(other);
  CHECK(other.error().reason == "base-not-shared");
  CHECK(other.error().path == "node:20");
  CHECK(other.error().message.find("shop:1") != std::string::npos);
  CHECK(reason_of(with_base({"a"}, "arm64")) == "base-of-other-platform");
  CHECK(reason_of(with_base({})) == "base-is-no-image");
  CHECK(reason_of(with_given_base(image(), "docker-archive:none.tar")) != "none");
  CHECK(reason_of(with_given_base(image(), "tape:x")) == "no-such-source");
  const test::TemporaryFolder folder;
  CHECK(reason_of(with_given_base(image(), "dir:" + folder.path())) == "base-is-no-image");
}

TEST_CASE("an entry point that is not in the image is a problem") {
  model::SourceInfo info = image();
  info.config.cmd = {"/app/none"};
  const auto problems = add_runtime_stage(info, debian(), test::embedded_rules());
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].code == "entrypoint-not-found");
  CHECK(info.program.size() == 1);
  info.platform = "windows/amd64";
  CHECK(add_runtime_stage(info, debian(), test::embedded_rules()).empty());
}

}  // namespace muslcheck::scan
