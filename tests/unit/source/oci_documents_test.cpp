#include "source/oci_documents.hpp"

#include <string>

#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using source::DocumentKind;
using source::OciIndex;
using source::OciManifest;

namespace {

std::string reason_of(const std::string& text) {
  const auto document = source::parse_oci_document(text);
  return document ? "" : document.error().reason;
}

OciIndex index_of(const std::string& text) {
  const auto document = source::parse_oci_document(text);
  REQUIRE(document);
  REQUIRE(std::holds_alternative<OciIndex>(*document));
  return std::get<OciIndex>(*document);
}

std::string list_of(std::size_t count, const std::string& item) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + item;
  return "[" + list + "]";
}

}  // namespace

TEST_CASE("an index is a list of descriptors with platforms and names") {
  const OciIndex index = index_of(R"({"manifests": [
    {"mediaType": "m", "digest": "sha256:aa", "size": 7,
     "platform": {"os": "linux", "architecture": "arm", "variant": "v7"},
     "annotations": {"org.opencontainers.image.ref.name": "1",
                     "io.containerd.image.name": "docker.io/library/a:1"}},
    {"annotations": {"org.opencontainers.image.ref.name": "2"}}]})");
  REQUIRE(index.manifests.size() == 2);
  CHECK(index.manifests[0] == source::Descriptor{.media_type = "m",
                                                 .digest = "sha256:aa",
                                                 .size = 7,
                                                 .platform = "linux/arm/v7",
                                                 .names = {"docker.io/library/a:1", "1"},
                                                 .is_attestation = false});
  CHECK(index.manifests[1].names == std::vector<std::string>{"2"});
}

TEST_CASE("an index may be empty or null, and values of the wrong type are absent") {
  CHECK(index_of(R"({"manifests": null})").manifests.empty());
  CHECK(index_of(R"({"manifests": []})").manifests.empty());
  const OciIndex wrong = index_of(R"({"manifests": [1, null, {"mediaType": 1, "digest": [],
    "size": -1, "platform": "x", "annotations": []}]})");
  REQUIRE(wrong.manifests.size() == 3);
  for (const auto& descriptor : wrong.manifests) CHECK(descriptor == source::Descriptor{});
}

TEST_CASE("attestations are told by their platform or by their annotation") {
  const OciIndex index = index_of(R"({"manifests": [
    {"platform": {"os": "unknown", "architecture": "unknown"}},
    {"annotations": {"vnd.docker.reference.type": "attestation-manifest"}},
    {"annotations": {"vnd.docker.reference.type": "other"}},
    {"platform": {"os": "linux", "architecture": "amd64"}}]})");
  std::vector<bool> flags;
  for (const auto& descriptor : index.manifests) flags.push_back(descriptor.is_attestation);
  CHECK(flags == std::vector<bool>{true, true, false, false});
}

TEST_CASE("a manifest has a configuration and layers, perhaps none") {
  const auto document = source::parse_oci_document(
      R"({"config": {"digest": "sha256:cc"}, "layers": [{"digest": "sha256:aa"}]})");
  REQUIRE(document);
  const auto& manifest = std::get<OciManifest>(*document);
  CHECK(manifest.config.digest == "sha256:cc");
  REQUIRE(manifest.layers.size() == 1);
  CHECK(manifest.layers[0].digest == "sha256:aa");
  const auto empty = source::parse_oci_document(R"({"config": {}, "layers": null})");
  REQUIRE(empty);
  CHECK(std::get<OciManifest>(*empty).layers.empty());
}

TEST_CASE("what is neither or both of index and manifest is refused") {
  for (const char* text :
       {"", "{", "[]", "1", "null", "{}", R"({"manifests": 1})", R"({"layers": {}})",
        R"({"manifests": [], "layers": []})", R"({"manifests": [], "config": {}})"}) {
    INFO(text);
    CHECK(reason_of(text) == "index-invalid");
  }
  CHECK(reason_of(std::string(1'000'000, '[')) == "index-invalid");
}

TEST_CASE("an index or manifest names no more than a limit") {
  using namespace core::limits;
  CHECK(reason_of(R"({"manifests":)" + list_of(kMaxIndexEntries, "{}") + "}").empty());
  CHECK(reason_of(R"({"manifests":)" + list_of(kMaxIndexEntries + 1, "{}") + "}") ==
        "too-many-manifests");
  CHECK(reason_of(R"({"layers":)" + list_of(kMaxLayers, "{}") + "}").empty());
  CHECK(reason_of(R"({"layers":)" + list_of(kMaxLayers + 1, "{}") + "}") == "too-many-layers");
}

TEST_CASE("media types of OCI and of Docker are known") {
  struct Row {
    const char* media_type;
    DocumentKind kind;
  };
  for (const Row& row :
       {Row{"application/vnd.oci.image.index.v1+json", DocumentKind::index},
        Row{"application/vnd.docker.distribution.manifest.list.v2+json", DocumentKind::index},
        Row{"application/vnd.oci.image.manifest.v1+json", DocumentKind::manifest},
        Row{"application/vnd.docker.distribution.manifest.v2+json", DocumentKind::manifest},
        Row{"", DocumentKind::unsaid},
        Row{"application/vnd.docker.distribution.manifest.v1+prettyjws", DocumentKind::other},
        Row{"application/vnd.oci.image.layer.v1.tar", DocumentKind::other}}) {
    INFO(row.media_type);
    CHECK(source::document_kind(row.media_type) == row.kind);
  }
  CHECK(source::is_image_config("application/vnd.oci.image.config.v1+json"));
  CHECK(source::is_image_config("application/vnd.docker.container.image.v1+json"));
  CHECK(source::is_image_config(""));
  CHECK(!source::is_image_config("application/vnd.cncf.helm.config.v1+json"));
  CHECK(source::is_foreign_layer("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));
  CHECK(source::is_foreign_layer("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"));
  CHECK(!source::is_foreign_layer("application/vnd.oci.image.layer.v1.tar+gzip"));
}

TEST_CASE("only a digest becomes a path, and only its path a digest") {
  const std::string hex256(64, 'a');
  const std::string hex512(128, '0');
  CHECK(source::blob_path("sha256:" + hex256) == "blobs/sha256/" + hex256);
  CHECK(source::blob_path("sha512:" + hex512) == "blobs/sha512/" + hex512);
  CHECK(source::digest_of_path("blobs/sha256/" + hex256) == "sha256:" + hex256);
  CHECK(source::digest_of_path("blobs/sha512/" + hex512) == "sha512:" + hex512);
  for (const std::string& digest :
       {std::string(), std::string("sha256"), std::string("sha256:"), "sha256:" + hex512,
        "sha256:" + std::string(64, 'A'), "sha256:../" + std::string(61, 'a'),
        "md5:" + std::string(32, 'a'), "../x:" + hex256, ":" + hex256}) {
    INFO(digest);
    CHECK(!source::blob_path(digest));
  }
  for (const std::string& path :
       {std::string("blobs/"), "x/blobs/sha256/" + hex256, "blobs/sha256/" + hex256 + "/x",
        std::string("blobs/sha256/aa")}) {
    INFO(path);
    CHECK(source::digest_of_path(path).empty());
  }
}
