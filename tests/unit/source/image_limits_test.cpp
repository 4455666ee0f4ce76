#include <string>

#include "muslcheck/core/limits.hpp"
#include "source/image_files.hpp"
#include "source/oci_documents.hpp"
#include "support/catch.hpp"
#include "support/gzip.hpp"
#include "unit/source/sample_layouts.hpp"

using namespace muslcheck;
using namespace muslcheck::test;  // NOLINT: all of it is about layouts

TEST_CASE("indexes are followed to a depth, and to a number of images") {
  LayoutBuilder layout;
  std::string content = layout.image("amd64", {layer("deep")});
  std::string type(kOciManifest);
  for (int depth = 1; depth < core::limits::kMaxIndexDepth; ++depth) {
    content = layout.blob(index_of({descriptor(type, content)}));
    type = kOciIndex;
  }
  CHECK(files_of(layout.index(index_of({descriptor(type, content)})).tar()) == "deep");
  content = layout.blob(index_of({descriptor(type, content)}));
  CHECK(files_of(layout.index(index_of({descriptor(type, content)})).tar()) == "index-too-deep");

  // Each index names the next one many times under another name: a thousand ways in three steps.
  LayoutBuilder wide;
  content = wide.image("amd64", {layer("deep")});
  type = kOciManifest;
  for (int depth = 0; depth < 4; ++depth) {
    Texts many;
    for (int i = 0; i < 40; ++i)
      many.push_back(descriptor(type, content, ref_name("n" + std::to_string(i))));
    content = wide.blob(index_of(many));
    type = kOciIndex;
  }
  CHECK(files_of(wide.index(index_of({descriptor(type, content)})).tar()) == "too-many-manifests");
}

TEST_CASE("an image has so many names, of so many bytes") {
  const TemporaryFolder folder;
  LayoutBuilder layout;
  const std::string manifest = layout.image("amd64", {layer("one")});
  Texts names{descriptor(kOciManifest, manifest,
                         ref_name(std::string(core::limits::kMaxImageName + 1, 'x')))};
  for (std::size_t i = 0; i < core::limits::kMaxImageNames + 10; ++i)
    names.push_back(descriptor(kOciManifest, manifest, ref_name("n:" + std::to_string(i))));
  layout.index(index_of(names)).write(folder, "layout");
  const auto store = source::open_folder_blobs(folder / "layout");
  REQUIRE(store);
  source::ImageFiles files(**store);
  const auto images = source::list_oci_images(files);
  REQUIRE(images);
  REQUIRE(images->size() == 1);
  CHECK(images->front().names.size() == core::limits::kMaxImageNames);
  CHECK(images->front().names.front() == "n:0");
}

TEST_CASE("the layers of all images together are bounded") {
  LayoutBuilder layout;
  std::string layers;
  for (std::size_t i = 0; i < core::limits::kMaxLayers; ++i)
    layers += std::string(i == 0 ? "" : ",") + "{}";
  Texts manifests;
  for (std::size_t i = 0; i <= core::limits::kMaxListedLayers / core::limits::kMaxLayers; ++i) {
    const std::string manifest = layout.blob(R"({"n": )" + std::to_string(i) + R"(, "config": {},
      "layers": [)" + layers + "]}");
    manifests.push_back(descriptor(kOciManifest, manifest));
  }
  const TemporaryFolder folder;
  layout.index(index_of(manifests)).write(folder, "layout");
  const auto store = source::open_folder_blobs(folder / "layout");
  REQUIRE(store);
  source::ImageFiles files(**store);
  const auto images = source::list_oci_images(files);
  REQUIRE(images);
  CHECK(!images->front().failure);
  REQUIRE(images->back().failure);
  CHECK(images->back().failure->reason == "too-many-layers");
}

TEST_CASE("the files that describe images are bounded, each and together") {
  const TemporaryFolder folder;
  const std::string large(core::limits::kMaxManifest, ' ');
  folder.write("layout/large", large);
  folder.write("layout/larger", large + " ");
  const auto store = source::open_folder_blobs(folder / "layout");
  REQUIRE(store);
  const auto reason_of = [](const core::Result<std::string>& text) {
    return text ? std::string() : text.error().reason;
  };
  const auto ref = [](const char* path) {
    return source::BlobRef{.path = path, .digest = {}, .size = {}, .media_type = {}};
  };
  source::ImageFiles files(**store);
  CHECK(reason_of(files.read(ref("larger"), "gone")) == "manifest-too-large");
  for (std::uint64_t i = 0; i < core::limits::kMaxImageFiles / core::limits::kMaxManifest; ++i)
    CHECK(reason_of(files.read(ref("large"), "gone")).empty());
  CHECK(reason_of(files.read(ref("large"), "gone")) == "manifest-too-large");
  CHECK(reason_of(files.read(ref("none"), "gone")) == "gone");
}

TEST_CASE("the images and layers of manifest.json are bounded") {
  std::string one = "[";
  for (std::size_t i = 0; i < core::limits::kMaxLayers; ++i)
    one += std::string(i == 0 ? "" : ",") + R"("l")";
  one += "]";
  std::string images;
  for (std::size_t i = 0; i <= core::limits::kMaxListedLayers / core::limits::kMaxLayers; ++i)
    images += std::string(i == 0 ? "" : ",") + R"({"Config": "c", "Layers": )" + one + "}";
  const auto reason = [](const std::string& manifest) {
    return files_of(LayoutBuilder().file("manifest.json", manifest).file("c", "{}").tar(), {},
                    Kind::docker_archive);
  };
  CHECK(reason("[" + images + "]") == "too-many-layers");
  std::string many = R"({"Config": "c"})";
  for (std::size_t i = 0; i < core::limits::kMaxIndexEntries; ++i) many += R"(,{"Config": "c"})";
  CHECK(reason("[" + many + "]") == "too-many-manifests");
}

TEST_CASE("an image of manifest.json has so many names, too") {
  const TemporaryFolder folder;
  Texts names{R"(")" + std::string(core::limits::kMaxImageName + 1, 'x') + R"(")"};
  for (std::size_t i = 0; i < core::limits::kMaxImageNames + 10; ++i)
    names.push_back(R"("n:)" + std::to_string(i) + R"(")");
  folder.write("layout/manifest.json",
               R"([{"Config": "c", "Layers": [], "RepoTags": [)" + core::join(names, ",") + "]}]");
  const auto store = source::open_folder_blobs(folder / "layout");
  REQUIRE(store);
  source::ImageFiles files(**store);
  const auto images = source::list_docker_images(files);
  REQUIRE(images);
  CHECK(images->front().names.size() == core::limits::kMaxImageNames);
  CHECK(images->front().names.front() == "n:0");
}

TEST_CASE("a platform longer than any is none") {
  const auto platform_with = [](std::size_t size) {
    const std::string index = R"({"manifests": [{"platform": {"os": "linux", "architecture": ")" +
                              std::string(size, 'x') + R"("}}]})";
    const auto document = source::parse_oci_document(index);
    REQUIRE(document);
    return std::get<source::OciIndex>(*document).manifests.front().platform;
  };
  CHECK(platform_with(core::limits::kMaxPlatform - 5).size() == core::limits::kMaxPlatform + 1);
  CHECK(platform_with(core::limits::kMaxPlatform - 4).empty());
}

TEST_CASE("what layers may expand to does not grow when one file is many layers") {
  // 2 MiB of zeros in about 2 KiB: within the limit for one layer, and beyond it for each of two
  // hundred that are the same file.
  const std::string packed =
      test::gzip(TarBuilder().file("a", std::string(2U << 20U, '\0')).finish());
  const auto image = [&](std::size_t count) {
    Texts layers(count, R"("l")");
    return LayoutBuilder()
        .file("manifest.json", R"([{"Config": "c", "Layers": [)" + core::join(layers, ",") + "]}]")
        .file("c", "{}")
        .file("l", packed)
        .tar();
  };
  CHECK(files_of(image(1), {}, Kind::docker_archive) == "a");
  CHECK(files_of(image(200), {}, Kind::docker_archive).starts_with("expansion-limit"));
  // Compression as a whole gains nothing either.
  CHECK(files_of(test::gzip(image(200)), {}, Kind::docker_archive).starts_with("expansion-limit"));
}
