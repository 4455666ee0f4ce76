#include "muslcheck/source/source.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"
#include "support/gzip.hpp"
#include "support/source_listing.hpp"
#include "support/tar_builder.hpp"
#include "support/temporary_folder.hpp"

using namespace muslcheck;
using model::FileKind;
using source::Kind;
using test::TarBuilder;
using test::TemporaryFolder;
using Texts = std::vector<std::string>;

namespace {

std::string reason_of(const std::string& reference) {
  const auto parsed = source::parse_reference(reference);
  if (!parsed) return parsed.error().reason;
  const auto opened = source::open_source(*parsed);
  return opened ? "" : opened.error().reason;
}

Kind kind_of(const std::string& reference) {
  const auto parsed = source::parse_reference(reference);
  REQUIRE(parsed);
  return parsed->kind;
}

test::Listing list_folder(const std::string& path) {
  auto opened = source::open_source({Kind::directory, path});
  REQUIRE(opened);
  return test::list_layer(**opened);
}

/// Runs something as a user that permissions apply to; false if that is not possible.
template <typename Function>
bool as_nobody(Function function) {
  constexpr uid_t kNobody = 65534;
  const uid_t before = ::geteuid();
  if (before == 0 && ::seteuid(kNobody) != 0) return false;
  function();
  return ::seteuid(before) == 0;
}

}  // namespace

TEST_CASE("a reference is a kind and a path") {
  CHECK(*source::parse_reference("dir:/srv/app") == source::Reference{Kind::directory, "/srv/app"});
  CHECK(*source::parse_reference("file:a:b") == source::Reference{Kind::file, "a:b"});
  CHECK(*source::parse_reference("docker-archive:x.tar") ==
        source::Reference{Kind::docker_archive, "x.tar"});
  CHECK(*source::parse_reference("oci-archive:x") == source::Reference{Kind::oci_archive, "x"});
  CHECK(*source::parse_reference("oci-dir:x") == source::Reference{Kind::oci_dir, "x"});
}

TEST_CASE("an unknown kind and the name of an image are refused with what is known") {
  const std::string pull = "docker save node:18 -o image.tar";
  for (const auto& [text, advice] : {std::pair<const char*, std::string>{"zip:x", ""},
                                     {"node:18", pull},
                                     {"docker://node:18", pull},
                                     {"nginx", "docker save nginx -o"},
                                     {"ghcr.io/a/b", "docker save ghcr.io/a/b -o"},
                                     {"ghcr.io/a/b@sha256:01", "b@sha256:01 -o"}}) {
    INFO(text);
    const auto refused = source::parse_reference(text);
    REQUIRE(!refused);
    CHECK(refused.error().code == core::ErrorCode::usage);
    CHECK(refused.error().reason == "no-such-source");
    CHECK(refused.error().message.find("dir:, file:, docker-archive:, oci-archive: or oci-dir:") !=
          std::string::npos);
    CHECK(refused.error().message.find(advice) != std::string::npos);
  }
}

TEST_CASE("what can be no name of an image is a missing file") {
  for (const char* text : {"app.tar", "./node:18", "/srv/node:18", "builds/app.tar.gz", "Node"}) {
    INFO(text);
    CHECK(reason_of(text) == "not-found");
  }
}

TEST_CASE("a reference without a path is refused") {
  CHECK(reason_of("") == "source-without-path");
  CHECK(reason_of("dir:") == "source-without-path");
}

TEST_CASE("a bare path is recognised by its content") {
  const TemporaryFolder folder;
  CHECK(kind_of(folder.path()) == Kind::directory);
  CHECK(kind_of(folder.write("elf.txt",
                             "\x7f"
                             "ELF rest")) == Kind::file);
  const std::string tar = TarBuilder().file("manifest.json", "[]").finish();
  CHECK(kind_of(folder.write("a:tar", tar)) == Kind::archive);
  CHECK(kind_of(folder.write("gz", test::gzip(tar))) == Kind::archive);
  CHECK(reason_of(folder.write("text", "hello")) == "unsupported-content");
  CHECK(reason_of(folder.write("empty", "")) == "unsupported-content");
  CHECK(reason_of(folder.write("text.gz", test::gzip("hello"))) == "unsupported-content");
  CHECK(reason_of(folder.write("zeros", std::string(2048, '\0'))) == "unsupported-content");
  CHECK(reason_of(folder / "gone") == "not-found");
}

TEST_CASE("what a source cannot be is refused when it is opened") {
  const TemporaryFolder folder;
  const std::string file = folder.write("text", "hello");
  CHECK(reason_of("dir:" + file) == "not-a-directory");
  CHECK(reason_of("dir:" + folder.path() + "/gone") == "not-found");
  CHECK(reason_of("file:" + file) == "unsupported-content");
  CHECK(reason_of("file:" + folder.path()) == "not-a-regular-file");
  CHECK(reason_of("file:" + folder.path() + "/gone") == "not-found");
  CHECK(reason_of("docker-archive:" + folder.path()) == "not-a-regular-file");
  CHECK(reason_of("oci-archive:" + folder.path()) == "not-a-regular-file");
  CHECK(reason_of("oci-dir:" + file) == "not-a-directory");
  CHECK(reason_of("oci-dir:" + folder.path() + "/gone") == "not-found");
  CHECK(reason_of("oci-dir:" + folder.path()) == "index-missing");
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK(reason_of("file:" + (folder / "fifo")) == "not-a-regular-file");
}

TEST_CASE("a single file is a layer with one entry") {
  const TemporaryFolder folder;
  const std::string content =
      "\x7f"
      "ELF and more";
  auto opened = source::open_source({Kind::file, folder.write("bin/tool", content)});
  REQUIRE(opened);
  CHECK((*opened)->info().kind == "file");
  CHECK((*opened)->info().layers.size() == 1);
  const test::Listing listing = test::list_layer(**opened);
  CHECK(listing.paths() == Texts{"tool"});
  CHECK(listing.entries[0].size == content.size());
  CHECK(listing.contents.at("tool") == content);
}

TEST_CASE("a folder is walked in sorted order, with links and special files as entries") {
  const TemporaryFolder folder;
  folder.write("b/two", "2");
  folder.write("b/one", "1");
  folder.write("a", "a");
  folder.write(".wh.kept", "");
  std::filesystem::create_symlink("b/one", folder / "link");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  ::chmod((folder / "a").c_str(), 04711);
  const test::Listing listing = list_folder(folder.path());
  CHECK(listing.paths() == Texts{".wh.kept", "a", "b", "link", "pipe", "b/one", "b/two"});
  CHECK(listing.find(".wh.kept")->kind == FileKind::regular);
  CHECK(listing.find("a")->mode == 04711);
  CHECK(listing.find("b")->kind == FileKind::directory);
  CHECK(listing.find("link")->kind == FileKind::symlink);
  CHECK(listing.find("link")->link_target == "b/one");
  CHECK(listing.find("pipe")->kind == FileKind::other);
  CHECK(listing.contents.at("b/two") == "2");
  CHECK(listing.problems.empty());
}

TEST_CASE("an empty folder is an empty layer") {
  const TemporaryFolder folder;
  const test::Listing listing = list_folder(folder.path());
  CHECK(listing.entries.empty());
  CHECK(listing.error.empty());
}

TEST_CASE("links never lead out of the folder") {
  const TemporaryFolder outside;
  outside.write("secret/file", "x");
  const TemporaryFolder folder;
  std::filesystem::create_directory_symlink(outside.path(), folder / "out");
  std::filesystem::create_directory_symlink("/", folder / "root");
  std::filesystem::create_directory_symlink(".", folder / "self");
  CHECK(list_folder(folder.path()).paths() == Texts{"out", "root", "self"});
}

TEST_CASE("a folder that becomes a link during the walk is not followed") {
  const TemporaryFolder outside;
  outside.write("secret", "x");
  const TemporaryFolder folder;
  folder.write("sub/a", "a");
  auto opened = source::open_source({Kind::directory, folder.path()});
  REQUIRE(opened);
  Texts seen;
  std::vector<model::Problem> problems;
  core::InlineTasks tasks;
  const auto result = (*opened)->read_layer(
      0,
      [&](const model::FileEntry& entry, source::Content&) -> core::Result<void> {
        seen.push_back(entry.path);
        if (entry.path == "sub") {
          std::filesystem::remove_all(folder / "sub");
          std::filesystem::create_directory_symlink(outside.path(), folder / "sub");
        }
        return {};
      },
      problems, tasks);
  CHECK(result);
  CHECK(seen == Texts{"sub"});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].path == "sub");
}

TEST_CASE("the folder itself may be a link") {
  const TemporaryFolder folder;
  folder.write("real/a", "a");
  std::filesystem::create_directory_symlink("real", folder / "link");
  CHECK(list_folder(folder / "link").paths() == Texts{"a"});
  CHECK(list_folder((folder / "link") + "/").paths() == Texts{"a"});
}

TEST_CASE("what may not be read becomes a problem and the walk goes on") {
  const TemporaryFolder folder;
  ::chmod(folder.path().c_str(), 0755);
  ::chmod(folder.write("closed_file", "x").c_str(), 0);
  folder.write("closed_folder/x", "x");
  ::chmod((folder / "closed_folder").c_str(), 0);
  folder.write("z", "z");
  test::Listing listing;
  const bool done = as_nobody([&] { listing = list_folder(folder.path()); });
  ::chmod((folder / "closed_folder").c_str(), 0755);
  if (!done) {
    WARN("skipped: cannot become another user");
    return;
  }
  CHECK(listing.error.empty());
  CHECK(listing.failures.at("closed_file") == "unreadable");
  CHECK(listing.contents.at("z") == "z");
  REQUIRE(listing.codes() == Texts{"unreadable"});
  CHECK(listing.problems[0].path == "closed_folder");
  CHECK(listing.problems[0].stage == "source");
  CHECK(listing.problems[0].message.find(folder / "closed_folder") != std::string::npos);
}

TEST_CASE("a file larger than the limit has a head but no content") {
  const TemporaryFolder folder;
  const std::string path = folder.write("huge",
                                        "\x7f"
                                        "ELF");
  if (::truncate(path.c_str(), static_cast<off_t>(core::limits::kMaxElfFile) + 1) != 0) {
    WARN("skipped: no sparse files here");
    return;
  }
  CHECK(list_folder(folder.path()).failures.at("huge") == "file-too-large");
}

TEST_CASE("folders nested deeper than a path may be long become one problem") {
  const TemporaryFolder folder;
  const std::string name(250, 'd');
  const std::string start = std::filesystem::current_path();
  REQUIRE(::chdir(folder.path().c_str()) == 0);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(::mkdir(name.c_str(), 0755) == 0);
    REQUIRE(::chdir(name.c_str()) == 0);
  }
  REQUIRE(::chdir(start.c_str()) == 0);
  const test::Listing listing = list_folder(folder.path());
  CHECK(listing.entries.size() == 16);
  CHECK(listing.codes() == Texts{"path-too-long"});
  // std::filesystem cannot remove so long a path: take it apart from below.
  REQUIRE(::chdir(folder.path().c_str()) == 0);
  int depth = 0;
  while (::chdir(name.c_str()) == 0) ++depth;
  for (; depth > 0; --depth) {
    REQUIRE(::chdir("..") == 0);
    ::rmdir(name.c_str());
  }
  REQUIRE(::chdir(start.c_str()) == 0);
}

TEST_CASE("kernel file systems are not walked") {
  const test::Listing listing = list_folder("/proc");
  CHECK(listing.entries.empty());
}
