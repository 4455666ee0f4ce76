#include <filesystem>
#include <string>

#include "muslcheck/core/digest.hpp"
#include "source/image_files.hpp"
#include "source/listed_image.hpp"
#include "support/catch.hpp"
#include "support/gzip.hpp"
#include "unit/source/sample_layouts.hpp"

using namespace muslcheck;
using namespace muslcheck::test;  // NOLINT: all of it is about layouts

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

TEST_CASE("one manifest may be there for two variants of a platform") {
  LayoutBuilder layout;
  const std::string manifest = layout.image("arm", {layer("arm")});
  const auto variant = [&](const std::string& name) {
    return descriptor(
        kOciManifest, manifest,
        R"(, "platform": {"os": "linux", "architecture": "arm", "variant": ")" + name + "\"}");
  };
  const std::string nested = layout.blob(index_of({variant("v6"), variant("v7")}));
  const std::string tar = layout.index(index_of({descriptor(kOciIndex, nested)})).tar();
  CHECK(files_of(tar, {.image = "", .platform = "linux/arm/v6"}) == "arm");
  CHECK(files_of(tar, {.image = "", .platform = "linux/arm/v7"}) == "arm");
}

TEST_CASE("charts and signatures beside an image are not images to choose from") {
  LayoutBuilder layout;
  const std::string manifest = layout.image("amd64", {layer("one")});
  const std::string chart = layout.blob(
      R"({"config": {"mediaType": "application/vnd.cncf.helm.config.v1+json"}, "layers": []})");
  layout.index(index_of({descriptor(kOciManifest, chart, ref_name("chart:1")),
                         descriptor(kOciManifest, manifest, ref_name("shop:1"))}));
  CHECK(files_of(layout.tar()) == "one");
  CHECK(files_of(layout.index(index_of({descriptor(kOciManifest, chart)})).tar()) == "index-empty");
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
  core::InlineTasks tasks;
  const auto result = (*opened)->read_layer(1, {}, problems, tasks);
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
