#include "source/layer_entries.hpp"

#include <clocale>
#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "source/tar_reader.hpp"
#include "support/catch.hpp"
#include "support/gzip.hpp"
#include "support/source_listing.hpp"
#include "support/tar_builder.hpp"

using namespace muslcheck;
using model::FileKind;
using test::Listing;
using test::TarBuilder;
using Texts = std::vector<std::string>;

namespace {

constexpr source::LayerLimits kWide{.max_unpacked = 1ULL << 30, .max_entries = 1000};

Listing read(const std::string& bytes, source::LayerLimits limits = kWide) {
  Listing listing;
  const auto result = source::read_layer_entries(
      core::as_bytes(bytes), "layer.tar", limits,
      [&](const model::FileEntry& entry, source::Content& content) -> core::Result<void> {
        test::take(listing, entry, content);
        return {};
      },
      listing.problems);
  if (!result) listing.error = result.error().reason;
  return listing;
}

}  // namespace

TEST_CASE("a layer gives files, directories, links and special files with their modes") {
  const Listing listing = read(TarBuilder()
                                   .directory("./usr/")
                                   .file("usr/a", "content", 04755)
                                   .soft_link("usr/s", "../x/a")
                                   .hard_link("usr/h", "./usr/a")
                                   .fifo("usr/p")
                                   .finish());
  REQUIRE(listing.error.empty());
  CHECK(listing.paths() == Texts{"usr", "usr/a", "usr/s", "usr/h", "usr/p"});
  CHECK(listing.find("usr")->kind == FileKind::directory);
  CHECK(listing.find("usr/a")->kind == FileKind::regular);
  CHECK(listing.find("usr/a")->mode == 04755);
  CHECK(listing.find("usr/a")->size == 7);
  CHECK(listing.contents.at("usr/a") == "content");
  CHECK(listing.find("usr/s")->kind == FileKind::symlink);
  CHECK(listing.find("usr/s")->link_target == "../x/a");
  CHECK(listing.find("usr/h")->kind == FileKind::hardlink);
  CHECK(listing.find("usr/h")->link_target == "usr/a");
  CHECK(listing.find("usr/p")->kind == FileKind::other);
}

TEST_CASE("a gzip layer gives what the plain one gives, in one or in several members") {
  const std::string big(300'000, 'x');
  const std::string plain = TarBuilder().file("a", big).file("empty", "").file("b", "b").finish();
  const std::string two = test::gzip(plain.substr(0, 1000)) + test::gzip(plain.substr(1000));
  for (const std::string& bytes : {plain, test::gzip(plain), two}) {
    const Listing listing = read(bytes);
    CHECK(listing.paths() == Texts{"a", "empty", "b"});
    CHECK(listing.contents.at("a") == big);
    CHECK(listing.contents.at("empty").empty());
    CHECK(listing.contents.at("b") == "b");
    CHECK(listing.problems.empty());
  }
}

TEST_CASE("an uncompressed file is seen in place, without a copy") {
  const std::string bytes = TarBuilder().file("a", std::string(100'000, 'x')).finish();
  std::vector<model::Problem> problems;
  const auto result = source::read_layer_entries(
      core::as_bytes(bytes), "layer.tar", kWide,
      [&](const model::FileEntry&, source::Content& content) -> core::Result<void> {
        const auto all = content.all();
        REQUIRE(all);
        CHECK(core::as_text(*all).data() == bytes.data() + 512);
        return {};
      },
      problems);
  CHECK(result);
}

TEST_CASE("whiteout markers become entries of their own kinds") {
  const Listing listing = read(TarBuilder()
                                   .file("a/.wh.gone", "")
                                   .file("b/.wh..wh..opq", "")
                                   .file(".wh.top", "")
                                   .file(".wh..wh..opq", "")
                                   .finish());
  CHECK(listing.paths() == Texts{"a/gone", "b", "top", ""});
  CHECK(listing.entries[0].kind == FileKind::whiteout);
  CHECK(listing.entries[1].kind == FileKind::opaque);
  CHECK(listing.entries[2].kind == FileKind::whiteout);
  CHECK(listing.entries[3].kind == FileKind::opaque);
  CHECK(listing.problems.empty());
}

TEST_CASE("bookkeeping files of aufs mean nothing") {
  const Listing listing =
      read(TarBuilder().directory(".wh..wh.plnk").file(".wh..wh.aufs", "").file("a", "").finish());
  CHECK(listing.paths() == Texts{"a"});
  CHECK(listing.problems.empty());
}

TEST_CASE("a whiteout that names no file is a problem") {
  const Listing listing = read(TarBuilder()
                                   .file("d/.wh.", "")
                                   .file("d/.wh..", "")
                                   .file("d/.wh...", "")
                                   .file("a", "")
                                   .finish());
  CHECK(listing.paths() == Texts{"a"});
  CHECK(listing.codes() == Texts(3, "whiteout-malformed"));
}

TEST_CASE("absolute names and dot-dot stay inside the image") {
  const Listing listing = read(TarBuilder()
                                   .file("/etc/passwd", "")
                                   .file("../../etc/shadow", "")
                                   .file("a/../../b", "")
                                   .hard_link("h", "/../etc/passwd")
                                   .directory("./")
                                   .finish());
  CHECK(listing.paths() == Texts{"etc/passwd", "etc/shadow", "b", "h"});
  CHECK(listing.find("h")->link_target == "etc/passwd");
}

TEST_CASE("long names of PAX and GNU tar are read, too long ones are problems") {
  const std::string longish = std::string(200, 'd') + "/" + std::string(200, 'f');
  const std::string huge(core::limits::kMaxPathLength + 1, 'h');
  const Listing listing = read(TarBuilder()
                                   .pax("path", longish)
                                   .file("short", "x")
                                   .pax("path", huge)
                                   .file("short", "y")
                                   .pax("linkpath", huge)
                                   .soft_link("link", "t")
                                   .file("last", "")
                                   .finish());
  CHECK(listing.paths() == Texts{longish, "last"});
  CHECK(listing.codes() == Texts(2, "path-too-long"));
}

TEST_CASE("names are the bytes of the archive in every locale") {
  const std::string utf8 = "caf\xc3\xa9";
  const std::string latin1 = "caf\xe9";
  const std::string bytes = TarBuilder()
                                .file(utf8, "")
                                .file(latin1, "")
                                .pax("path", utf8 + "/pax")
                                .file("x", "")
                                .pax("hdrcharset", "BINARY")
                                .pax("path", latin1 + "/pax")
                                .file("x", "")
                                .pax("path", latin1 + "/bad")
                                .file("x", "")
                                .finish();
  const Texts expected{utf8, latin1, utf8 + "/pax", latin1 + "/pax", latin1 + "/bad"};
  for (const char* locale : {"C", "C.UTF-8"}) {
    if (std::setlocale(LC_ALL, locale) == nullptr) {
      WARN("skipped: no locale " << locale);
      continue;
    }
    const auto paths = read(bytes).paths();
    std::setlocale(LC_ALL, "C");
    CHECK(paths == expected);
  }
}

TEST_CASE("a sparse file has zeros in its holes") {
  const Listing listing = read(
      TarBuilder().sparse_file("s", 5000, 1024, std::string(512, 'x')).file("a", "a").finish());
  REQUIRE(listing.paths() == Texts{"s", "a"});
  CHECK(listing.contents.at("s") ==
        std::string(1024, '\0') + std::string(512, 'x') + std::string(5000 - 1536, '\0'));
}

TEST_CASE("a sparse file larger than what the layer may expand to is not unpacked") {
  const std::string bytes = TarBuilder()
                                .sparse_file("s", 1ULL << 32U, 0,
                                             "\x7f"
                                             "ELF")
                                .file("a", "a")
                                .finish();
  const Listing listing = read(bytes, {.max_unpacked = 1U << 20U, .max_entries = 10});
  CHECK(listing.failures.at("s") == "expansion-limit");
  CHECK(listing.contents.at("a") == "a");
}

TEST_CASE("a layer that expands beyond its limit keeps what was read") {
  const std::string bytes =
      test::gzip(TarBuilder().file("a", "a").file("bomb", std::string(1U << 22U, '\0')).finish());
  const Listing listing = read(bytes, {.max_unpacked = 1U << 20U, .max_entries = 10});
  CHECK(listing.error.empty());
  CHECK(listing.paths() == Texts{"a"});
  CHECK(listing.codes() == Texts{"expansion-limit"});
}

TEST_CASE("many small files that together expand beyond the limit are cut off") {
  TarBuilder tar;
  for (int i = 0; i < 100; ++i) tar.file("f" + std::to_string(i), std::string(20'000, '\0'));
  const Listing listing =
      read(test::gzip(tar.finish()), {.max_unpacked = 1U << 20U, .max_entries = 1000});
  CHECK(listing.entries.size() > 40);
  CHECK(listing.entries.size() < 60);
  CHECK(listing.codes() == Texts{"expansion-limit"});
}

TEST_CASE("more entries than the limit are cut off with a problem") {
  const Listing listing = read(TarBuilder().file("a", "").file("b", "").file("c", "").finish(),
                               {.max_unpacked = 1U << 20U, .max_entries = 2});
  CHECK(listing.paths() == Texts{"a", "b"});
  CHECK(listing.codes() == Texts{"too-many-entries"});
}

TEST_CASE("a truncated layer keeps what was read, with a problem") {
  const std::string plain =
      TarBuilder().file("a", "a").file("b", std::string(200'000, 'b')).unfinished();
  const Listing cut = read(plain.substr(0, 10'000));
  CHECK(cut.paths() == Texts{"a", "b"});
  CHECK(cut.contents.at("a") == "a");
  CHECK(cut.failures.at("b") == "truncated");
  CHECK(cut.codes() == Texts{"layer-truncated"});

  std::string packed = test::gzip(plain);
  const Listing cut_gzip = read(packed.substr(0, packed.size() - 20));
  CHECK(cut_gzip.contents.at("a") == "a");
  CHECK(cut_gzip.codes() == Texts{"layer-truncated"});
}

TEST_CASE("damage in the middle of a layer keeps what was read") {
  std::string bytes = TarBuilder().file("a", "a").file("b", "b").finish();
  bytes[1024 + 10] = 'X';  // breaks the checksum of b's header
  const Listing listing = read(bytes);
  CHECK(listing.paths() == Texts{"a"});
  CHECK(listing.codes() == Texts{"layer-damaged"});
}

TEST_CASE("what is no tar gives nothing but an error") {
  CHECK(read("").error == "layer-not-a-tar");
  CHECK(read("hello, world").error == "layer-not-a-tar");
  CHECK(read(test::gzip("hello, world")).error == "layer-not-a-tar");
  CHECK(read("\x28\xb5\x2f\xfdxxxx").error == "compression-unsupported");
  CHECK(read(std::string("\xfd"
                         "7zXZ\0",
                         6))
            .error == "compression-unsupported");
}

TEST_CASE("an empty layer is nothing special") {
  const Listing listing = read(TarBuilder().finish());
  CHECK(listing.error.empty());
  CHECK(listing.entries.empty());
  CHECK(listing.problems.empty());
}

TEST_CASE("an error of the visitor ends the reading with that error") {
  const std::string bytes = TarBuilder().file("a", "").file("b", "").finish();
  std::vector<model::Problem> problems;
  int visits = 0;
  const auto result = source::read_layer_entries(
      core::as_bytes(bytes), "layer.tar", kWide,
      [&](const model::FileEntry&, source::Content&) -> core::Result<void> {
        ++visits;
        return core::fail(core::ErrorCode::internal, "stop", "stop");
      },
      problems);
  REQUIRE(!result);
  CHECK(result.error().reason == "stop");
  CHECK(visits == 1);
}

TEST_CASE("a compressed archive is unpacked up to its limit, not beyond") {
  const std::string packed = test::gzip(std::string(100'000, 'x'));
  const auto whole = source::unpack_gzip(core::as_bytes(packed), 100'000);
  REQUIRE(whole);
  CHECK(whole->size() == 100'000);
  const auto beyond = source::unpack_gzip(core::as_bytes(packed), 99'999);
  REQUIRE(!beyond);
  CHECK(beyond.error().reason == "expansion-limit");
}

TEST_CASE("a layer of no bytes is no tar") { CHECK(read("").error == "layer-not-a-tar"); }
