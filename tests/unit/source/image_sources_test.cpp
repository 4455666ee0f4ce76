#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/source/source.hpp"
#include "source/image_files.hpp"
#include "source/listed_image.hpp"
#include "support/catch.hpp"
#include "support/gzip.hpp"
#include "support/layout_builder.hpp"
#include "support/source_listing.hpp"
#include "support/tar_builder.hpp"
#include "support/temporary_folder.hpp"

using namespace muslcheck;
using source::Kind;
using source::OpenOptions;
using test::descriptor;
using test::digest_of;
using test::index_of;
using test::kOciIndex;
using test::kOciManifest;
using test::LayoutBuilder;
using test::path_of;
using test::platform;
using test::ref_name;
using test::TarBuilder;
using test::TemporaryFolder;
using Texts = std::vector<std::string>;
using Opened = core::Result<std::unique_ptr<source::Source>>;

namespace {

constexpr const char* kForeign = "application/vnd.oci.image.layer.nondistributable.v1.tar";

/// A layer with one file of this name.
std::string layer(const std::string& name) { return TarBuilder().file(name, name).finish(); }

Opened open_tar(const TemporaryFolder& folder, const std::string& bytes, const OpenOptions& options,
                Kind kind = Kind::oci_archive) {
  return source::open_source({kind, folder.write("image.tar", bytes)}, options);
}

/// The names of the files in all layers, or the reason why there are none.
std::string files_of(Opened& opened) {
  if (!opened) return opened.error().reason;
  std::string files;
  for (std::size_t i = 0; i < (*opened)->info().layers.size(); ++i) {
    const test::Listing listing = test::list_layer(**opened, i);
    files += files.empty() ? "" : " ";
    files += listing.error.empty() ? core::join(listing.paths(), ",") : listing.error;
  }
  return files;
}

std::string files_of(const std::string& bytes, const OpenOptions& options = {},
                     Kind kind = Kind::oci_archive) {
  const TemporaryFolder folder;
  Opened opened = open_tar(folder, bytes, options, kind);
  return files_of(opened);
}

std::string message_of(const std::string& bytes, const OpenOptions& options = {},
                       Kind kind = Kind::oci_archive) {
  const TemporaryFolder folder;
  const Opened opened = open_tar(folder, bytes, options, kind);
  return opened ? "" : opened.error().message;
}

Texts problem_codes(const source::Source& source) {
  Texts codes;
  for (const auto& problem : source.problems()) codes.push_back(problem.code);
  return codes;
}

/// One image of two layers, named.
LayoutBuilder simple_layout() {
  LayoutBuilder layout;
  const std::string manifest = layout.image("amd64", {layer("one"), layer("two")});
  return layout.index(index_of({descriptor(kOciManifest, manifest, ref_name("shop:1"))}));
}

/// An index in the index, for two platforms, with an attestation, a signature and an unknown thing.
LayoutBuilder two_platforms() {
  LayoutBuilder layout;
  const std::string riscv = layout.image("riscv64", {layer("riscv")});
  const std::string power = layout.image("ppc64le", {layer("power")});
  const std::string statement = layout.blob(R"({"config": {}, "layers": [{}]})");
  const std::string chart = layout.blob(
      R"({"config": {"mediaType": "application/vnd.cncf.helm.config.v1+json"}, "layers": []})");
  const std::string nested = layout.blob(index_of(
      {descriptor("application/x-unknown", "unknown"),
       descriptor(kOciManifest, statement,
                  R"(, "platform": {"os": "unknown", "architecture": "unknown"})"),
       descriptor(kOciManifest, statement,
                  R"(, "annotations": {"vnd.docker.reference.type": "attestation-manifest"})"),
       descriptor(kOciManifest, chart), descriptor(kOciManifest, riscv, platform("riscv64")),
       descriptor(kOciManifest, power, platform("ppc64le")),
       descriptor(kOciManifest, "absent", platform("s390x"))}));
  return layout.index(index_of({descriptor(kOciIndex, nested, ref_name("shop:1"))}));
}

std::string docker_manifest(const std::string& config, const Texts& layers,
                            const std::string& tags = R"(["shop:1"])") {
  std::string list;
  for (const std::string& path : layers)
    list += std::string(list.empty() ? "" : ", ") + "\"" + path + "\"";
  return R"([{"Config": ")" + config + R"(", "RepoTags": )" + tags + R"(, "Layers": [)" + list +
         "]}]";
}

/// The configuration that LayoutBuilder::image makes for two layers.
std::string config_of(const std::string& architecture, const Texts& layers) {
  std::string diff_ids;
  for (const std::string& text : layers)
    diff_ids += std::string(diff_ids.empty() ? "" : ", ") + "\"" + digest_of(text) + "\"";
  return R"({"os": "linux", "architecture": ")" + architecture + R"(", "rootfs": {"diff_ids": [)" +
         diff_ids + "]}}";
}

/// What Docker 25 and newer save: both descriptions of one image.
LayoutBuilder docker_25() {
  LayoutBuilder layout = simple_layout();
  const std::string config = config_of("amd64", {layer("one"), layer("two")});
  return layout.file("manifest.json", docker_manifest(path_of(config), {path_of(layer("one")),
                                                                        path_of(layer("two"))}));
}

}  // namespace

TEST_CASE("a layout is read from a tar, a compressed tar and a folder alike") {
  const TemporaryFolder folder;
  const LayoutBuilder layout = simple_layout();
  layout.write(folder, "layout");
  const std::string tar = folder.write("layout.tar", layout.tar());
  const std::string packed = folder.write("layout.tgz", test::gzip(layout.tar()));
  struct Row {
    std::string reference;
    const char* kind;
  };
  for (const Row& row :
       {Row{"oci-dir:" + (folder / "layout"), "oci-dir"}, Row{folder / "layout", "oci-dir"},
        Row{"oci-archive:" + tar, "oci-archive"}, Row{tar, "oci-archive"},
        Row{"oci-archive:" + packed, "oci-archive"}, Row{packed, "oci-archive"},
        Row{"docker-archive:" + tar, "docker-archive"}}) {
    INFO(row.reference);
    const auto reference = source::parse_reference(row.reference);
    REQUIRE(reference);
    Opened opened = source::open_source(*reference);
    REQUIRE(opened);
    const model::SourceInfo& info = (*opened)->info();
    CHECK(info.kind == row.kind);
    CHECK(info.name == "shop:1");
    CHECK(info.platform == "linux/amd64");
    CHECK(info.digest == digest_of(config_of("amd64", {layer("one"), layer("two")})));
    REQUIRE(info.layers.size() == 2);
    CHECK(info.layers[1].digest == digest_of(layer("two")));
    CHECK(info.layers[1].blob_digest == digest_of(layer("two")));
    CHECK(info.layers[1].media_type == test::kOciLayer);
    CHECK(info.layers[1].size == layer("two").size());
    CHECK((*opened)->problems().empty());
    CHECK(files_of(opened) == "one two");
  }
}

TEST_CASE("a bare archive is recognised by what it holds") {
  const std::string config = config_of("amd64", {});
  struct Row {
    const char* name;
    std::string bytes;
    const char* expected;
  };
  for (const Row& row : std::vector<Row>{
           {"both", docker_25().tar(), "docker-archive"},
           {"index only", simple_layout().tar(), "oci-archive"},
           {"manifest only",
            LayoutBuilder().file("manifest.json", docker_manifest("c", {})).file("c", config).tar(),
            "docker-archive"},
           {"neither", TarBuilder().file("x", "").finish(), "manifest-missing"}}) {
    INFO(row.name);
    const TemporaryFolder folder;
    const Opened opened = open_tar(folder, row.bytes, {}, Kind::archive);
    CHECK((opened ? (*opened)->info().kind : opened.error().reason) == row.expected);
  }
}

TEST_CASE("only a folder with both files of a layout is one") {
  const TemporaryFolder folder;
  folder.write("a/oci-layout", "{}");
  folder.write("b/index.json", "{}");
  std::filesystem::create_directories(folder / "c/oci-layout");
  folder.write("c/index.json", "{}");
  for (const char* name : {"a", "b", "c"})
    CHECK(source::parse_reference(folder / name)->kind == Kind::directory);
  folder.write("a/index.json", "{}");
  CHECK(source::parse_reference(folder / "a")->kind == Kind::oci_dir);
}

TEST_CASE("a nested index leads to its platforms; what is no image is passed over") {
  const std::string tar = two_platforms().tar();
  CHECK(files_of(tar, {.image = "", .platform = "linux/riscv64"}) == "riscv");
  CHECK(files_of(tar, {.image = "", .platform = "linux/ppc64le"}) == "power");
  CHECK(files_of(tar, {.image = "shop:1", .platform = "linux/ppc64le"}) == "power");
  CHECK(message_of(tar) ==
        "is for 2 platforms (linux/riscv64, linux/ppc64le); choose one with --platform");
  CHECK(message_of(tar, {.image = "", .platform = "linux/amd64"}) ==
        "has no platform linux/amd64; it is for linux/riscv64, linux/ppc64le");
  CHECK(files_of(tar, {.image = "", .platform = "linux/s390x"}) == "manifest-missing");
}

TEST_CASE("of several platforms the machine's own is taken") {
  LayoutBuilder layout;
  const std::string host(source::host_platform());
  const std::string other = layout.image("mips64le", {layer("other")});
  const std::string own = layout.image(host.substr(host.find('/') + 1), {layer("own")});
  layout.index(index_of({descriptor(kOciManifest, other), descriptor(kOciManifest, own)}));
  // Neither descriptor says its platform, so they might be two images: they are two.
  CHECK(files_of(layout.tar()) == "several-images");
  const std::string nested =
      layout.blob(index_of({descriptor(kOciManifest, other), descriptor(kOciManifest, own)}));
  CHECK(files_of(layout.index(index_of({descriptor(kOciIndex, nested)})).tar()) == "own");
}

TEST_CASE("one of several images is chosen by name or digest") {
  LayoutBuilder layout;
  const std::string first = layout.image("amd64", {layer("first")});
  const std::string second = layout.image("amd64", {layer("second")});
  layout.index(index_of({descriptor(kOciManifest, first, ref_name("first:1")),
                         descriptor(kOciManifest, first, ref_name("also:1")),
                         descriptor(kOciManifest, second)}));
  const std::string tar = layout.tar();
  CHECK(message_of(tar) ==
        "holds 2 images (first:1, " + digest_of(second) + "); choose one with --image");
  CHECK(files_of(tar, {.image = "first:1", .platform = ""}) == "first");
  CHECK(files_of(tar, {.image = "also:1", .platform = ""}) == "first");
  CHECK(files_of(tar, {.image = digest_of(second), .platform = ""}) == "second");
  CHECK(files_of(tar, {.image = digest_of(second).substr(7, 12), .platform = ""}) == "second");
  CHECK(files_of(tar, {.image = "third", .platform = ""}) == "image-not-found");
}

TEST_CASE("an index without a name may hold images that have one") {
  LayoutBuilder layout;
  const std::string first = layout.image("amd64", {layer("first")});
  const std::string second = layout.image("amd64", {layer("second")});
  const std::string nested =
      layout.blob(index_of({descriptor(kOciManifest, first, ref_name("first:1")),
                            descriptor(kOciManifest, second, ref_name("second:1"))}));
  const std::string tar = layout.index(index_of({descriptor(kOciIndex, nested)})).tar();
  CHECK(files_of(tar) == "several-images");
  CHECK(files_of(tar, {.image = "second:1", .platform = ""}) == "second");
}

TEST_CASE("a name that is only a tag stands behind the place") {
  const TemporaryFolder folder;
  LayoutBuilder layout;
  const std::string manifest = layout.image("amd64", {layer("one")});
  layout.index(index_of({descriptor(kOciManifest, manifest, ref_name("1.4"))}));
  const Opened opened = open_tar(folder, layout.tar(), {});
  REQUIRE(opened);
  CHECK((*opened)->info().name == (folder / "image.tar") + ":1.4");
}

TEST_CASE("--image and folders do not go together") {
  const TemporaryFolder folder;
  const auto opened =
      source::open_source({Kind::directory, folder.path()}, {.image = "x", .platform = ""});
  REQUIRE(!opened);
  CHECK(opened.error().reason == "no-images-to-choose");
  CHECK(source::open_source({Kind::directory, folder.path()},
                            {.image = "", .platform = "linux/amd64"}));
}

TEST_CASE("a docker archive of another platform than the one wanted says which it is for") {
  CHECK(message_of(docker_25().tar(), {.image = "", .platform = "linux/s390x"},
                   Kind::docker_archive) == "has no platform linux/s390x; it is for linux/amd64");
  CHECK(files_of(docker_25().tar(), {.image = "", .platform = "linux/amd64"},
                 Kind::docker_archive) == "one two");
}

TEST_CASE("Docker's media types lead to an image as OCI's do") {
  LayoutBuilder layout;
  const std::string manifest = layout.image("amd64", {layer("one")});
  const std::string nested = layout.blob(
      index_of({descriptor("application/vnd.docker.distribution.manifest.v2+json", manifest)}));
  layout.index(
      index_of({descriptor("application/vnd.docker.distribution.manifest.list.v2+json", nested)}));
  CHECK(files_of(layout.tar()) == "one");
}

TEST_CASE("layers that are absent are problems of their own") {
  LayoutBuilder layout;
  const std::string there = layout.blob(layer("there"));
  const std::string config =
      layout.blob(config_of("amd64", {there, layer("lost"), layer("foreign")}));
  const std::string manifest = layout.blob(R"({"config": )" + descriptor(test::kOciConfig, config) +
                                           R"(, "layers": [)" + descriptor(test::kOciLayer, there) +
                                           "," + descriptor(test::kOciLayer, layer("lost")) + "," +
                                           descriptor(kForeign, layer("foreign")) + "]}");
  layout.index(index_of({descriptor(kOciManifest, manifest)}));
  CHECK(files_of(layout.tar()) == "there layer-missing layer-foreign");
  const TemporaryFolder folder;
  layout.write(folder, "layout");
  Opened opened = source::open_source({Kind::oci_dir, folder / "layout"});
  REQUIRE(opened);
  CHECK((*opened)->info().layers[1].size == layer("lost").size());
  CHECK(files_of(opened) == "there layer-missing layer-foreign");
  std::vector<model::Problem> problems;
  const auto result = (*opened)->read_layer(1, {}, problems);
  REQUIRE(!result);
  CHECK(result.error().message.find(digest_of(layer("lost"))) != std::string::npos);
  // What is foreign and there all the same is read.
  layout.blob(layer("foreign"));
  CHECK(files_of(layout.tar()) == "there layer-missing foreign");
}

TEST_CASE("what an index names must be what it says") {
  LayoutBuilder layout;
  const std::string manifest = layout.image("amd64", {layer("one")});
  const std::string config = config_of("amd64", {layer("one")});
  const std::string named = index_of({descriptor(kOciManifest, manifest)});
  struct Row {
    const char* name;
    LayoutBuilder layout;
    const char* expected;
  };
  std::string other_size = named;
  other_size.replace(other_size.find("\"size\": "), 8, "\"size\": 1");
  std::string bad_digest = named;
  bad_digest.replace(bad_digest.find("sha256:"), 7, "sha256:../");
  std::string md5 = named;
  md5.replace(md5.find("sha256:"), 7 + 64, "md5:d41d8cd98f00b204e9800998ecf8427e");
  std::string changed = manifest;
  changed.back() = ' ';
  for (const Row& row : std::vector<Row>{
           {"right", LayoutBuilder(layout).index(named), "one"},
           {"manifest", LayoutBuilder(layout).index(named).file(path_of(manifest), changed),
            "digest-mismatch"},
           {"config",
            LayoutBuilder(layout).index(named).file(path_of(config),
                                                    std::string(config.size(), ' ')),
            "digest-mismatch"},
           {"size", LayoutBuilder(layout).index(other_size), "size-mismatch"},
           {"no digest", LayoutBuilder(layout).index(bad_digest), "digest-invalid"},
           {"unknown algorithm", LayoutBuilder(layout).index(md5), "digest-invalid"},
           {"no manifest", LayoutBuilder(layout).index(named).remove(path_of(manifest)),
            "manifest-missing"},
           {"no config", LayoutBuilder(layout).index(named).remove(path_of(config)),
            "config-missing"},
           {"no index", LayoutBuilder(layout), "index-missing"},
           {"null index", LayoutBuilder(layout).index(R"({"manifests": null})"), "index-empty"},
           {"empty index", LayoutBuilder(layout).index(index_of({})), "index-empty"},
           {"no JSON", LayoutBuilder(layout).index("{"), "index-invalid"},
           {"a manifest", LayoutBuilder(layout).index(manifest), "index-invalid"}}) {
    INFO(row.name);
    CHECK(files_of(row.layout.tar()) == row.expected);
  }
  const std::string message =
      message_of(LayoutBuilder(layout).index(named).file(path_of(manifest), changed).tar());
  CHECK(message.find(digest_of(manifest)) != std::string::npos);
  CHECK(message.find(digest_of(changed)) != std::string::npos);
}

TEST_CASE("a digest may be of either algorithm") {
  const core::ByteView bytes = core::as_bytes("abc");
  CHECK(source::check_digest(bytes, "sha256:" + core::sha256_hex(bytes)));
  CHECK(source::check_digest(bytes, "sha512:" + core::sha512_hex(bytes)));
  CHECK(core::sha512_hex(bytes).substr(0, 16) == "ddaf35a193617aba");
  CHECK(source::check_digest(bytes, "sha256:aa").error().reason == "digest-mismatch");
  CHECK(source::check_digest(bytes, "sha384:aa").error().reason == "digest-unsupported");
}

TEST_CASE("layers that the configuration does not know are an error") {
  LayoutBuilder layout;
  const std::string config = layout.blob(config_of("amd64", {layer("one")}));
  layout.blob(layer("one"));
  const std::string manifest =
      layout.blob(R"({"config": )" + descriptor(test::kOciConfig, config) + R"(, "layers": [)" +
                  descriptor(test::kOciLayer, layer("one")) + "," +
                  descriptor(test::kOciLayer, layer("one")) + "]}");
  CHECK(files_of(layout.index(index_of({descriptor(kOciManifest, manifest)})).tar()) ==
        "layer-count-mismatch");
}

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

TEST_CASE("no name leads out of a folder") {
  const TemporaryFolder folder;
  simple_layout().write(folder, "layout");
  const std::string blob = folder / ("layout/" + path_of(layer("two")));
  folder.write("outside", layer("outside"));
  std::filesystem::remove(blob);
  std::filesystem::create_symlink(folder / "outside", blob);
  Opened opened = source::open_source({Kind::oci_dir, folder / "layout"});
  CHECK(files_of(opened) == "one link-in-layout");
  std::filesystem::rename(folder / "layout/blobs", folder / "elsewhere");
  std::filesystem::create_directory_symlink(folder / "elsewhere", folder / "layout/blobs");
  Opened linked = source::open_source({Kind::oci_dir, folder / "layout"});
  CHECK(files_of(linked) == "link-in-layout");
  // The folder itself may be reached by a link: the user named it.
  TemporaryFolder other;
  simple_layout().write(other, "layout");
  std::filesystem::create_directory_symlink("layout", other / "link");
  Opened by_link = source::open_source({Kind::oci_dir, other / "link"});
  CHECK(files_of(by_link) == "one two");
}

TEST_CASE("a blob that is a folder is no file") {
  const TemporaryFolder folder;
  simple_layout().remove(path_of(layer("two"))).write(folder, "layout");
  std::filesystem::create_directories(folder / ("layout/" + path_of(layer("two"))));
  Opened opened = source::open_source({Kind::oci_dir, folder / "layout"});
  CHECK(files_of(opened) == "one not-a-regular-file");
}

TEST_CASE("of two descriptions the whole one is followed, and what contradicts it is a problem") {
  const std::string one = layer("one");
  const std::string two = layer("two");
  const std::string config = config_of("amd64", {one, two});
  const std::string path = path_of(config);
  const std::string no_layers = docker_manifest(path, {});
  const std::string lost = docker_manifest(path, {path_of(one), path_of("lost")});
  LayoutBuilder other_image;
  const std::string other = other_image.image("amd64", {one});
  const auto swap = [&](const std::string& index) {
    return LayoutBuilder(docker_25()).index(index);
  };
  const std::string hollow =
      R"({"config": )" + descriptor(test::kOciConfig, config) + R"(, "layers": []})";
  struct Row {
    const char* name;
    LayoutBuilder layout;
    const char* expected;
    Texts problems;
  };
  const auto manifest = [](const std::string& text) {
    return LayoutBuilder(docker_25()).file("manifest.json", text);
  };
  const Texts disagrees{"manifest-disagrees"};
  for (const Row& row : std::vector<Row>{
           {"both agree", docker_25(), "one two", {}},
           {"no manifest.json", docker_25().remove("manifest.json"), "one two", {}},
           {"null manifest.json", manifest("null"), "one two", {}},
           {"empty manifest.json", manifest("[]"), "one two", {}},
           {"broken manifest.json", manifest("{"), "manifest-invalid", {}},
           {"manifest.json without layers", manifest(no_layers), "one two", disagrees},
           {"manifest.json names what is not there", manifest(lost), "one two", disagrees},
           {"manifest.json names no configuration that is there",
            manifest(docker_manifest("gone.json", {path_of(one)})), "one two", disagrees},
           {"null index, moby#47210", swap(R"({"manifests": null})"), "one two", {}},
           {"no index", docker_25().remove("index.json"), "one two", {}},
           {"broken index", swap("{"), "one two", disagrees},
           {"the index's manifest is absent",
            swap(index_of({descriptor(kOciManifest, "absent")})),
            "one two",
            {}},
           {"OCI manifest without layers, moby#47065",
            swap(index_of({descriptor(kOciManifest, hollow)})).file(path_of(hollow), hollow),
            "one two",
            {}},
           {"another image in the index",
            LayoutBuilder(docker_25())
                .index(index_of({descriptor(kOciManifest, other)}))
                .file(path_of(other), other),
            "one two", disagrees},
           {"other layers in manifest.json",
            manifest(docker_manifest(path, {path_of(two), path_of(one)})), "two one", disagrees},
           {"neither is whole", docker_25().remove(path_of(two)), "one layer-missing", {}},
       }) {
    INFO(row.name);
    const TemporaryFolder folder;
    Opened opened = open_tar(folder, row.layout.tar(), {}, Kind::docker_archive);
    CHECK(files_of(opened) == row.expected);
    if (opened) CHECK(problem_codes(**opened) == row.problems);
  }
}

TEST_CASE("manifest.json has one platform, the index beside it may have more") {
  LayoutBuilder layout;
  const std::string amd = layout.image("amd64", {layer("amd")});
  const std::string riscv = layout.image("riscv64", {layer("riscv")});
  const std::string nested =
      layout.blob(index_of({descriptor(kOciManifest, amd, platform("amd64")),
                            descriptor(kOciManifest, riscv, platform("riscv64")),
                            descriptor(kOciManifest, "absent", platform("s390x"))}));
  layout.index(index_of(
      {descriptor(kOciIndex, nested,
                  R"(, "annotations": {"io.containerd.image.name": "docker.io/library/shop:1",
                           "org.opencontainers.image.ref.name": "1"})")}));
  layout.file("manifest.json", docker_manifest(path_of(config_of("amd64", {layer("amd")})),
                                               {path_of(layer("amd"))}));
  const std::string tar = layout.tar();
  const auto files = [&](const std::string& image, const std::string& wanted) {
    return files_of(tar, {.image = image, .platform = wanted}, Kind::docker_archive);
  };
  CHECK(files("", "") == "amd");
  CHECK(files("shop:1", "") == "amd");
  CHECK(files("", "linux/riscv64") == "riscv");
  CHECK(files("docker.io/library/shop:1", "linux/riscv64") == "riscv");
  CHECK(files(digest_of(riscv).substr(7, 12), "") == "riscv");
  CHECK(files("", "linux/s390x") == "platform-not-found");
  CHECK(files("other", "") == "image-not-found");
}

TEST_CASE("a docker archive of several images gives the one that is wanted") {
  const std::string one = config_of("amd64", {layer("one")});
  const std::string two = config_of("amd64", {layer("two")});
  const std::string tar = LayoutBuilder()
                              .file("a.json", one)
                              .file("b.json", two)
                              .file("a/layer.tar", layer("one"))
                              .file("b/layer.tar", layer("two"))
                              .file("manifest.json", R"([
            {"Config": "a.json", "RepoTags": ["a:1", "a:2"], "Layers": ["a/layer.tar"]},
            {"Config": "b.json", "RepoTags": ["b:latest"], "Layers": ["b/layer.tar"]}])")
                              .tar();
  const auto files = [&](const std::string& image) {
    return files_of(tar, {.image = image, .platform = ""}, Kind::docker_archive);
  };
  CHECK(files("") == "several-images");
  CHECK(files("a:2") == "one");
  CHECK(files("b") == "two");
  CHECK(files("c") == "image-not-found");
}

TEST_CASE("a configuration that is named by its digest must have it") {
  const std::string config = config_of("amd64", {layer("one")});
  const std::string hex = digest_of(config).substr(7);
  const auto archive = [&](const std::string& path, const std::string& content) {
    return LayoutBuilder()
        .file(path, content)
        .file("l.tar", layer("one"))
        .file("manifest.json", docker_manifest(path, {"l.tar"}))
        .tar();
  };
  for (const std::string& path : {hex + ".json", "blobs/sha256/" + hex}) {
    CHECK(files_of(archive(path, config), {}, Kind::docker_archive) == "one");
    CHECK(files_of(archive(path, config + " "), {}, Kind::docker_archive) == "digest-mismatch");
  }
}

TEST_CASE("docker archives say which layers are foreign") {
  const std::string config = config_of("amd64", {layer("foreign"), layer("one")});
  const std::string manifest = R"([{"Config": "c", "Layers": [")" + path_of(layer("foreign")) +
                               R"(", "l.tar"],
           "LayerSources": {"x": )" +
                               descriptor(kForeign, layer("foreign")) + "}}]";
  const std::string tar = LayoutBuilder()
                              .file("c", config)
                              .file("l.tar", layer("one"))
                              .file("manifest.json", manifest)
                              .tar();
  CHECK(files_of(tar, {}, Kind::docker_archive) == "layer-foreign one");
}

TEST_CASE("a history of other layers than there are ascribes none, and says so") {
  struct Row {
    const char* history;
    Texts problems;
    Texts created_by;
  };
  const std::string empty = R"({"created_by": "ENV", "empty_layer": true})";
  for (const Row& row :
       std::vector<Row>{{R"([{"created_by": "A"}, {"created_by": "E", "empty_layer": true},
                {"created_by": "B"}])",
                         {},
                         {"A", "B"}},
                        {R"([])", {}, {"", ""}},
                        {R"([{"created_by": "E", "empty_layer": true}])", {}, {"", ""}},
                        {R"([{"created_by": "A"}])", {"history-mismatch"}, {"", ""}},
                        {R"([{"created_by": "A"}, {"created_by": "B"}, {"created_by": "C"}])",
                         {"history-mismatch"},
                         {"", ""}}}) {
    INFO(row.history);
    const TemporaryFolder folder;
    const std::string tar = LayoutBuilder()
                                .file("c", std::string(R"({"history": )") + row.history + "}")
                                .file("l.tar", layer("one"))
                                .file("manifest.json", docker_manifest("c", {"l.tar", "l.tar"}))
                                .tar();
    const Opened opened = open_tar(folder, tar, {}, Kind::docker_archive);
    REQUIRE(opened);
    CHECK(problem_codes(**opened) == row.problems);
    Texts created_by;
    for (const auto& info : (*opened)->info().layers) created_by.push_back(info.created_by);
    CHECK(created_by == row.created_by);
  }
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

TEST_CASE("an archive cut in the middle of its files says that it is cut") {
  const std::string whole = two_platforms().tar();
  for (const char* name : {"index.json", "oci-layout"}) {
    const std::string cut = whole.substr(0, whole.find(name) + 100);
    INFO(name);
    const std::string reason =
        files_of(cut, {.image = "", .platform = "linux/riscv64"}, Kind::archive);
    CHECK(reason == (std::string(name) == "index.json" ? "archive-truncated" : "riscv"));
  }
}
