// What reading counts, so that somebody else can say how far it is.

#include "muslcheck/core/progress.hpp"

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "muslcheck/source/source.hpp"
#include "support/catch.hpp"
#include "support/gzip.hpp"
#include "support/layout_builder.hpp"
#include "support/source_listing.hpp"
#include "support/tar_builder.hpp"
#include "support/temporary_folder.hpp"
#include "support/zstd.hpp"
#include "unit/source/sample_layouts.hpp"

using namespace muslcheck;
using test::LayoutBuilder;
using test::Opened;
using test::TarBuilder;
using test::TemporaryFolder;

namespace {

/// Bytes that do not compress.
std::string noise(std::size_t size) {
  std::mt19937 random(1);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::uint64_t total_of(const source::Source& source) {
  std::uint64_t total = 0;
  for (const auto& layer : source.info().layers) total += layer.size;
  return total;
}

/// A layout of one image.
std::string layout_of(const std::vector<std::string>& layers) {
  LayoutBuilder layout;
  const std::string manifest = layout.image("amd64", layers);
  return layout.index(test::index_of({test::descriptor(test::kOciManifest, manifest)})).tar();
}

Opened open_counting(const TemporaryFolder& folder, const std::string& tar,
                     core::Progress& progress) {
  return test::open_tar(folder, tar, {.progress = &progress});
}

}  // namespace

TEST_CASE("the bytes of all layers add up to what is stored, whatever their form") {
  const std::string tar = TarBuilder().directory("d").file("d/a", noise(3'000'000)).finish();
  const TemporaryFolder folder;
  core::Progress progress;
  const auto opened = open_counting(
      folder,
      layout_of({tar, test::gzip(tar), test::zstd(tar), test::gzip(tar).substr(0, 1'000'000),
                 "no tar", "", std::string("\x1f\x8b rubbish")}),
      progress);
  REQUIRE(opened);
  const std::uint64_t total = total_of(**opened);
  CHECK(total > 9'000'000);
  std::uint64_t so_far = 0;
  for (std::size_t index = 0; index < (*opened)->info().layers.size(); ++index) {
    CAPTURE(index);
    CHECK(progress.bytes_done == so_far);
    test::list_layer(**opened, index);
    so_far += (*opened)->info().layers[index].size;
  }
  CHECK(progress.bytes_done == total);
  CHECK(progress.files_done == 8);  // four times a folder and a file
}

TEST_CASE("a layer that is absent counts with the size that it is said to have") {
  LayoutBuilder layout;
  const std::string absent = test::layer("absent");
  const std::string manifest = layout.image("amd64", {absent, test::layer("there")});
  layout.remove(test::path_of(absent));
  layout.index(test::index_of({test::descriptor(test::kOciManifest, manifest)}));
  const TemporaryFolder folder;
  core::Progress progress;
  const auto opened = open_counting(folder, layout.tar(), progress);
  REQUIRE(opened);
  CHECK(test::list_layer(**opened, 0).error == "layer-missing");
  CHECK(progress.bytes_done == absent.size());
  test::list_layer(**opened, 1);
  CHECK(progress.bytes_done == total_of(**opened));
}

TEST_CASE("bytes count while a layer is read, not only at its end") {
  const std::string tar = TarBuilder()
                              .file("large", noise(6'000'000))
                              .file("middle", "")
                              .file("behind", noise(6'000'000))
                              .file("end", "")
                              .finish();
  for (const std::string& stored : {tar, test::gzip(tar), test::zstd(tar)}) {
    const TemporaryFolder folder;
    core::Progress progress;
    const auto opened = open_counting(folder, layout_of({stored}), progress);
    REQUIRE(opened);
    core::InlineTasks tasks;
    std::vector<model::Problem> problems;
    std::vector<double> shares;
    const auto visit = [&](const model::FileEntry&, source::Content&) -> core::Result<void> {
      shares.push_back(static_cast<double>(progress.bytes_done) /
                       static_cast<double>(stored.size()));
      return {};
    };
    REQUIRE((*opened)->read_layer(0, visit, problems, tasks));
    REQUIRE(shares.size() == 4);
    CHECK(shares[0] < 0.3);
    CHECK(shares[2] > 0.3);
    CHECK(shares[2] < 0.7);
    CHECK(progress.bytes_done == stored.size());
  }
}

TEST_CASE("one large file in a compressed layer counts piece by piece") {
  const std::string stored = test::gzip(TarBuilder().file("large", noise(6'000'000)).finish());
  const TemporaryFolder folder;
  core::Progress progress;
  const auto opened = open_counting(folder, layout_of({stored}), progress);
  REQUIRE(opened);
  core::InlineTasks tasks;
  std::vector<model::Problem> problems;
  std::uint64_t before = 0;
  std::uint64_t behind = 0;
  const auto visit = [&](const model::FileEntry&, source::Content& content) -> core::Result<void> {
    before = progress.bytes_done;
    static_cast<void>(content.all());
    behind = progress.bytes_done;
    return {};
  };
  REQUIRE((*opened)->read_layer(0, visit, problems, tasks));
  CHECK(before < 2'000'000);
  CHECK(behind > 5'000'000);
}

TEST_CASE("a folder counts its files and their bytes") {
  const TemporaryFolder folder;
  folder.write("a", "12345");
  folder.write("d/b", "123");
  core::Progress progress;
  const auto opened =
      source::open_source({source::Kind::directory, folder.path()}, {.progress = &progress});
  REQUIRE(opened);
  CHECK(total_of(**opened) == 0);
  test::list_layer(**opened);
  CHECK(progress.bytes_done == 8);
  CHECK(progress.files_done == 3);
}

TEST_CASE("a single file counts as one") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a",
                                        "\x7f"
                                        "ELF and more");
  core::Progress progress;
  const auto opened = source::open_source({source::Kind::file, file}, {.progress = &progress});
  REQUIRE(opened);
  test::list_layer(**opened);
  CHECK(progress.bytes_done == total_of(**opened));
  CHECK(progress.files_done == 1);
}
