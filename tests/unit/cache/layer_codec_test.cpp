#include "muslcheck/cache/layer_codec.hpp"

#include <string>

#include "muslcheck/core/digest.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using Bytes = std::vector<std::uint8_t>;

namespace {

/// Facts with something in every field.
model::LayerFacts full_facts() {
  model::LayerFacts facts;
  facts.digest = "sha256:1234";
  facts.verified = true;
  facts.entries = {
      {.path = "usr", .kind = model::FileKind::directory, .mode = 0755},
      {.path = "usr/lib/a.so", .mode = 04755, .size = 5'000'000'000},
      {.path = "usr/lib/b.so", .kind = model::FileKind::symlink, .link_target = "a.so"},
      {.path = "usr/lib/b", .kind = model::FileKind::hardlink, .link_target = "usr/lib/a.so"},
      {.path = "", .kind = model::FileKind::opaque},
      {.path = std::string("\xff\x01", 2), .kind = model::FileKind::whiteout},
  };
  facts.elf_files["usr/lib/a.so"].soname = "a.so.1";
  facts.elf_files["usr/lib/a.so"].symbols = {{.name = "f", .version = "V", .defined = true}};
  facts.elf_files["usr/lib/c.so"].needed = {"a.so.1"};
  facts.elf_sha256["usr/lib/a.so"] = std::string(64, 'a');
  facts.metadata["p/package.json"] = std::string("{\0}", 3);
  facts.shebangs["run"] = "/bin/sh";
  facts.scripts["run"] = "#!/bin/sh\nexit\n";
  facts.archives["a.jar"] = {{.path = "a.jar!/x.so", .mode = 0644, .size = 7},
                             {.path = "a.jar!/META-INF/MANIFEST.MF", .size = 3}};
  facts.archives["b.jar"] = {{.path = "b.jar!/lib/c.jar!/x.so"}};
  facts.problems = {{.path = "x", .stage = "elf", .code = "damaged", .message = "it is"}};
  return facts;
}

/// The same body behind a checksum that is right.
Bytes with_right_checksum(Bytes bytes) {
  const auto digest = core::sha256(core::ByteView(bytes).subspan(40));
  std::copy(digest.begin(), digest.end(), bytes.begin() + 8);
  return bytes;
}

std::string reason_of(const Bytes& bytes) {
  const auto facts = cache::decode_layer(bytes);
  return facts ? "" : facts.error().reason;
}

}  // namespace

TEST_CASE("facts come back as they were") {
  for (const auto& facts : {full_facts(), model::LayerFacts{}}) {
    const auto decoded = cache::decode_layer(cache::encode_layer(facts));
    REQUIRE(decoded);
    CHECK(*decoded == facts);
  }
}

TEST_CASE("equal facts give equal bytes") {
  CHECK(cache::encode_layer(full_facts()) == cache::encode_layer(full_facts()));
}

TEST_CASE("the encoding is the one that its version stands for") {
  // When this fails, the encoding changed: increase kLayerEncoding, then take the new digest.
  CHECK(cache::kLayerEncoding == 9);
  CHECK(core::sha256_hex(cache::encode_layer(full_facts())).substr(0, 16) == "d4e01f9f805d745e");
}

TEST_CASE("every byte of encoded facts is covered by the checksum or decides the version") {
  const Bytes good = cache::encode_layer(full_facts());
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] ^= 0x40U;
    INFO(at);
    CHECK(reason_of(bad) == (at < 8 ? "layer-encoding" : "layer-checksum"));
  }
}

TEST_CASE("damage behind a right checksum is found") {
  const Bytes good = cache::encode_layer(full_facts());
  CHECK(reason_of({}) == "layer-encoding");
  for (std::size_t size = 8; size < good.size(); ++size) {
    Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    INFO(size);
    CHECK(reason_of(size < 40 ? cut : with_right_checksum(cut)) != "");
  }
  Bytes longer = good;
  longer.push_back(0);
  CHECK(reason_of(with_right_checksum(longer)) == "layer-trailing");
  // No change of one byte may crash; what is still decoded can be encoded again.
  for (std::size_t at = 40; at < good.size(); ++at)
    for (const unsigned change : {0x01U, 0x80U, 0xffU}) {
      Bytes bad = good;
      bad[at] ^= static_cast<std::uint8_t>(change);
      const auto decoded = cache::decode_layer(with_right_checksum(bad));
      if (decoded) CHECK(cache::decode_layer(cache::encode_layer(*decoded)) == *decoded);
    }
}

TEST_CASE("a member of an archive cannot be a file elsewhere") {
  for (const std::string path : {"etc/passwd", "a.jar!", "a.jar", "b.jar!/x.so", ""}) {
    model::LayerFacts facts;
    facts.archives["a.jar"] = {{.path = path}};
    INFO(path);
    CHECK(reason_of(cache::encode_layer(facts)) == "layer-value");
  }
  model::LayerFacts facts;
  facts.archives["a.jar"] = {{.path = "a.jar!/x", .kind = model::FileKind::symlink}};
  CHECK(reason_of(cache::encode_layer(facts)) == "layer-value");
}
