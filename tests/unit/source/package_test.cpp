// Packages as sources: what they hold, what they are for, and what is wrong with hostile ones.

#include <fcntl.h>
#include <sys/stat.h>

#include <map>
#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/source/source.hpp"
#include "support/catch.hpp"
#include "support/gzip.hpp"
#include "support/package_builder.hpp"
#include "support/source_listing.hpp"
#include "support/tar_builder.hpp"
#include "support/temporary_folder.hpp"
#include "support/zip_builder.hpp"
#include "support/zstd.hpp"

using namespace muslcheck;
using model::FileKind;
using source::Kind;
using test::ar_member;
using test::TarBuilder;
using test::TemporaryFolder;
using test::ZipBuilder;
using Texts = std::vector<std::string>;

namespace {

/// Bytes as a file of this name, opened with file:.
struct Package {
  TemporaryFolder folder;
  std::unique_ptr<source::Source> source;
  std::string error;

  Package(const std::string& name, std::string_view bytes) {
    auto opened = source::open_source({Kind::file, folder.write(name, bytes)});
    if (opened) {
      source = std::move(*opened);
    } else {
      error = opened.error().reason;
    }
  }
  [[nodiscard]] test::Listing list() const {
    REQUIRE(source != nullptr);
    return test::list_layer(*source);
  }
  [[nodiscard]] std::string platform() const {
    REQUIRE(source != nullptr);
    return source->info().platform;
  }
};

std::string data_tar() {
  return TarBuilder()
      .directory("./")
      .directory("./usr/")
      .file("./usr/tool", "content", 0755)
      .soft_link("./usr/link", "tool")
      .hard_link("./usr/same", "./usr/tool")
      .finish();
}

std::string deb_of(std::string_view data) {
  return test::deb_start() + test::deb_control() + std::string(data);
}

const Texts kDebPaths{"usr", "usr/tool", "usr/link", "usr/same", "DEBIAN/control"};

}  // namespace

TEST_CASE("a deb holds its files at the root and its control file, whatever compresses them") {
  const std::string tar = data_tar();
  for (const std::string& data :
       {ar_member("data.tar.xz", test::packed(archive_write_add_filter_xz, tar)),
        ar_member("data.tar.bz2", test::packed(archive_write_add_filter_bzip2, tar)),
        ar_member("data.tar.lzma", test::packed(archive_write_add_filter_lzma, tar)),
        ar_member("data.tar", tar), ar_member("data.tar.gz", test::gzip(tar)),
        ar_member("data.tar.zst", test::zstd(tar)), ar_member("data.tar/", tar)}) {
    const Package deb("x.deb", deb_of(data));
    CHECK(deb.source->info().kind == "file");
    CHECK(deb.platform() == "linux/amd64");
    const test::Listing listing = deb.list();
    CHECK(listing.error.empty());
    CHECK(listing.paths() == kDebPaths);
    CHECK(listing.problems.empty());
    CHECK(listing.contents.at("usr/tool") == "content");
    CHECK(listing.find("usr/tool")->mode == 0755);
    CHECK(listing.find("usr/link")->link_target == "tool");
    CHECK(listing.find("usr/same")->link_target == "usr/tool");
    CHECK(listing.contents.at("DEBIAN/control").starts_with("Package: sample\n"));
  }
}

TEST_CASE("what is wrong with a deb names the member") {
  const std::string good = ar_member("data.tar", data_tar());
  const std::string start = test::deb_start();
  const auto first_problem = [](const std::string& bytes) {
    const test::Listing listing = Package("x.deb", bytes).list();
    REQUIRE(listing.error.empty());
    REQUIRE(!listing.problems.empty());
    return listing.problems[0].code + " in " +
           listing.problems[0].path.substr(listing.problems[0].path.rfind('/') + 1);
  };
  CHECK(first_problem(start + good) == "deb-control-missing in x.deb: control.tar");
  CHECK(first_problem(start + ar_member("control.tar", TarBuilder().file("x", "").finish()) +
                      good) == "deb-control-missing in x.deb: control.tar");
  CHECK(first_problem(start + ar_member("control.tar.gz", "\x1f\x8bnonsense") + good) ==
        "package-damaged in x.deb: control.tar");
  const std::string whole = deb_of(good);
  CHECK(first_problem(whole.substr(0, whole.size() - 1600)) ==
        "package-truncated in x.deb: data.tar");
  CHECK(first_problem(deb_of(ar_member("data.tar", data_tar(), "9999999"))) ==
        "package-truncated in x.deb: data.tar");
}

TEST_CASE("a deb that is cut within xz, bzip2 or lzma gives what comes before the cut") {
  // Noise, or there would be nothing to cut.
  std::string noise(400'000, '\0');
  std::uint32_t state = 1;
  for (char& byte : noise) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24U);
  const std::string tar = TarBuilder().file("a", "x").file("b", noise).finish();
  for (const auto filter : {archive_write_add_filter_xz, archive_write_add_filter_bzip2,
                            archive_write_add_filter_lzma}) {
    const std::string whole = test::packed(filter, tar);
    // bzip2 has blocks of up to 900 KB, and nothing comes out of a cut one.
    const bool gives_nothing = filter == archive_write_add_filter_bzip2;
    const std::string cut = whole.substr(0, whole.size() - 1000);
    const test::Listing listing = Package("x.deb", deb_of(ar_member("data.tar.xz", cut))).list();
    CHECK(listing.error == (gives_nothing ? "package-truncated" : ""));
    if (gives_nothing) continue;
    CHECK(listing.paths() == Texts{"a", "b", "DEBIAN/control"});
    CHECK(listing.failures.at("b") == "truncated");
    CHECK(listing.codes() == Texts{"package-truncated"});
    std::string damaged = whole;
    damaged.replace(200'000, 100, 100, 'x');
    CHECK(Package("x.deb", deb_of(ar_member("data.tar.xz", damaged))).list().codes().size() == 1);
  }
}

TEST_CASE("a deb that gives nothing is an error") {
  const std::map<std::string, std::string> cases{
      {"deb-data-missing", test::deb_start() + test::deb_control()},
      {"deb-damaged",
       test::deb_start() + "no header of sixty bytes, as a member should have it..."},
      {"package-damaged", deb_of(ar_member("data.tar.gz", "\x1f\x8bnonsense"))},
  };
  for (const auto& [reason, bytes] : cases) CHECK(Package("x.deb", bytes).list().error == reason);
  CHECK(
      Package("x.deb", test::deb_start() + ar_member("data.tar", data_tar(), "7x")).list().error ==
      "deb-damaged");
  CHECK(
      Package("x.deb", test::deb_start() + ar_member("data.tar", data_tar(), "-7")).list().error ==
      "deb-damaged");
}

TEST_CASE("an rpm holds its files at the root and its header") {
  const std::string payload =
      test::cpio({{.name = "./usr", .mode = 040755, .inode = 1},
                  {.name = "./usr/tool", .content = "content"},
                  {.name = "./usr/null", .mode = 020644, .inode = 3},
                  {.name = "./usr/link", .content = "tool", .mode = 0120777}});
  for (const std::string& packed : {payload, test::gzip(payload), test::zstd(payload)}) {
    const Package rpm("x.rpm", test::rpm_start() + test::rpm_main_header() + packed);
    CHECK(rpm.platform() == "linux/arm64");
    const test::Listing listing = rpm.list();
    CHECK(listing.error.empty());
    CHECK(listing.problems.empty());
    CHECK(listing.paths() == Texts{"RPM/header", "usr", "usr/tool", "usr/null", "usr/link"});
    CHECK(listing.contents.at("RPM/header") == test::rpm_main_header().substr(8));
    CHECK(listing.contents.at("usr/tool") == "content");
    CHECK(listing.find("usr/null")->kind == FileKind::other);
    CHECK(listing.find("usr/link")->link_target == "tool");
  }
}

TEST_CASE("of a file with several names in an rpm, the last has the content for all") {
  const std::string payload =
      test::cpio({{.name = "./a", .inode = 7, .links = 3},
                  {.name = "./b", .inode = 7, .links = 3},
                  {.name = "./c", .content = "content", .inode = 7, .links = 3},
                  {.name = "./other", .content = "x", .inode = 8}});
  const test::Listing listing =
      Package("x.rpm", test::rpm_start() + test::rpm_main_header() + payload).list();
  CHECK(listing.paths() == Texts{"RPM/header", "a", "b", "c", "b", "a", "other"});
  CHECK(listing.contents.at("c") == "content");
  CHECK(listing.entries[4].kind == FileKind::hardlink);
  CHECK(listing.entries[4].link_target == "c");
  CHECK(listing.entries[5].link_target == "c");
}

TEST_CASE("headers of an rpm that are wrong are an error, a cut payload a problem") {
  const std::string start = test::rpm_start();
  const std::string header = test::rpm_main_header();
  const auto error_of = [](const std::string& bytes) {
    return Package("x.rpm", bytes).list().error;
  };
  CHECK(error_of(start.substr(0, 50)) == "rpm-damaged");
  CHECK(error_of(start) == "rpm-damaged");
  CHECK(error_of(start + "x" + header) == "rpm-damaged");
  CHECK(error_of(start + header.substr(0, 40)) == "rpm-damaged");
  std::string tags = header;
  tags.replace(8, 4, test::big_endian(0x10000));
  CHECK(error_of(start + tags) == "rpm-damaged");
  std::string size = header;
  size.replace(12, 4, test::big_endian(0xffffffff));
  CHECK(error_of(start + size) == "rpm-damaged");
  CHECK(error_of(start + header + "no cpio") == "package-damaged");
  const std::string payload = test::cpio({{.name = "./a"}, {.name = "./b", .content = "12345678"}});
  const test::Listing cut = Package("x.rpm", start + header + payload.substr(0, 240)).list();
  CHECK(cut.error.empty());
  REQUIRE(cut.codes() == Texts{"package-truncated"});
  CHECK(cut.problems[0].path.ends_with("x.rpm: payload"));
}

TEST_CASE("an apk is one tar in several gzip members") {
  const std::string signature = TarBuilder().file(".SIGN.RSA.key", "x").unfinished();
  const std::string control =
      TarBuilder().file(".PKGINFO", "pkgname = sample\narch = x86\n").unfinished();
  const std::string data = TarBuilder().file("usr/bin/tool", "content").finish();
  const Package apk("x.apk", test::gzip(signature) + test::gzip(control) + test::gzip(data));
  CHECK(apk.platform() == "linux/386");
  const test::Listing listing = apk.list();
  CHECK(listing.paths() == Texts{".SIGN.RSA.key", ".PKGINFO", "usr/bin/tool"});
  CHECK(listing.problems.empty());
  CHECK(Package("x.apk", "ADBdnonsense").error == "apk-version");
}

TEST_CASE("a gem holds the files of its inner archive and its description") {
  const std::string data = test::gzip(TarBuilder().file("lib/x.so", "content").finish());
  const std::string metadata = test::gzip("name: sample\n");
  const test::Listing whole =
      Package("x.gem",
              TarBuilder().file("metadata.gz", metadata).file("data.tar.gz", data).finish())
          .list();
  CHECK(whole.paths() == Texts{"lib/x.so", "GEM/metadata"});
  CHECK(whole.contents.at("GEM/metadata") == "name: sample\n");
  CHECK(whole.problems.empty());
  const Package no_data("x.gem", TarBuilder().file("metadata.gz", metadata).finish());
  CHECK(no_data.list().error == "gem-data-missing");
  const Package no_name("x.gem", TarBuilder().file("data.tar.gz", data).finish());
  CHECK(no_name.list().codes() == Texts{"gem-metadata-missing"});
  const Package bad_name(
      "x.gem", TarBuilder().file("data.tar.gz", data).file("metadata.gz", "no gzip").finish());
  CHECK(bad_name.list().codes().size() == 1);
}

TEST_CASE("a description of a gem that expands beyond all measure is left out") {
  const std::string data = test::gzip(TarBuilder().file("lib/x.so", "content").finish());
  const std::string bomb =
      test::gzip(std::string(static_cast<std::size_t>(core::limits::kMaxMetadataFile) + 1, 'x'));
  const test::Listing listing =
      Package("x.gem", TarBuilder().file("data.tar.gz", data).file("metadata.gz", bomb).finish())
          .list();
  CHECK(listing.paths() == Texts{"lib/x.so"});
  CHECK(listing.codes() == Texts{"expansion-limit"});
}

TEST_CASE("a tar of anything is a folder, and whiteouts are names") {
  const std::string tar =
      TarBuilder().file("package/package.json", "{}").file(".wh.x", "").finish();
  for (const std::string& bytes : {tar, test::gzip(tar), test::zstd(tar)}) {
    const test::Listing listing = Package("x.tgz", bytes).list();
    CHECK(listing.paths() == Texts{"package/package.json", ".wh.x"});
    CHECK(listing.find(".wh.x")->kind == FileKind::regular);
  }
}

TEST_CASE("a wheel holds its members, and its name says for which machine") {
  const std::string zip = ZipBuilder()
                              .stored("a/", "", {.mode = 040755})
                              .stored("a/stored.so",
                                      "\x7f"
                                      "ELF stored")
                              .deflated("a/deflated.so", std::string(100'000, 'x'))
                              .stored("a/link", "stored.so", {.mode = 0120777})
                              .finish();
  const Package wheel("x-1-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl", zip);
  CHECK(wheel.platform() == "linux/arm64");
  const test::Listing listing = wheel.list();
  CHECK(listing.paths() == Texts{"a", "a/stored.so", "a/deflated.so", "a/link"});
  CHECK(listing.contents.at("a/stored.so").ends_with("ELF stored"));
  CHECK(listing.contents.at("a/deflated.so") == std::string(100'000, 'x'));
  CHECK(listing.find("a/link")->kind == FileKind::symlink);
  CHECK(listing.find("a/link")->link_target == "stored.so");
  CHECK(listing.problems.empty());
  CHECK(listing.failures.empty());
  CHECK(Package("x-1-py3-none-any.whl", zip).platform().empty());
  CHECK(Package("x-1-cp311-cp311-win_amd64.whl", zip).platform().empty());
}

TEST_CASE("what cannot be read of a zip is counted in one problem each") {
  const test::Listing listing = Package("x.zip", ZipBuilder()
                                                     .stored("secret/a", "x", {.flags = 1})
                                                     .stored("secret/b", "x", {.flags = 1})
                                                     .stored("odd", "x", {.method = 14})
                                                     .stored("plain", "x")
                                                     .finish())
                                    .list();
  CHECK(listing.paths() == Texts{"plain"});
  REQUIRE(listing.codes() == Texts{"zip-encrypted", "zip-method"});
  CHECK(listing.problems[0].message ==
        "2 members are encrypted and could not be read (first: secret/a)");
  CHECK(listing.problems[1].message ==
        "1 member is compressed in an unknown way and could not be read (first: odd)");
  CHECK(Package("x.zip", "PK\3\4 and no directory").list().error == "not-a-zip");
}

TEST_CASE("members of a zip that share their bytes cannot expand without end") {
  ZipBuilder zip;
  zip.deflated("first", std::string(1'000'000, 'x'));
  for (int i = 0; i < 200; ++i) zip.again("more" + std::to_string(i));
  const test::Listing listing = Package("x.zip", zip.finish()).list();
  CHECK(listing.codes() == Texts{"expansion-limit"});
  CHECK(listing.entries.size() == core::limits::kFreeExpansion / 1'000'000);
}

TEST_CASE("names that lead out of a package are told and stay inside") {
  const std::string tar = TarBuilder()
                              .file("../../etc/passwd", "x")
                              .file("/absolute", "x")
                              .file("a/../b", "x")
                              .hard_link("link", "../../../absolute")
                              .finish();
  const auto check = [](const test::Listing& listing) {
    CHECK(listing.find("etc/passwd") != nullptr);
    REQUIRE(listing.codes() == Texts{"path-outside"});
    CHECK(listing.problems[0].path.ends_with(": ../../etc/passwd"));
  };
  const test::Listing listing = Package("x.tgz", tar).list();
  check(listing);
  CHECK(listing.paths() == Texts{"etc/passwd", "absolute", "b", "link"});
  CHECK(listing.find("link")->link_target == "absolute");
  check(Package("x.zip", ZipBuilder().stored("../../etc/passwd", "x").finish()).list());
  check(Package("x.rpm", test::rpm_start() + test::rpm_main_header() +
                             test::cpio({{.name = "../../etc/passwd", .content = "x"}}))
            .list());
}

TEST_CASE("a name longer than any path is told and passed over") {
  const std::string name(core::limits::kMaxPathLength + 1, 'x');
  const test::Listing listing =
      Package("x.zip", ZipBuilder().stored(name, "x").stored("y", "x").finish()).list();
  CHECK(listing.paths() == Texts{"y"});
  CHECK(listing.codes() == Texts{"path-too-long"});
}

TEST_CASE("a package that expands beyond its limit is read up to there") {
  const std::string bomb = test::zstd(
      TarBuilder()
          .file("a", "x")
          .file("b", std::string(static_cast<std::size_t>(core::limits::kFreeExpansion) + 1, '\0'))
          .finish());
  const test::Listing listing = Package("x.deb", deb_of(ar_member("data.tar.zst", bomb))).list();
  CHECK(listing.paths() == Texts{"a", "DEBIAN/control"});
  CHECK(listing.codes() == Texts{"expansion-limit"});
}

TEST_CASE("a bare path is a package if its content says so, or else its name") {
  const TemporaryFolder folder;
  const auto kind_of = [&](const std::string& name, const std::string& bytes) {
    const auto parsed = source::parse_reference(folder.write(name, bytes));
    REQUIRE(parsed);
    return parsed->kind;
  };
  const std::string npm = TarBuilder().file("package/package.json", "{}").finish();
  const std::string other = TarBuilder().file("node/package.json", "{}").finish();
  const std::string image = TarBuilder().file("blobs/x", "").file("manifest.json", "[]").finish();
  CHECK(kind_of("x", deb_of(ar_member("data.tar", data_tar()))) == Kind::file);
  CHECK(kind_of("x", test::rpm_start()) == Kind::file);
  CHECK(kind_of("x", ZipBuilder().stored("a", "").finish()) == Kind::file);
  CHECK(kind_of("x", test::gzip(npm)) == Kind::file);
  CHECK(kind_of("x.tgz", test::gzip(other)) == Kind::file);
  CHECK(kind_of("x", test::gzip(other)) == Kind::archive);
  CHECK(kind_of("x.tgz", test::gzip(image)) == Kind::archive);
  CHECK(kind_of("x", "ADB.") == Kind::file);
}

TEST_CASE("a package is known again by its file, its format and its name") {
  const TemporaryFolder folder;
  const std::string path = folder.write("x.zip", ZipBuilder().stored("a", "x").finish());
  const auto identity = [&](const std::string& at) {
    return (*source::open_source({Kind::file, at}))->local_identity(0);
  };
  CHECK(identity(path).empty());  // changed a moment ago
  const timespec old[2] = {{.tv_sec = 1'000'000, .tv_nsec = 0},
                           {.tv_sec = 1'000'000, .tv_nsec = 0}};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), old, 0) == 0);
  CHECK(identity(path).empty());  // and its inode still is new
}
