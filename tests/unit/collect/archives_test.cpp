// What is kept of archives in a layer, and what hostile ones may cost.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "collect/archive_walker.hpp"
#include "collect/collect_with.hpp"
#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"
#include "support/zip_builder.hpp"

using namespace muslcheck;
using test::ZipBuilder;
using Texts = std::vector<std::string>;

namespace {

const std::string kElf = "\177ELF" + std::string(100, 'e');

class TextContent final : public source::Content {
 public:
  explicit TextContent(std::string text) : text_(std::move(text)) {}
  core::Result<core::ByteView> head(std::size_t size) override {
    return core::as_bytes(text_).first(std::min(size, text_.size()));
  }
  core::Result<core::ByteView> all() override { return head(text_.size()); }

 private:
  std::string text_;
};

/// A source of one layer with these files.
class TextSource final : public source::Source {
 public:
  explicit TextSource(std::vector<std::pair<std::string, std::string>> files)
      : files_(std::move(files)) {
    info_.layers.resize(1);
  }
  [[nodiscard]] const model::SourceInfo& info() const override { return info_; }
  core::Result<source::LayerReading> read_layer(std::size_t, const source::EntryVisitor& visit,
                                                std::vector<model::Problem>&,
                                                core::Tasks&) override {
    for (const auto& [path, text] : files_) {
      model::FileEntry entry;
      entry.path = path;
      entry.size = text.size();
      TextContent content(text);
      if (auto result = visit(entry, content); !result) return tl::make_unexpected(result.error());
    }
    return source::LayerReading{};
  }

 private:
  std::vector<std::pair<std::string, std::string>> files_;
  model::SourceInfo info_;
};

model::LayerFacts facts_of(std::vector<std::pair<std::string, std::string>> files) {
  TextSource source(std::move(files));
  core::InlineTasks tasks;
  core::MemoryBudget memory(1U << 30U);
  const auto read = [](std::string_view, core::ByteView bytes) {
    elf::ReadResult result;
    result.facts.emplace().build_id = std::to_string(bytes.size());
    return result;
  };
  auto facts = collect::collect_layer_with(source, 0, read, tasks, memory);
  REQUIRE(facts);
  return std::move(*facts);
}

Texts members(const model::LayerFacts& facts, const std::string& archive) {
  Texts paths;
  const auto found = facts.archives.find(archive);
  if (found == facts.archives.end()) return paths;
  for (const model::FileEntry& entry : found->second) paths.push_back(entry.path);
  return paths;
}

Texts problems(const model::LayerFacts& facts) {
  Texts texts;
  for (const model::Problem& problem : facts.problems)
    texts.push_back(problem.path + ": " + problem.code);
  return texts;
}

std::string jar(const std::string& member, const std::string& content) {
  return ZipBuilder().stored(member, content).finish();
}

}  // namespace

TEST_CASE("of a jar its libraries, programs and what names it are kept") {
  const std::string zip =
      ZipBuilder()
          .stored("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\nName: x")
          .deflated("META-INF/maven/g/a/pom.properties", "version=1\n")
          .deflated("META-INF/maven/g/a/pom.xml", "<project/>")
          .deflated("org/foo/Foo.class", kElf)
          .deflated("org/foo/libfoo.so", kElf)
          .stored("org/foo/libfoo.so.1", kElf)
          .deflated("lib_java.so_linux_amd64", kElf)
          .deflated("linux/node", kElf)
          .deflated("META-INF/services/x", kElf)
          .deflated("not-elf.so", std::string(200, 'x'))
          .deflated("x.source", kElf)
          .stored("folder.so/", "")
          .finish();
  const model::LayerFacts facts = facts_of({{"app/x.jar", zip}});
  CHECK(problems(facts).empty());
  CHECK(members(facts, "app/x.jar") ==
        Texts{"app/x.jar!/META-INF/MANIFEST.MF", "app/x.jar!/META-INF/maven/g/a/pom.properties",
              "app/x.jar!/org/foo/libfoo.so", "app/x.jar!/org/foo/libfoo.so.1",
              "app/x.jar!/lib_java.so_linux_amd64", "app/x.jar!/linux/node"});
  CHECK(facts.elf_files.size() == 4);
  CHECK(facts.elf_files.at("app/x.jar!/org/foo/libfoo.so").build_id == "104");
  CHECK(facts.elf_sha256.at("app/x.jar!/linux/node").size() == 64);
  CHECK(facts.metadata.at("app/x.jar!/META-INF/MANIFEST.MF") == "Manifest-Version: 1.0");
  CHECK(facts.metadata.at("app/x.jar!/META-INF/maven/g/a/pom.properties") == "version=1\n");
  CHECK(facts.entries.size() == 1);
}

TEST_CASE("archives in archives are looked into, stored or deflated, to the limit") {
  const std::string inner = jar("x.so", kElf);
  const std::string war =
      ZipBuilder().stored("WEB-INF/lib/a.jar", inner).deflated("WEB-INF/lib/b.jar", inner).finish();
  CHECK(members(facts_of({{"x.ear", jar("y.war", war)}}), "x.ear") ==
        Texts{"x.ear!/y.war!/WEB-INF/lib/a.jar!/x.so", "x.ear!/y.war!/WEB-INF/lib/b.jar!/x.so"});
  std::string nested = inner;
  for (std::size_t depth = 1; depth < core::limits::kMaxArchiveDepth; ++depth)
    nested = jar("n.jar", nested);
  CHECK(members(facts_of({{"x.jar", nested}}), "x.jar").size() == 1);
  const model::LayerFacts deep = facts_of({{"x.jar", jar("n.jar", nested)}});
  CHECK(members(deep, "x.jar").empty());
  CHECK(problems(deep) == Texts{"x.jar!/n.jar!/n.jar!/n.jar!/n.jar: archive-too-deep"});
}

TEST_CASE("archives are recognised by name and start") {
  const std::string zip = jar("x.so", kElf);
  const std::string script = "#!/bin/sh\nexec java -jar $0\n";
  const model::LayerFacts facts = facts_of({{"a.jar", zip},
                                            {"b.zip", zip},
                                            {"c.jar", "version https://git-lfs"},
                                            {"d.jar", script + zip},
                                            {"e.jar", script},
                                            {"f.jar", zip.substr(0, zip.size() - 1)}});
  CHECK(members(facts, "a.jar").size() == 1);
  CHECK(members(facts, "b.zip").empty());
  CHECK(members(facts, "d.jar") == Texts{"d.jar!/x.so"});
  CHECK(facts.shebangs.at("d.jar") == "/bin/sh");
  CHECK(problems(facts) == Texts{"e.jar: not-a-zip", "f.jar: not-a-zip"});
}

TEST_CASE("what comes again later in the layer replaces the archive") {
  const model::LayerFacts facts = facts_of(
      {{"a.jar", ZipBuilder().stored("x.so", kElf).stored("META-INF/MANIFEST.MF", "A: b").finish()},
       {"a.jar", jar("y.so", kElf)}});
  CHECK(members(facts, "a.jar") == Texts{"a.jar!/y.so"});
  CHECK(facts.elf_files.size() == 1);
  CHECK(facts.metadata.empty());
}

TEST_CASE("of members with the same name the last one counts") {
  const model::LayerFacts facts = facts_of(
      {{"a.jar", ZipBuilder().stored("x.so", kElf).stored("x.so", kElf + "longer").finish()}});
  CHECK(members(facts, "a.jar").size() == 1);
  CHECK(facts.elf_files.at("a.jar!/x.so").build_id == std::to_string(kElf.size() + 6));
}

TEST_CASE("names that are no plain paths are problems") {
  for (const std::string name :
       {"../x.so", "/x.so", "a/./x.so", "a//x.so", "b!/x.so", "../META-INF/../x.so"}) {
    INFO(name);
    const model::LayerFacts facts = facts_of({{"a.jar", jar(name, kElf)}});
    CHECK(facts.archives.empty());
    CHECK(problems(facts) == Texts{"a.jar: archive-member-name"});
  }
  const std::string nul("a\0.so", 5);
  CHECK(problems(facts_of({{"a.jar", jar(nul, kElf)}})) == Texts{"a.jar: archive-member-name"});
  const std::string longest(core::limits::kMaxPathLength - 7, 'x');
  CHECK(problems(facts_of({{"a.jar", jar(longest.substr(3) + ".so", kElf)}})).empty());
  CHECK(problems(facts_of({{"a.jar", jar(longest.substr(2) + ".so", kElf)}})).size() == 1);
}

TEST_CASE("members that cannot be read are problems of their own") {
  const std::string zip = ZipBuilder()
                              .deflated("a.so", kElf, {.flags = 1})
                              .deflated("b.so", kElf, {.crc32 = 1})
                              .deflated("c.so", kElf)
                              .deflated("d.jar", "no zip")
                              .finish();
  const model::LayerFacts facts = facts_of({{"x.jar", zip}});
  CHECK(members(facts, "x.jar") == Texts{"x.jar!/c.so"});
  CHECK(problems(facts) == Texts{"x.jar!/a.so: zip-encrypted", "x.jar!/b.so: zip-checksum",
                                 "x.jar!/d.jar: not-a-zip"});
}

TEST_CASE("members that share their bytes do not unpack without end") {
  // 100 records for 2 MiB that are some KiB in the archive.
  ZipBuilder bomb;
  bomb.deflated("0.so", "\177ELF" + std::string(2U << 20U, '\0'));
  for (int i = 1; i < 100; ++i) bomb.again(std::to_string(i) + ".so");
  const model::LayerFacts facts = facts_of({{"x.jar", bomb.finish()}});
  const std::size_t allowed = core::limits::kFreeExpansion / (2U << 20U);
  CHECK(members(facts, "x.jar").size() <= allowed);
  CHECK(members(facts, "x.jar").size() > allowed - 2);
  CHECK(problems(facts).size() == 100 - members(facts, "x.jar").size());
  CHECK(facts.problems.front().code == "archive-expansion");
}

TEST_CASE("the same archive in an archive a hundred thousand times is not looked into each time") {
  ZipBuilder outer;
  outer.stored("0.jar", ZipBuilder().finish());
  for (int i = 1; i < 30'000; ++i) outer.again(std::to_string(i) + ".jar");
  const model::LayerFacts facts = facts_of({{"x.jar", outer.finish()}});
  REQUIRE(facts.problems.size() == 1);
  CHECK(facts.problems.front().code == "archives-too-large");
}

TEST_CASE("a manifest is kept to its first empty line and to the limit") {
  const std::string name = "META-INF/MANIFEST.MF";
  const auto kept = [&](const std::string& text) {
    return facts_of({{"a.jar", jar(name, text)}}).metadata.at("a.jar!/" + name);
  };
  CHECK(kept("A: b\n\nName: c\n") == "A: b");
  CHECK(kept("A: b\n") == "A: b\n");
  CHECK(kept(std::string(100'000, 'x')).size() == core::limits::kMaxArchiveMetadata);
}
