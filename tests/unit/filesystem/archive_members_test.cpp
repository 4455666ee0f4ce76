// Members of archives in the merged tree: they live and die with their archive.

#include <string>
#include <utility>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/filesystem/file_tree.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using filesystem::FileTree;
using model::FileEntry;
using model::FileKind;
using model::LayerFacts;

namespace {

FileEntry entry(std::string path, FileKind kind = FileKind::regular, std::string target = {}) {
  FileEntry made;
  made.path = std::move(path);
  made.kind = kind;
  made.link_target = std::move(target);
  return made;
}

/// A layer with an archive that has libraries of these names, each with its soname.
LayerFacts jar_layer(const std::string& path, const std::vector<std::string>& names) {
  LayerFacts facts;
  facts.entries = {entry(path)};
  for (const std::string& name : names) {
    const std::string member = path + "!/" + name;
    facts.archives[path].push_back(entry(member));
    facts.elf_files[member].build_id = name;
    facts.elf_sha256[member] = "digest of " + name;
  }
  return facts;
}

LayerFacts layer(std::vector<FileEntry> entries) {
  LayerFacts facts;
  facts.entries = std::move(entries);
  return facts;
}

FileTree tree_of(std::vector<LayerFacts> layers) { return FileTree(std::move(layers)); }

std::vector<std::string> members(const FileTree& tree) {
  std::vector<std::string> all;
  for (const auto& [path, node] : tree.nodes())
    if (node.in_archive && node.entry.kind != FileKind::directory) all.push_back(path);
  return all;
}

std::vector<std::string> codes(const FileTree& tree) {
  std::vector<std::string> all;
  for (const model::Problem& problem : tree.problems()) all.push_back(problem.code);
  return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("members are files below the archive's name, with all that is known about them") {
  const FileTree tree = tree_of({jar_layer("app/x.jar", {"org/a/liba.so"})});
  const filesystem::Node* node = tree.find("app/x.jar!/org/a/liba.so");
  REQUIRE(node != nullptr);
  CHECK(node->elf->build_id == "org/a/liba.so");
  CHECK(*node->sha256 == "digest of org/a/liba.so");
  CHECK(node->layer == 0);
  for (const char* path : {"app/x.jar!", "app/x.jar!/org", "app/x.jar!/org/a"}) {
    REQUIRE(tree.find(path) != nullptr);
    CHECK(tree.find(path)->entry.kind == FileKind::directory);
    CHECK(tree.find(path)->in_archive);
  }
  CHECK_FALSE(tree.find("app/x.jar")->in_archive);
  CHECK(tree.children("app/x.jar!/org") == Texts{"a"});
}

TEST_CASE("a whiteout of the archive takes its members away") {
  CHECK(members(tree_of({jar_layer("app/x.jar", {"a.so"}),
                         layer({entry("app/x.jar", FileKind::whiteout)})}))
            .empty());
  CHECK(
      members(tree_of({jar_layer("app/x.jar", {"a.so"}), layer({entry("app", FileKind::opaque)})}))
          .empty());
}

TEST_CASE("another archive in its place has its own members only") {
  const FileTree tree =
      tree_of({jar_layer("x.jar", {"old.so", "both.so"}), jar_layer("x.jar", {"both.so"})});
  CHECK(members(tree) == Texts{"x.jar!/both.so"});
  CHECK(tree.find("x.jar!/both.so")->layer == 1);
  CHECK(members(tree_of({jar_layer("x.jar", {"old.so"}), layer({entry("x.jar")})})).empty());
}

TEST_CASE("each name of an archive has its members") {
  LayerFacts facts = jar_layer("x.jar", {"a.so"});
  facts.entries.push_back(entry("lib/y.jar", FileKind::hardlink, "x.jar"));
  const FileTree tree = tree_of({std::move(facts), layer({entry("x.jar", FileKind::whiteout)})});
  CHECK(members(tree) == Texts{"lib/y.jar!/a.so"});
  CHECK(tree.find("lib/y.jar!/a.so")->elf != nullptr);
  CHECK(tree.find("lib/y.jar!/a.so")->entry.path == "lib/y.jar!/a.so");
}

TEST_CASE("an archive behind a linked directory has its members where it lands") {
  LayerFacts facts = jar_layer("link/x.jar", {"a.so"});
  const FileTree tree = tree_of(
      {layer({entry("real", FileKind::directory), entry("link", FileKind::symlink, "real")}),
       std::move(facts)});
  CHECK(members(tree) == Texts{"real/x.jar!/a.so"});
}

TEST_CASE("a file that has the name of an archive's directory stays, and is a problem") {
  for (const FileKind kind : {FileKind::regular, FileKind::directory, FileKind::symlink}) {
    LayerFacts facts = jar_layer("x.jar", {"a.so"});
    facts.entries.push_back(entry("x.jar!", kind, "etc"));
    const FileTree tree = tree_of({std::move(facts)});
    CHECK(tree.find("x.jar!")->entry.kind == kind);
    CHECK_FALSE(tree.find("x.jar!")->in_archive);
    CHECK(members(tree).empty());
    CHECK(codes(tree) == Texts{"archive-name-taken"});
  }
}

TEST_CASE("a member cannot be below another one that is a file") {
  for (const Texts& names : {Texts{"a.so", "a.so/b.so"}, Texts{"a.so/b.so", "a.so"}}) {
    const FileTree tree = tree_of({jar_layer("x.jar", names)});
    CHECK(members(tree) == Texts{"x.jar!/" + names.front()});
    CHECK(codes(tree) == Texts{"archive-member-name"});
  }
}

TEST_CASE("links to an archive cannot fill the memory with its members") {
  LayerFacts facts;
  const std::string jar(3000, 'j');
  facts = jar_layer(jar, {});
  for (int i = 0; i < 1000; ++i)
    facts.archives[jar].push_back(entry(jar + "!/" + std::to_string(i) + ".so"));
  for (int i = 0; i < 100; ++i)
    facts.entries.push_back(
        entry(std::string(3000, 'k') + std::to_string(i), FileKind::hardlink, jar));
  const FileTree tree = tree_of({std::move(facts)});
  CHECK(members(tree).size() < core::limits::kMaxPathBytesPerLayer / 3000 + 1);
  CHECK(codes(tree) == Texts{"too-many-members"});
}
