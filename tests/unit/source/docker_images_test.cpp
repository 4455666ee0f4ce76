#include <string>

#include "source/listed_image.hpp"
#include "support/catch.hpp"
#include "unit/source/sample_layouts.hpp"

using namespace muslcheck;
using namespace muslcheck::test;  // NOLINT: all of it is about layouts

TEST_CASE("a docker archive of another platform than the one wanted says which it is for") {
  CHECK(message_of(docker_25().tar(), {.image = "", .platform = "linux/s390x"},
                   Kind::docker_archive) == "has no platform linux/s390x; it is for linux/amd64");
  CHECK(files_of(docker_25().tar(), {.image = "", .platform = "linux/amd64"},
                 Kind::docker_archive) == "one two");
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

TEST_CASE("another platform does not stand in for the one of manifest.json") {
  LayoutBuilder layout;
  const std::string host(source::host_platform());
  const std::string lost = layout.image("mips64le", {layer("one"), layer("lost")});
  const std::string own = layout.image(host.substr(host.find('/') + 1), {layer("own")});
  const std::string nested =
      layout.blob(index_of({descriptor(kOciManifest, lost), descriptor(kOciManifest, own)}));
  layout.index(index_of({descriptor(kOciIndex, nested)}));
  const std::string config = config_of("mips64le", {layer("one"), layer("lost")});
  layout.remove(path_of(layer("lost")));
  layout.file("manifest.json",
              docker_manifest(path_of(config), {path_of(layer("one")), path_of(layer("lost"))}));
  CHECK(files_of(layout.tar(), {}, Kind::docker_archive) == "one layer-missing");
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
  const TemporaryFolder folder;
  const Opened opened = open_tar(folder, tar, {.image = "a:2", .platform = ""}, Kind::archive);
  REQUIRE(opened);
  CHECK((*opened)->info().name == "a:2");
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
