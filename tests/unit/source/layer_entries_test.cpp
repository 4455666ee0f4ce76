#include "source/layer_entries.hpp"

#include <clocale>
#include <string>
#include <vector>

#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/limits.hpp"
#include "source/unpack.hpp"
#include "support/catch.hpp"
#include "support/gzip.hpp"
#include "support/source_listing.hpp"
#include "support/tar_builder.hpp"
#include "support/thread_tasks.hpp"
#include "support/zstd.hpp"

using namespace muslcheck;
using model::FileKind;
using test::Listing;
using test::TarBuilder;
using Texts = std::vector<std::string>;

namespace {

constexpr source::LayerLimits kWide{.max_unpacked = 1ULL << 30, .max_entries = 1000};

Listing read(const std::string& bytes, source::LayerLimits limits = kWide) {
  Listing listing;
  core::InlineTasks tasks;
  const auto result = source::read_layer_entries(
      {.content = {.bytes = core::as_bytes(bytes)}, .name = "layer.tar"}, limits,
      [&](const model::FileEntry& entry, source::Content& content) -> core::Result<void> {
        test::take(listing, entry, content);
        return {};
      },
      listing.problems, tasks);
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

TEST_CASE("a compressed layer gives what the plain one gives, in one or in several pieces") {
  const std::string big(300'000, 'x');
  const std::string plain = TarBuilder().file("a", big).file("empty", "").file("b", "b").finish();
  const std::string start = plain.substr(0, 1000);
  const std::string rest = plain.substr(1000);
  const Texts forms{plain,
                    test::gzip(plain),
                    test::gzip(start) + test::gzip(rest),
                    test::gzip(plain) + std::string(512, '\0'),
                    test::zstd(plain),
                    test::zstd(start) + test::zstd(rest),
                    test::zstd_skippable("table of contents") + test::zstd(start) +
                        test::zstd_skippable("") + test::zstd(rest)};
  for (const std::string& bytes : forms) {
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
  core::InlineTasks tasks;
  const auto result = source::read_layer_entries(
      {.content = {.bytes = core::as_bytes(bytes)}, .name = "layer.tar"}, kWide,
      [&](const model::FileEntry&, source::Content& content) -> core::Result<void> {
        const auto all = content.all();
        REQUIRE(all);
        CHECK(core::as_text(*all).data() == bytes.data() + 512);
        return {};
      },
      problems, tasks);
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
  const Listing listing = read(TarBuilder()
                                   .directory(".wh..wh.plnk")
                                   .file(".wh..wh.plnk/1.2", "")
                                   .file(".wh..wh.aufs", "")
                                   .file("a", "")
                                   .finish());
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

TEST_CASE("only the zeros behind the last file and the end marker may be absent") {
  const std::string whole =
      TarBuilder().file("a", "a").file("b", std::string(1000, 'b')).unfinished();
  const std::size_t end = whole.size() - 24;  // of the content of b
  const std::vector<std::pair<std::size_t, Texts>> cases{
      {whole.size(), {}}, {whole.size() - 1, {}},         {end + 1, {}},
      {end, {}},          {end - 1, {"layer-truncated"}}, {end - 600, {"layer-truncated"}}};
  for (const auto& [size, problems] : cases)
    for (const bool packed : {false, true}) {
      CAPTURE(size, packed);
      const std::string cut = whole.substr(0, size);
      const Listing listing = read(packed ? test::gzip(cut) : cut);
      CHECK(listing.codes() == problems);
      CHECK(listing.paths() == Texts{"a", "b"});
      if (problems.empty()) CHECK(listing.contents.at("b") == std::string(1000, 'b'));
    }
  // What follows is then no padding.
  CHECK(read(whole.substr(0, end) + std::string(24, '\0') + std::string(100, 'x')).codes() ==
        Texts{"layer-truncated"});
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
  packed = test::zstd(plain);
  CHECK(read(packed.substr(0, packed.size() - 20)).error == "layer-truncated");
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
  CHECK(read("\x28\xb5\x2f\xfdxxxx").error == "layer-damaged");
  CHECK(read(test::zstd("hello, world")).error == "layer-not-a-tar");
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
  core::InlineTasks tasks;
  const auto result = source::read_layer_entries(
      {.content = {.bytes = core::as_bytes(bytes)}, .name = "layer.tar"}, kWide,
      [&](const model::FileEntry&, source::Content&) -> core::Result<void> {
        ++visits;
        return core::fail(core::ErrorCode::internal, "stop", "stop");
      },
      problems, tasks);
  REQUIRE(!result);
  CHECK(result.error().reason == "stop");
  CHECK(visits == 1);
}

TEST_CASE("an archive of any size is unpacked whole") {
  std::string content(40'000'000, 'x');
  for (std::size_t i = 0; i < content.size(); i += 1000) content[i] = static_cast<char>(i / 1000);
  const std::string packed = test::gzip(content);
  const auto whole = source::unpack(source::Compression::gzip, core::as_bytes(packed), 1U << 30U);
  REQUIRE(whole);
  CHECK(core::as_text(whole->bytes()) == content);
}

TEST_CASE("a compressed archive is unpacked up to its limit, not beyond") {
  const std::string packed = test::gzip(std::string(100'000, 'x'));
  const auto whole = source::unpack(source::Compression::gzip, core::as_bytes(packed), 100'000);
  REQUIRE(whole);
  CHECK(whole->bytes().size() == 100'000);
  const auto beyond = source::unpack(source::Compression::gzip, core::as_bytes(packed), 99'999);
  REQUIRE(!beyond);
  CHECK(beyond.error().reason == "expansion-limit");
}

TEST_CASE("the digests of a compressed layer are checked, those of a plain one on demand") {
  const std::string plain =
      TarBuilder().file("a", std::string(3'000'000, 'x')).finish() + std::string(10'240, '\0');
  const auto digest = [](const std::string& bytes) {
    return "sha256:" + core::sha256_hex(core::as_bytes(bytes));
  };
  struct Case {
    const char* name;
    std::string bytes;
    bool verify;
    std::string blob_digest;
    std::string diff_id;
    Texts problems;
    bool verified;
  };
  const std::string other = "sha256:" + std::string(64, '0');
  const std::string gzip = test::gzip(plain);
  const std::string zstd = test::zstd(plain);
  const std::vector<Case> cases{
      {"gzip", gzip, false, digest(gzip), digest(plain), {}, true},
      {"zstd", zstd, false, digest(zstd), digest(plain), {}, true},
      {"blob not known", gzip, false, "", digest(plain), {}, true},
      {"unknown algorithm", gzip, false, "sha512:0", digest(plain), {}, true},
      {"blob differs", gzip, false, other, digest(plain), {"blob-digest-mismatch"}, false},
      {"content differs", zstd, false, digest(zstd), other, {"diff-id-mismatch"}, false},
      {"plain, not asked for", plain, false, other, other, {}, false},
      {"plain, asked for", plain, true, digest(plain), digest(plain), {}, true},
      {"plain differs", plain, true, "", other, {"diff-id-mismatch"}, false},
  };
  for (const Case& row : cases) {
    INFO(row.name);
    Listing listing;
    core::InlineTasks tasks;
    const auto reading = source::read_layer_entries(
        {.content = {.bytes = core::as_bytes(row.bytes)},
         .name = "layer",
         .blob_digest = row.blob_digest,
         .diff_id = row.diff_id,
         .verify = row.verify},
        kWide,
        [&](const model::FileEntry& entry, source::Content& content) -> core::Result<void> {
          test::take(listing, entry, content);
          return {};
        },
        listing.problems, tasks);
    REQUIRE(reading);
    CHECK(listing.paths() == Texts{"a"});
    CHECK(listing.codes() == row.problems);
    CHECK(reading->verified_digest == (row.verified ? digest(plain) : ""));
    for (const auto& problem : listing.problems) {
      CHECK(problem.message.find(other) != std::string::npos);
      CHECK(problem.message.find(digest(
                problem.code == "blob-digest-mismatch" ? row.bytes : plain)) != std::string::npos);
    }
  }
}

TEST_CASE("content that is kept outlives the reading of the layer") {
  const std::string plain = TarBuilder().file("a", "first").file("b", "second").finish();
  for (const std::string& bytes : {plain, test::gzip(plain), test::zstd(plain)}) {
    std::vector<source::KeptBytes> kept;
    std::vector<model::Problem> problems;
    core::InlineTasks tasks;
    const auto result = source::read_layer_entries(
        {.content = {.bytes = core::as_bytes(bytes)}, .name = "layer"}, kWide,
        [&](const model::FileEntry&, source::Content& content) -> core::Result<void> {
          REQUIRE(content.head(2));
          auto all = content.keep();
          REQUIRE(all);
          kept.push_back(std::move(*all));
          return {};
        },
        problems, tasks);
    REQUIRE(result);
    REQUIRE(kept.size() == 2);
    CHECK(core::as_text(kept[0].bytes) == "first");
    CHECK(core::as_text(kept[1].bytes) == "second");
  }
}

TEST_CASE("bytes that were set aside can be read again") {
  // In memory nothing may be given back: it would be zeros afterwards.
  const std::string plain = TarBuilder().file("a", std::string(100'000, 'x')).finish();
  std::vector<model::Problem> problems;
  core::InlineTasks tasks;
  const auto result = source::read_layer_entries(
      {.content = {.bytes = core::as_bytes(plain)}, .name = "layer"}, kWide,
      [&](const model::FileEntry&, source::Content& content) -> core::Result<void> {
        const auto kept = content.keep();
        REQUIRE(kept);
        source::set_aside(*kept);
        CHECK(core::as_text(kept->bytes) == std::string(100'000, 'x'));
        return {};
      },
      problems, tasks);
  CHECK(result);
}

TEST_CASE("a layer of no bytes is no tar") { CHECK(read("").error == "layer-not-a-tar"); }

TEST_CASE("digests are right when other threads compute them") {
  std::string content(30'000'000, 'x');
  for (std::size_t i = 0; i < content.size(); i += 100) content[i] = static_cast<char>(i / 100);
  const std::string plain = TarBuilder().file("a", content).file("b", "b").finish();
  const auto digest = [](const std::string& bytes) {
    return "sha256:" + core::sha256_hex(core::as_bytes(bytes));
  };
  for (const std::string& packed : {test::gzip(plain), test::zstd(plain), plain}) {
    std::vector<model::Problem> problems;
    test::ThreadTasks tasks;
    const auto reading = source::read_layer_entries(
        {.content = {.bytes = core::as_bytes(packed)},
         .name = "l",
         .blob_digest = digest(packed),
         .diff_id = digest(plain),
         .verify = true},
        kWide,
        [](const model::FileEntry&, source::Content& file) -> core::Result<void> {
          return file.all() ? core::Result<void>() : core::fail(core::ErrorCode::io, "x", "x");
        },
        problems, tasks);
    REQUIRE(reading);
    CHECK(problems.empty());
    CHECK(reading->verified_digest == digest(plain));
  }
}
