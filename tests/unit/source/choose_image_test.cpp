#include <string>
#include <vector>

#include "source/listed_image.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using source::BlobRef;
using source::ListedImage;
using Places = std::vector<std::size_t>;
using Texts = std::vector<std::string>;

namespace {

ListedImage image(std::size_t group, Texts names, std::string platform = {}, Texts digests = {}) {
  ListedImage made;
  made.group = group;
  made.names = std::move(names);
  made.platform = std::move(platform);
  made.digests = std::move(digests);
  return made;
}

ListedImage absent(std::size_t group, std::string platform) {
  ListedImage made = image(group, {"a"}, std::move(platform));
  made.failure = core::Error{.code = core::ErrorCode::not_found,
                             .reason = "manifest-missing",
                             .message = {},
                             .path = {},
                             .offset = {}};
  return made;
}

Places all_of(const std::vector<ListedImage>& list) {
  Places places;
  for (std::size_t i = 0; i < list.size(); ++i) places.push_back(i);
  return places;
}

/// The index chosen as text, or the reason and message.
std::string choice(const std::vector<ListedImage>& list, const std::string& wanted,
                   const std::string& host = "linux/amd64") {
  const auto chosen = source::choose_platform(list, all_of(list), wanted, host);
  return chosen ? std::to_string(*chosen) : chosen.error().reason + ": " + chosen.error().message;
}

std::string found(const std::vector<ListedImage>& list, const std::string& wanted) {
  const auto places = source::find_image(list, wanted);
  if (!places) return places.error().reason + ": " + places.error().message;
  std::string text;
  for (const std::size_t place : *places) text += std::to_string(place);
  return text;
}

BlobRef blob(std::string digest, std::string media_type = {}) {
  return {.path = {}, .digest = std::move(digest), .size = {}, .media_type = std::move(media_type)};
}

ListedImage described(std::string config, std::vector<BlobRef> layers, Texts names = {"a"}) {
  ListedImage made = image(0, std::move(names));
  made.config = blob(std::move(config));
  made.layers = std::move(layers);
  return made;
}

}  // namespace

TEST_CASE("the only image needs no name") {
  CHECK(found({image(0, {"a"})}, "") == "0");
  CHECK(found({image(0, {})}, "") == "0");
  CHECK(found({image(0, {"a"}, "linux/amd64"), image(0, {"a"}, "linux/arm64")}, "") == "01");
}

TEST_CASE("platforms that an index names one by one are one image") {
  CHECK(found({image(0, {}, "linux/amd64"), image(1, {}, "linux/arm64")}, "") == "01");
  CHECK(found({image(0, {"a"}, "linux/amd64"), image(1, {"a"}, "linux/arm64")}, "") == "01");
  CHECK(found({image(0, {}, "linux/amd64", {"x"}), image(1, {}, "linux/amd64", {"y"})}, "") ==
        "several-images: holds 2 images (x, y); choose one with --image");
  CHECK(found({image(0, {}, "linux/amd64", {"x"}), image(1, {}, "", {"y"})}, "").find("several") ==
        0);
}

TEST_CASE("one of several images is chosen by name or digest, else all are listed") {
  const std::string hex = "0123456789abcdef";
  const std::vector<ListedImage> list{
      image(0, {"docker.io/library/shop:1.4", "1.4"}, "", {"sha256:" + hex}),
      image(1, {"quay.io/me/shop:latest", "latest"}, "", {"sha256:fedcba9876"}),
      image(2, {}, "", {"sha256:0123ff"})};
  CHECK(found(list, "") ==
        "several-images: holds 3 images (docker.io/library/shop:1.4, quay.io/me/shop:latest, "
        "sha256:0123ff); choose one with --image");
  struct Row {
    const char* wanted;
    const char* expected;
  };
  for (const Row& row :
       {Row{"shop:1.4", "0"}, Row{"library/shop:1.4", "0"}, Row{"docker.io/library/shop:1.4", "0"},
        Row{"1.4", "0"}, Row{"quay.io/me/shop", "1"}, Row{"latest", "1"}, Row{"fedcba", "1"},
        Row{"sha256:fe", "1"}, Row{"sha256:0123ff", "2"}, Row{"0123ff", "2"}}) {
    INFO(row.wanted);
    CHECK(found(list, row.wanted) == row.expected);
  }
  CHECK(found(list, "sha256:0123").find("several-images: holds 2 images") == 0);
  for (const char* wanted : {"shop", "shop:1", "fedcb", "1234567", "me/shop"}) {
    INFO(wanted);
    CHECK(found(list, wanted)
              .find("image-not-found: holds no image " + std::string(wanted) +
                    "; it holds docker.io/library/shop:1.4, quay") == 0);
  }
}

TEST_CASE("the platform is the one wanted, else the only one, else the machine's") {
  const std::vector<ListedImage> two{image(0, {}, "linux/s390x"), image(0, {}, "linux/arm64"),
                                     image(0, {}, "linux/s390x")};
  CHECK(choice(two, "linux/arm64") == "1");
  CHECK(choice(two, "linux/arm64/v8") == "1");
  CHECK(choice(two, "linux/s390x") == "0");
  CHECK(choice(two, "", "linux/arm64") == "1");
  CHECK(choice(two, "", "linux/amd64") ==
        "several-platforms: is for 2 platforms (linux/s390x, linux/arm64); choose one with "
        "--platform");
  CHECK(choice(two, "linux/386") ==
        "platform-not-found: has no platform linux/386; it is for linux/s390x, linux/arm64");
  CHECK(choice({image(0, {}, "windows/amd64")}, "") == "0");
  CHECK(choice({image(0, {}, "linux/arm64")}, "linux/amd64") ==
        "platform-not-found: has no platform linux/amd64; it is for linux/arm64");
}

TEST_CASE("a variant is exact where there is one, else any will do") {
  const std::vector<ListedImage> arm{image(0, {}, "linux/arm/v6"), image(0, {}, "linux/arm/v7")};
  CHECK(choice(arm, "linux/arm/v7") == "1");
  CHECK(choice(arm, "linux/arm") == "0");
  CHECK(choice(arm, "linux/arm/v5").find("platform-not-found") == 0);
  CHECK(choice(arm, "linux/ar").find("platform-not-found") == 0);
  CHECK(choice({image(0, {}, "linux/amd64/v2"), image(0, {}, "linux/amd64")}, "linux/amd64/v1") ==
        "1");
}

TEST_CASE("an image of no known platform may be for any") {
  CHECK(choice({image(0, {}, "")}, "linux/riscv64") == "0");
  CHECK(choice({image(0, {}, "")}, "") == "0");
}

TEST_CASE("platforms whose content is absent are not there") {
  const std::vector<ListedImage> list{absent(0, "linux/arm64"), image(0, {"a"}, "linux/s390x")};
  CHECK(choice(list, "", "linux/arm64") == "1");
  CHECK(choice(list, "linux/arm64").find("manifest-missing") == 0);
  CHECK(choice(list, "linux/386") ==
        "platform-not-found: has no platform linux/386; it is for linux/s390x");
  CHECK(choice({absent(0, "linux/arm64")}, "").find("manifest-missing") == 0);
  CHECK(choice({absent(0, "")}, "linux/arm64").find("manifest-missing") == 0);
}

TEST_CASE("long lists of images are told in one short sentence") {
  std::vector<ListedImage> list;
  for (std::size_t i = 0; i < 100; ++i) list.push_back(image(i, {std::string(300, 'x')}));
  const std::string text = found(list, "");
  CHECK(text.find("holds 100 images") != std::string::npos);
  CHECK(text.size() < 700);
}

TEST_CASE("manifest.json and index.json are compared in what both say") {
  const auto docker = described("sha256:c", {blob(""), blob("sha256:l2")});
  const std::vector<ListedImage> only{docker};
  struct Row {
    const char* name;
    std::vector<ListedImage> oci;
    const char* expected;
  };
  const char* kLayers = "manifest.json and index.json name different layers";
  const char* kConfigs = "manifest.json names the configuration sha256:c, index.json sha256:d";
  const std::string foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar";
  for (const Row& row : std::vector<Row>{
           {"nothing in the index", {}, ""},
           {"the same", {described("sha256:c", {blob("sha256:l1"), blob("sha256:l2")})}, ""},
           {"no layers, moby#47065", {described("sha256:c", {})}, ""},
           {"only foreign ones", {described("sha256:c", {blob("sha256:l1", foreign)})}, ""},
           {"fewer layers", {described("sha256:c", {blob("sha256:l1")})}, kLayers},
           {"another layer",
            {described("sha256:c", {blob("sha256:l1"), blob("sha256:l3")})},
            kLayers},
           {"one of two agrees",
            {described("sha256:c", {blob("sha256:l1")}),
             described("sha256:c", {blob("sha256:l1"), blob("sha256:l2")})},
            ""},
           {"another image", {described("sha256:d", {blob("sha256:l1")})}, kConfigs},
           {"an absent one", {absent(0, "linux/arm64")}, ""}}) {
    INFO(row.name);
    const auto text = source::find_disagreement(docker, only, row.oci);
    const std::string expected = row.expected;
    CHECK(text.value_or("").substr(0, expected.size()) == expected);
    CHECK(text.has_value() == !expected.empty());
  }
}

TEST_CASE("an index that has other images of the archive only says nothing, moby#51389") {
  const auto first = described("sha256:c", {blob("sha256:l1")}, {"first:1"});
  const auto second = described("sha256:d", {blob("sha256:l2")}, {"second:1"});
  CHECK(!source::find_disagreement(first, {first, second}, {second}));
  const auto other = described("sha256:e", {}, {"docker.io/library/first:1"});
  CHECK(source::find_disagreement(first, {first, second}, {second, other}));
}
