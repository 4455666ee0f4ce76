#include "muslcheck/filesystem/file_tree.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using filesystem::FileTree;
using filesystem::LookupStatus;
using model::FileEntry;
using model::FileKind;
using model::LayerFacts;

namespace {

FileEntry entry(std::string path, FileKind kind, std::string target = {}) {
  FileEntry made;
  made.path = std::move(path);
  made.kind = kind;
  made.link_target = std::move(target);
  return made;
}

FileEntry file(const char* path) { return entry(path, FileKind::regular); }
FileEntry file(const std::string& path) { return entry(path, FileKind::regular); }
FileEntry directory(const char* path) { return entry(path, FileKind::directory); }
FileEntry soft_link(const std::string& path, const std::string& target) {
  return entry(path, FileKind::symlink, target);
}
FileEntry hard_link(const char* path, const char* target) {
  return entry(path, FileKind::hardlink, target);
}
FileEntry whiteout(const std::string& path) { return entry(path, FileKind::whiteout); }
FileEntry opaque(const char* path) { return entry(path, FileKind::opaque); }

LayerFacts layer(std::vector<FileEntry> entries) {
  LayerFacts facts;
  facts.entries = std::move(entries);
  return facts;
}

/// A tree of layers that are given by their entries only.
FileTree tree_of(std::vector<std::vector<FileEntry>> layers) {
  std::vector<LayerFacts> facts;
  for (auto& entries : layers) facts.push_back(layer(std::move(entries)));
  return FileTree(std::move(facts));
}

std::vector<std::string> paths(const FileTree& tree) {
  std::vector<std::string> all;
  for (const auto& [path, node] : tree.nodes()) all.push_back(path);
  return all;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("missing parents become directories") {
  const FileTree tree = tree_of({{file("a/b/c")}});
  CHECK(paths(tree) == Paths{"a", "a/b", "a/b/c"});
  CHECK(tree.find("a/b")->entry.kind == FileKind::directory);
}

TEST_CASE("a whiteout hides a file and a whole subtree of lower layers") {
  const FileTree tree =
      tree_of({{file("a/x"), file("b/c/d"), file("b-c")}, {whiteout("a/x"), whiteout("b")}});
  CHECK(paths(tree) == Paths{"a", "b-c"});
}

TEST_CASE("a whiteout never hides its own layer, whatever the order") {
  const FileTree after = tree_of({{file("a/x")}, {file("a/x"), whiteout("a/x")}});
  const FileTree before = tree_of({{file("a/x")}, {whiteout("a/x"), file("a/x")}});
  REQUIRE(after.find("a/x") != nullptr);
  CHECK(after.find("a/x")->layer == 1);
  CHECK(paths(before) == paths(after));
}

TEST_CASE("a whiteout of what is not there is nothing") {
  CHECK(paths(tree_of({{file("a")}, {whiteout("b"), whiteout("c/d")}})) == Paths{"a"});
}

TEST_CASE("an opaque directory hides lower content only, whatever the order") {
  const FileTree tree =
      tree_of({{file("d/old"), file("d/sub/old"), file("keep")}, {file("d/new"), opaque("d")}});
  CHECK(paths(tree) == Paths{"d", "d/new", "keep"});
}

TEST_CASE("an opaque marker below a link hides what the link leads to") {
  const FileTree tree =
      tree_of({{file("usr/lib/x"), soft_link("lib", "usr/lib")}, {opaque("lib"), file("lib/y")}});
  CHECK(paths(tree) == Paths{"lib", "usr", "usr/lib", "usr/lib/y"});
}

TEST_CASE("markers in a directory that replaces a link do not reach through the link") {
  const std::vector<FileEntry> lower{file("usr/lib/x"), soft_link("lib", "usr/lib")};
  const FileTree hidden = tree_of({lower, {directory("lib"), opaque("lib"), whiteout("lib/x")}});
  CHECK(hidden.find("usr/lib/x") != nullptr);
  const FileTree gone = tree_of({lower, {whiteout("lib"), directory("lib"), opaque("lib")}});
  CHECK(gone.find("usr/lib/x") != nullptr);
}

TEST_CASE("a marker below a link of its own layer hides what the link leads to") {
  CHECK(paths(tree_of({{file("d/old")}, {soft_link("l", "d"), whiteout("l/old")}})) ==
        Paths{"d", "l"});
}

TEST_CASE("a directory that its layer put something in outlives a whiteout behind that") {
  FileEntry lower = directory("d");
  lower.mode = 0700;
  const FileTree tree = tree_of({{lower, file("d/old")}, {file("d/new"), whiteout("d")}});
  CHECK(paths(tree) == Paths{"d", "d/new"});
  CHECK(tree.find("d")->entry.mode == 0700);
}

TEST_CASE("markers inside and around each other clear as much in any order") {
  const std::vector<FileEntry> lower{file("a/b/old"), file("a/b-c/old"), file("a/old"), file("a0")};
  const std::vector<FileEntry> kept{file("a/b/c/new"), file("a/b-c/new")};
  const std::vector<FileEntry> markers{opaque("a/b/c"), opaque("a/b-c"), opaque("a/b"), opaque("a"),
                                       whiteout("a/b")};
  std::vector<std::size_t> order{0, 1, 2, 3, 4};
  do {
    std::vector<FileEntry> upper = kept;
    for (const std::size_t i : order) upper.push_back(markers[i]);
    CHECK(paths(tree_of({lower, upper})) ==
          Paths{"a", "a/b", "a/b-c", "a/b-c/new", "a/b/c", "a/b/c/new", "a0"});
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("an opaque directory itself stays") {
  const FileTree tree = tree_of({{file("d/old")}, {opaque("d")}});
  CHECK(paths(tree) == Paths{"d"});
}

TEST_CASE("an opaque root hides every lower layer") {
  CHECK(paths(tree_of({{file("a")}, {opaque(""), file("b")}})) == Paths{"b"});
}

TEST_CASE("a file that comes back in a later layer is there") {
  const FileTree tree = tree_of({{file("a")}, {whiteout("a")}, {file("a")}});
  REQUIRE(tree.find("a") != nullptr);
  CHECK(tree.find("a")->layer == 2);
}

TEST_CASE("a directory over a directory keeps the children and takes the new mode") {
  FileEntry changed = directory("d");
  changed.mode = 0700;
  const FileTree tree = tree_of({{directory("d"), file("d/x")}, {changed}});
  CHECK(paths(tree) == Paths{"d", "d/x"});
  CHECK(tree.find("d")->entry.mode == 0700);
  CHECK(tree.find("d")->layer == 1);
}

TEST_CASE("anything else over a directory takes the children away") {
  CHECK(paths(tree_of({{file("d/x/y")}, {file("d")}})) == Paths{"d"});
  CHECK(paths(tree_of({{file("d/x/y")}, {soft_link("d", "e")}})) == Paths{"d"});
}

TEST_CASE("a directory replaces a file and a link") {
  const FileTree tree =
      tree_of({{file("d"), soft_link("l", "d")}, {directory("d"), directory("l")}});
  CHECK(tree.find("d")->entry.kind == FileKind::directory);
  CHECK(tree.find("l")->entry.kind == FileKind::directory);
}

TEST_CASE("of duplicates in one layer the last wins") {
  FileEntry second = file("a");
  second.size = 99;
  const FileTree tree = tree_of({{file("a"), second}});
  CHECK(tree.find("a")->entry.size == 99);
}

TEST_CASE("an entry below a link to a directory lands in that directory") {
  const FileTree tree = tree_of({{directory("usr/lib"), soft_link("lib", "usr/lib")},
                                 {file("lib/x.so"), file("lib/new/y.so")}});
  CHECK(tree.find("usr/lib/x.so") != nullptr);
  CHECK(tree.find("usr/lib/new/y.so") != nullptr);
  CHECK(tree.find("lib")->entry.kind == FileKind::symlink);
}

TEST_CASE("a whiteout below a link to a directory hides in that directory") {
  const FileTree tree =
      tree_of({{file("usr/lib/x"), soft_link("lib", "usr/lib")}, {whiteout("lib/x")}});
  CHECK(tree.find("usr/lib/x") == nullptr);
}

TEST_CASE("a file in the way of a directory gives way") {
  const FileTree tree = tree_of({{file("a")}, {file("a/b")}});
  CHECK(paths(tree) == Paths{"a", "a/b"});
  CHECK(tree.find("a")->entry.kind == FileKind::directory);
}

TEST_CASE("an entry below a link that leads nowhere makes what the link leads to") {
  const FileTree tree = tree_of({{soft_link("a", "gone/further"), soft_link("b/up", "../../new")},
                                 {file("a/x"), file("b/up/y")}});
  CHECK(paths(tree) ==
        Paths{"a", "b", "b/up", "gone", "gone/further", "gone/further/x", "new", "new/y"});
}

TEST_CASE("a link in the way that leads to no directory gives way to one") {
  const FileTree tree =
      tree_of({{soft_link("l", "l"), file("f"), soft_link("s", "f")}, {file("l/b"), file("s/b")}});
  CHECK(paths(tree) == Paths{"f", "l", "l/b", "s", "s/b"});
}

TEST_CASE("a parent that is replaced within the layer is looked at again") {
  const FileTree tree = tree_of({{directory("e"), file("d/x"), soft_link("d", "e"), file("d/y")}});
  CHECK(paths(tree) == Paths{"d", "e", "e/y"});
}

TEST_CASE("a hard link has the content of its target, also of a lower layer") {
  LayerFacts lower = layer({file("bin/tool")});
  lower.elf_files["bin/tool"] = {};
  lower.elf_sha256["bin/tool"] = "abc";
  std::vector<LayerFacts> layers;
  layers.push_back(std::move(lower));
  layers.push_back(layer({hard_link("bin/alias", "bin/tool")}));
  const FileTree tree(std::move(layers));
  const filesystem::Node* alias = tree.find("bin/alias");
  REQUIRE(alias != nullptr);
  CHECK(alias->entry.kind == FileKind::regular);
  CHECK(alias->entry.path == "bin/alias");
  CHECK(alias->elf == tree.find("bin/tool")->elf);
  CHECK(*alias->sha256 == "abc");
  CHECK(alias->layer == 0);
}

TEST_CASE("a hard link keeps its content when its target is replaced later") {
  LayerFacts lower = layer({file("a"), hard_link("b", "a")});
  lower.elf_sha256["a"] = "old";
  std::vector<LayerFacts> layers;
  layers.push_back(std::move(lower));
  layers.push_back(layer({file("a")}));
  const FileTree tree(std::move(layers));
  REQUIRE(tree.find("b")->sha256 != nullptr);
  CHECK(*tree.find("b")->sha256 == "old");
  CHECK(tree.find("a")->sha256 == nullptr);
}

TEST_CASE("a hard link to a symbolic link is that link") {
  const FileTree tree = tree_of({{file("x"), soft_link("s", "x"), hard_link("h", "s")}});
  CHECK(tree.find("h")->entry.kind == FileKind::symlink);
  CHECK(tree.find("h")->entry.link_target == "x");
}

TEST_CASE("a hard link may stand before its target in the archive") {
  const FileTree tree = tree_of({{hard_link("a", "b"), file("b")}});
  REQUIRE(tree.find("a") != nullptr);
  CHECK(tree.problems().empty());
}

TEST_CASE("a hard link may replace a directory that holds its target") {
  const FileTree tree = tree_of({{file("d/x")}, {hard_link("d", "d/x")}});
  CHECK(paths(tree) == Paths{"d"});
  CHECK(tree.find("d")->entry.kind == FileKind::regular);
}

TEST_CASE("a hard link keeps a file that its layer hides behind it") {
  const FileTree tree = tree_of({{file("a")}, {hard_link("b", "a"), whiteout("a")}});
  CHECK(paths(tree) == Paths{"b"});
  CHECK(tree.problems().empty());
}

TEST_CASE("a hard link without a usable target is a problem, not a file") {
  const FileTree tree = tree_of({{hard_link("a", "gone"), directory("d"), hard_link("b", "d"),
                                  hard_link("c", "c"), hard_link("e", "")}});
  CHECK(paths(tree) == Paths{"d"});
  std::vector<std::string> codes;
  for (const model::Problem& problem : tree.problems()) codes.push_back(problem.code);
  std::sort(codes.begin(), codes.end());
  CHECK(codes == Paths{"hardlink-target-missing", "hardlink-target-missing",
                       "hardlink-target-missing", "hardlink-to-directory"});
}

TEST_CASE("nodes point into the facts of their layer, also after the tree moves") {
  LayerFacts facts = layer({file("s"), file("package.json")});
  facts.shebangs["s"] = "/bin/sh";
  facts.scripts["s"] = "#!/bin/sh\nexit\n";
  facts.metadata["package.json"] = "{}";
  std::vector<LayerFacts> layers;
  layers.push_back(std::move(facts));
  FileTree first(std::move(layers));
  const FileTree tree = std::move(first);
  CHECK(*tree.find("s")->shebang == "/bin/sh");
  CHECK(*tree.find("s")->script == "#!/bin/sh\nexit\n");
  CHECK(tree.find("package.json")->script == nullptr);
  CHECK(*tree.find("package.json")->metadata == "{}");
  CHECK(tree.find("s")->elf == nullptr);
}

TEST_CASE("problems of layers are kept") {
  LayerFacts facts;
  facts.problems.push_back({.path = "x", .stage = "elf", .code = "truncated", .message = ""});
  std::vector<LayerFacts> layers;
  layers.push_back(facts);
  CHECK(FileTree(std::move(layers)).problems() == facts.problems);
}

TEST_CASE("lookup follows links in every component, inside the root") {
  const FileTree tree = tree_of(
      {{file("usr/lib/x.so.1"), soft_link("usr/lib/x.so", "x.so.1"), soft_link("lib", "usr/lib"),
        soft_link("abs", "/lib/x.so"), soft_link("up", "../../../../usr/lib")}});
  const auto real = [&](std::string_view path) { return tree.lookup(path).real_path; };
  CHECK(real("/lib/x.so") == "usr/lib/x.so.1");
  CHECK(real("lib/x.so") == "usr/lib/x.so.1");
  CHECK(real("abs") == "usr/lib/x.so.1");
  CHECK(real("up/x.so") == "usr/lib/x.so.1");
  CHECK(real("lib/../lib/./x.so") == "usr/lib/x.so.1");
  CHECK(tree.lookup("lib/x.so").node == tree.find("usr/lib/x.so.1"));
}

TEST_CASE("dot-dot after a link leaves the link's target, as in the kernel") {
  const FileTree tree = tree_of({{file("usr/lib/x"), file("usr/y"), soft_link("lib", "usr/lib")}});
  CHECK(tree.lookup("lib/../y").real_path == "usr/y");
  CHECK(tree.lookup("y").status == LookupStatus::absent);
}

TEST_CASE("lookup of the root finds the root directory") {
  const FileTree tree = tree_of({{file("a")}});
  for (const char* path : {"", "/", "..", "/../.."}) {
    const filesystem::Lookup root = tree.lookup(path);
    CHECK(root.status == LookupStatus::found);
    CHECK(root.real_path.empty());
    REQUIRE(root.node != nullptr);
    CHECK(root.node->entry.kind == FileKind::directory);
  }
}

TEST_CASE("lookup says why it found nothing") {
  const FileTree tree =
      tree_of({{file("f"), soft_link("dangling", "gone"), soft_link("loop", "loop"),
                soft_link("ping", "pong"), soft_link("pong", "ping/x"), soft_link("to_f", "f")}});
  CHECK(tree.lookup("g").status == LookupStatus::absent);
  CHECK(tree.lookup("g/h").status == LookupStatus::absent);
  CHECK(tree.lookup("dangling").status == LookupStatus::absent);
  CHECK(tree.lookup("f/x").status == LookupStatus::not_a_directory);
  CHECK(tree.lookup("f/.").status == LookupStatus::not_a_directory);
  CHECK(tree.lookup("f/").status == LookupStatus::not_a_directory);
  CHECK(tree.lookup("to_f/x").status == LookupStatus::not_a_directory);
  CHECK(tree.lookup("loop").status == LookupStatus::too_many_links);
  CHECK(tree.lookup("ping").status == LookupStatus::too_many_links);
}

TEST_CASE("a chain of links is followed up to the kernel's limit") {
  std::vector<FileEntry> entries{file("l0")};
  for (int i = 1; i <= core::limits::kMaxLinkDepth + 1; ++i)
    entries.push_back(soft_link("l" + std::to_string(i), "l" + std::to_string(i - 1)));
  const FileTree tree = tree_of({entries});
  const auto at = [&](int i) { return tree.lookup("l" + std::to_string(i)).status; };
  CHECK(at(core::limits::kMaxLinkDepth) == LookupStatus::found);
  CHECK(at(core::limits::kMaxLinkDepth + 1) == LookupStatus::too_many_links);
}

TEST_CASE("children are the names directly in a directory, sorted") {
  const FileTree tree =
      tree_of({{file("d/b/x/y"), file("d/a"), file("d/b-c"), file("d/b0"), file("dd"), file("z")}});
  CHECK(tree.children("d") == Paths{"a", "b", "b-c", "b0"});
  CHECK(tree.children("") == Paths{"d", "dd", "z"});
  CHECK(tree.children("d/a").empty());
  CHECK(tree.children("gone").empty());
}

TEST_CASE("200 000 entries, links and a hiding layer are merged quickly") {
  std::vector<FileEntry> entries;
  for (int i = 0; i < 200'000; ++i)
    entries.push_back(file("d" + std::to_string(i % 500) + "/f" + std::to_string(i)));
  std::vector<FileEntry> hiding;
  for (int i = 0; i < 250; ++i) hiding.push_back(whiteout("d" + std::to_string(i)));
  const FileTree tree = tree_of({std::move(entries), std::move(hiding)});
  CHECK(tree.nodes().size() == 250 + 100'000);
}

TEST_CASE("thousands of markers around thousands of entries cost little more than either") {
  std::vector<FileEntry> entries;
  std::string deep;
  for (int i = 0; i < 1500; ++i) deep += "d/";
  for (int i = 0; i < 5000; ++i) entries.push_back(file(deep + std::to_string(i)));
  for (std::size_t size = deep.size() - 1; size + 1 > 0; size -= 2)
    entries.push_back(entry(deep.substr(0, size), FileKind::opaque));
  for (int i = 0; i < 5000; ++i) entries.push_back(opaque("d"));
  const FileTree tree = tree_of({{file("d/d/old")}, std::move(entries)});
  CHECK(tree.nodes().size() == 1500 + 5000);
}

TEST_CASE("markers and links to what is not there cost little, however deep") {
  std::string deep;
  for (int i = 0; i < 2000; ++i) deep += "n/";
  std::vector<FileEntry> entries{soft_link("l", ".")};
  for (int i = 0; i < 2000; ++i) {
    const std::string name = deep + std::to_string(i);
    entries.push_back(whiteout(name));
    entries.push_back(whiteout("l/" + name.substr(0, 4000)));
    entries.push_back(entry("h", FileKind::hardlink, name));
  }
  CHECK(paths(tree_of({std::move(entries)})) == Paths{"l"});
}

TEST_CASE("directories that no entry names are made up to a limit") {
  // Each of these names makes two thousand directories, whose paths are two megabytes together.
  std::string deep;
  for (int i = 0; i < 2000; ++i) deep += "d/";
  std::vector<FileEntry> entries;
  for (int i = 0; i < 100; ++i) entries.push_back(file(std::to_string(i) + "/" + deep + "x"));
  entries.push_back(file("last"));
  const FileTree tree = tree_of({std::move(entries)});
  CHECK(tree.find("0/" + deep + "x") != nullptr);
  CHECK(tree.find("last") == nullptr);
  REQUIRE(tree.problems().size() == 1);
  CHECK(tree.problems()[0].code == "too-many-directories");
}

TEST_CASE("a chain of directories as deep as a path can be costs no more than its length") {
  std::vector<FileEntry> entries;
  std::string path;
  while (path.size() + 2 < core::limits::kMaxPathLength) {
    path += path.empty() ? "d" : "/d";
    entries.push_back(entry(path, FileKind::directory));
    entries.push_back(file(path + "/x"));
  }
  const std::size_t count = entries.size();
  CHECK(tree_of({std::move(entries)}).nodes().size() == count);
}

TEST_CASE("entries below links to directories land there at any depth") {
  const FileTree tree = tree_of({{directory("a/b/c"), soft_link("l", "a"), soft_link("a/m", "b/c")},
                                 {file("l/m/new/deep/x"), file("l/b/y")}});
  CHECK(tree.find("a/b/c/new/deep/x") != nullptr);
  CHECK(tree.find("a/b/y") != nullptr);
}

TEST_CASE("a path longer than any path is not looked up") {
  const FileTree tree = tree_of({{file("x")}});
  CHECK(tree.lookup(std::string(1'000'000, '/') + "x").status == LookupStatus::absent);
}
