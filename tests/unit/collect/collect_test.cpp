#include "muslcheck/collect/collect.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "collect/collect_with.hpp"
#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"
#include "support/thread_tasks.hpp"

using namespace muslcheck;
using model::FileEntry;
using model::FileKind;
using Texts = std::vector<std::string>;

namespace {

const std::string kElf =
    "\x7f"
    "ELF and the rest";

/// Content in memory that counts how much of it was asked for.
class FakeContent final : public source::Content {
 public:
  FakeContent(std::string text, std::string failure, bool changes)
      : text_(std::move(text)), failure_(std::move(failure)), changes_(changes) {}
  core::Result<core::ByteView> head(std::size_t size) override {
    most_ = std::max(most_, std::min(size, text_.size()));
    if (!failure_.empty()) return core::fail(core::ErrorCode::io, failure_, "cannot be read");
    return core::as_bytes(text_).first(std::min(size, text_.size()));
  }
  core::Result<core::ByteView> all() override { return head(text_.size()); }
  [[nodiscard]] std::uint64_t memory_to_keep() const override { return memory_; }
  void set_memory(std::uint64_t memory) { memory_ = memory; }
  [[nodiscard]] core::Result<void> check_unchanged() const override {
    if (changes_) return core::fail(core::ErrorCode::io, "changed-during-scan", "became shorter");
    return {};
  }
  [[nodiscard]] std::size_t most() const { return most_; }

 private:
  std::string text_;
  std::string failure_;
  bool changes_;
  std::size_t most_ = 0;
  std::uint64_t memory_ = 0;
};

struct FakeFile {
  std::string path;
  std::string text;
  std::string failure = {};
  FileKind kind = FileKind::regular;
  std::uint64_t size = 0;    ///< if it is to differ from the text's
  bool changes = false;      ///< after it was read
  std::uint64_t memory = 0;  ///< that keeping it takes
};

/// A source of one layer whose files are given.
class FakeSource final : public source::Source {
 public:
  explicit FakeSource(std::vector<FakeFile> files) : files_(std::move(files)) {
    info_.layers.resize(1);
    info_.layers[0].digest = "sha256:1";
  }
  [[nodiscard]] const model::SourceInfo& info() const override { return info_; }
  core::Result<source::LayerReading> read_layer(std::size_t, const source::EntryVisitor& visit,
                                                std::vector<model::Problem>& problems,
                                                core::Tasks&) override {
    if (fails) return core::fail(core::ErrorCode::malformed, "layer-not-a-tar", "no tar");
    problems.push_back({.path = "l", .stage = "layer", .code = "layer-damaged", .message = ""});
    for (const FakeFile& file : files_) {
      FileEntry entry;
      entry.path = file.path;
      entry.kind = file.kind;
      entry.size = file.size != 0 ? file.size : file.text.size();
      FakeContent content(file.text, file.failure, file.changes);
      content.set_memory(file.memory);
      if (auto result = visit(entry, content); !result) return tl::make_unexpected(result.error());
      bytes_read[file.path] = content.most();
    }
    return source::LayerReading{.verified_digest = verified_digest};
  }
  bool fails = false;
  std::string verified_digest;
  std::map<std::string, std::size_t> bytes_read;

 private:
  std::vector<FakeFile> files_;
  model::SourceInfo info_;
};

elf::ReadResult good_elf(std::string_view, core::ByteView) {
  elf::ReadResult result;
  result.facts.emplace().machine = 62;
  return result;
}

model::LayerFacts facts_of(FakeSource& source, const collect::ElfRead& read = good_elf) {
  core::InlineTasks tasks;
  core::MemoryBudget memory(1U << 30U);
  auto facts = collect::collect_layer_with(source, 0, read, tasks, memory);
  REQUIRE(facts);
  return std::move(*facts);
}

model::LayerFacts facts_of(std::vector<FakeFile> files, const collect::ElfRead& read = good_elf) {
  FakeSource source(std::move(files));
  return facts_of(source, read);
}

core::Error problem(const char* reason) {
  return {.code = core::ErrorCode::malformed,
          .reason = reason,
          .message = "m",
          .path = {},
          .offset = {}};
}

}  // namespace

TEST_CASE("ELF files are recognised by their magic and hashed") {
  const auto facts = facts_of({{"app/tool", kElf}, {"lib.so", "not ELF"}});
  REQUIRE(facts.elf_files.size() == 1);
  CHECK(facts.elf_files.at("app/tool").machine == 62);
  CHECK(facts.elf_sha256.at("app/tool") == core::sha256_hex(core::as_bytes(kElf)));
  CHECK(facts.entries.size() == 2);
  CHECK(facts.digest == "sha256:1");
}

TEST_CASE("files in a distribution's folders are not hashed") {
  const std::vector<std::pair<const char*, bool>> cases{
      {"usr/lib/x86_64-linux-gnu/libz.so.1", false},
      {"usr/bin/tool", false},
      {"bin/tool", false},
      {"sbin/tool", false},
      {"lib/libc.so.6", false},
      {"lib64/ld-linux-x86-64.so.2", false},
      {"usr/local/lib/libmine.so", true},
      {"usr2/tool", true},
      {"opt/tool", true},
      {"tool", true},
      {"app/usr/lib/tool", true},
  };
  for (const auto& [path, hashed] : cases) {
    INFO(path);
    const auto facts = facts_of({{path, kElf}});
    CHECK(facts.elf_files.size() == 1);
    CHECK(facts.elf_sha256.size() == (hashed ? 1 : 0));
  }
}

TEST_CASE("facts are verified if the source says so") {
  FakeSource source(std::vector<FakeFile>{{"a", "text"}});
  CHECK(!facts_of(source).verified);
  source.verified_digest = "sha256:1";
  CHECK(facts_of(source).verified);
}

TEST_CASE("a layer that is not done in time is none") {
  FakeSource source({{"a", kElf}, {"b", kElf}, {"c", "text"}});
  core::InlineTasks tasks;
  core::MemoryBudget memory(1U << 30U);
  const auto deadline = core::Deadline::after(std::chrono::milliseconds(50));
  std::vector<std::string> read;
  const auto slow = [&](std::string_view path, core::ByteView bytes) {
    read.emplace_back(path);
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    return good_elf(path, bytes);
  };
  const auto facts = collect::collect_layer_with(source, 0, slow, tasks, memory, deadline);
  REQUIRE_FALSE(facts);
  CHECK(facts.error().reason == "scan-timeout");
  CHECK(read == std::vector<std::string>{"a"});
}

TEST_CASE("a layer whose last file takes the time that is left is none either") {
  FakeSource source(std::vector<FakeFile>{{"a", kElf}});
  core::InlineTasks tasks;
  core::MemoryBudget memory(1U << 30U);
  const auto slow = [](std::string_view path, core::ByteView bytes) {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    return good_elf(path, bytes);
  };
  const auto facts = collect::collect_layer_with(
      source, 0, slow, tasks, memory, core::Deadline::after(std::chrono::milliseconds(50)));
  REQUIRE_FALSE(facts);
  CHECK(facts.error().code == core::ErrorCode::timeout);
}

TEST_CASE("what tasks find is put together in the order of the entries") {
  FakeSource source({{"b", kElf}, {"a", kElf}, {"b", "text"}, {"c", kElf}});
  const auto failing = [](std::string_view path, core::ByteView) {
    elf::ReadResult result;
    result.problem = problem(path == "a" ? "second" : path == "b" ? "gone" : "third");
    return result;
  };
  const auto facts = facts_of(source, failing);
  REQUIRE(facts.problems.size() == 3);  // the first one is the source's
  CHECK(facts.problems[1].code == "second");
  CHECK(facts.problems[2].code == "third");
}

TEST_CASE("the reader gets the whole file and its path") {
  std::string seen;
  facts_of({{"a/b", kElf}}, [&](std::string_view path, core::ByteView bytes) {
    seen = std::string(path) + " " + std::string(core::as_text(bytes));
    return good_elf(path, bytes);
  });
  CHECK(seen == "a/b " + kElf);
}

TEST_CASE("objects for the linker, core dumps and debug files are passed over in silence") {
  for (const char* reason : {"relocatable-object", "core-file", "debug-file"}) {
    INFO(reason);
    const auto facts = facts_of({{"a.o", kElf}}, [&](std::string_view, core::ByteView) {
      return elf::ReadResult{.facts = std::nullopt, .problem = problem(reason)};
    });
    CHECK(facts.elf_files.empty());
    CHECK(facts.problems.size() == 1);  // the source's own
  }
}

TEST_CASE("an ELF file that cannot be read is a problem, with what is known of it") {
  const auto nothing = facts_of({{"bad", kElf}}, [](std::string_view, core::ByteView) {
    elf::ReadResult result;
    result.problem = problem("truncated-header");
    return result;
  });
  CHECK(nothing.elf_files.empty());
  REQUIRE(nothing.problems.size() == 2);
  CHECK(nothing.problems[1] ==
        model::Problem{.path = "bad", .stage = "elf", .code = "truncated-header", .message = "m"});
  const auto header = facts_of({{"bad", kElf}}, [](std::string_view, core::ByteView) {
    elf::ReadResult result;
    result.problem = problem("worker-died");
    result.facts.emplace().completeness = model::Completeness::header_only;
    return result;
  });
  CHECK(header.elf_files.at("bad").completeness == model::Completeness::header_only);
  CHECK(header.problems.size() == 2);
}

TEST_CASE("a file that cannot be read is a problem and the others are still read") {
  const auto facts =
      facts_of({{"a", kElf, "unreadable"}, {"package.json", "{}", "unreadable"}, {"b", kElf}});
  REQUIRE(facts.problems.size() == 3);
  CHECK(facts.problems[1].path == "a");
  CHECK(facts.problems[1].code == "unreadable");
  CHECK(facts.problems[2].path == "package.json");
  CHECK(facts.elf_files.count("b") == 1);
  CHECK(facts.entries.size() == 3);
}

TEST_CASE("of a script the first line is kept") {
  const auto facts = facts_of({{"a", "#!/bin/sh -e\nexit\n"},
                               {"b", "#! /usr/bin/env node\r\n"},
                               {"c", "#!/bin/sh"},
                               {"d", "#!" + std::string(1000, 'x')},
                               {"e", "# no script"},
                               {"f", std::string("#!/bin/a\0b\n", 11)}});
  CHECK(facts.shebangs.at("a") == "/bin/sh -e");
  CHECK(facts.shebangs.at("b") == "/usr/bin/env node");
  CHECK(facts.shebangs.at("c") == "/bin/sh");
  CHECK(facts.shebangs.at("d").size() == core::limits::kMaxShebang - 2);
  CHECK(facts.shebangs.at("f") == "/bin/a");
  CHECK(facts.shebangs.size() == 5);
}

TEST_CASE("scripts for a shell are kept whole where no distribution installs") {
  const std::string script = "#!/bin/bash\necho\n";
  const std::string large = "#!/bin/sh\n" + std::string(core::limits::kMaxScript, '#');
  const auto facts = facts_of({{"app/run.sh", script},
                               {"usr/local/bin/entry", "#!/usr/bin/env -S bash -e\n"},
                               {"docker-entrypoint", "#! /bin/sh\n"},
                               {"usr/bin/ldd", script},
                               {"bin/zgrep", script},
                               {"app/run.py", "#!/usr/bin/env python3\n"},
                               {"app/large.sh", large},
                               {"app/notes.txt", "bash"}});
  CHECK(facts.scripts ==
        std::map<std::string, std::string>{{"app/run.sh", script},
                                           {"usr/local/bin/entry", "#!/usr/bin/env -S bash -e\n"},
                                           {"docker-entrypoint", "#! /bin/sh\n"}});
  CHECK(facts.problems.size() == 1);  // the source's own
}

TEST_CASE("what came twice in a layer is the script that came last") {
  const auto facts = facts_of({{"run", "#!/bin/sh\nfirst\n"}, {"run", "no script any more"}});
  CHECK(facts.scripts.empty());
}

TEST_CASE("texts for functions are found in files that import the function") {
  const auto find = [](const std::string& content, std::vector<model::Symbol> symbols) {
    model::ElfFacts facts;
    facts.symbols = std::move(symbols);
    return collect::find_mentions(core::as_bytes(content), facts);
  };
  const std::string content("UTF-8//TRANSLIT\0fopen64\0xopen64\0", 33);
  using Mentions = std::vector<std::string>;
  CHECK(find(content, {{.name = "iconv_open"}}) == Mentions{"//TRANSLIT"});
  CHECK(find(content, {{.name = "dlsym"}}) == Mentions{"fopen64"});
  CHECK(find(content, {{.name = "dlsym"}, {.name = "iconv_open"}}) ==
        Mentions{"//TRANSLIT", "fopen64"});
  // The name of a symbol is in the file for another reason.
  CHECK(find(content, {{.name = "dlsym"}, {.name = "fopen64"}}).empty());
  CHECK(find(content, {{.name = "iconv_open", .defined = true}}).empty());
  CHECK(find(content, {{.name = "iconv"}}).empty());
  CHECK(find("", {{.name = "dlsym"}}).empty());
}

TEST_CASE("only the start of other files is read, and nothing of empty ones") {
  FakeSource source({{"big", std::string(10'000, 'x')}, {"empty", ""}});
  facts_of(source);
  CHECK(source.bytes_read.at("big") == 64);
  CHECK(source.bytes_read.at("empty") == 0);
}

TEST_CASE("metadata is kept whole, up to its limit") {
  const auto facts = facts_of(
      {{"app/package.json", "{\"name\":\"x\"}"},
       {"big/package.json", "{", "", FileKind::regular, core::limits::kMaxMetadataFile + 1}});
  CHECK(facts.metadata.at("app/package.json") == "{\"name\":\"x\"}");
  CHECK(facts.metadata.count("big/package.json") == 0);
  REQUIRE(facts.problems.size() == 2);
  CHECK(facts.problems[1].code == "metadata-too-large");
}

TEST_CASE("all metadata of a layer together has a limit") {
  std::vector<FakeFile> files;
  for (std::uint64_t i = 0; i <= core::limits::kMaxMetadataPerLayer;
       i += core::limits::kMaxMetadataFile)
    files.push_back({std::to_string(i) + "/package.json", "{", "", FileKind::regular,
                     core::limits::kMaxMetadataFile});
  files.push_back({"small/other.txt", "x"});
  const auto facts = facts_of(files);
  CHECK(facts.metadata.size() == files.size() - 2);
  REQUIRE(facts.problems.size() == 2);
  CHECK(facts.problems[1].code == "metadata-too-large");
}

TEST_CASE("ELF files and their symbols have a limit in a layer") {
  std::vector<FakeFile> files;
  for (int i = 0; i < 3; ++i) files.push_back({std::to_string(i) + ".so", kElf});
  const auto facts = facts_of(files, [](std::string_view, core::ByteView) {
    elf::ReadResult result;
    result.facts.emplace().symbols.resize(core::limits::kMaxSymbolsPerLayer / 2);
    return result;
  });
  CHECK(facts.elf_files.size() == 2);
  REQUIRE(facts.problems.size() == 2);
  CHECK(facts.problems[1].code == "too-many-symbols");

  files.assign(core::limits::kMaxElfFilesPerLayer + 1, {"", kElf});
  for (std::size_t i = 0; i < files.size(); ++i) files[i].path = std::to_string(i);
  const auto many = facts_of(std::move(files));
  CHECK(many.elf_files.size() == core::limits::kMaxElfFilesPerLayer);
  REQUIRE(many.problems.size() == 2);
  CHECK(many.problems[1].code == "too-many-elf-files");
}

TEST_CASE("an ELF file that changes while it is read is a problem and no module") {
  const auto facts = facts_of({{.path = "a.so", .text = kElf, .changes = true}});
  CHECK(facts.elf_files.empty());
  CHECK(facts.elf_sha256.empty());
  REQUIRE(facts.problems.size() == 2);
  CHECK(facts.problems[1].code == "changed-during-scan");
}

TEST_CASE("of two entries with one path the later counts") {
  const auto facts =
      facts_of({{"a", kElf}, {"a", "#!/bin/sh\n"}, {"b", "#!/bin/sh\n"}, {"b", kElf}});
  CHECK(facts.elf_files.count("a") == 0);
  CHECK(facts.elf_sha256.count("a") == 0);
  CHECK(facts.shebangs.count("a") == 1);
  CHECK(facts.shebangs.count("b") == 0);
  CHECK(facts.elf_files.count("b") == 1);
  const auto hidden =
      facts_of({{"p/package.json", "{}"}, {"p/package.json", "", "", FileKind::symlink}});
  CHECK(hidden.metadata.empty());
}

TEST_CASE("a marker behind a file of its layer takes nothing from that file") {
  const auto facts = facts_of({{"a", kElf},
                               {"a", "", "", FileKind::whiteout},
                               {"d", kElf},
                               {"d", "", "", FileKind::opaque}});
  CHECK(facts.elf_files.count("a") == 1);
  CHECK(facts.elf_sha256.count("a") == 1);
  CHECK(facts.elf_files.count("d") == 1);
}

TEST_CASE("a large file waits for the memory that those before it take") {
  // Tasks that run when they are waited for: the first file holds the budget until then.
  class LateTasks final : public core::Tasks {
   public:
    void run(std::function<void()> task) override { waiting_.push_back(std::move(task)); }
    void wait() override {
      for (const auto& task : std::exchange(waiting_, {})) task();
    }

   private:
    std::vector<std::function<void()>> waiting_;
  };
  std::vector<FakeFile> files;
  for (const char* name : {"a", "b", "c"}) files.push_back({.path = name, .text = kElf});
  for (FakeFile& file : files) file.memory = 100U << 20U;
  FakeSource source(std::move(files));
  LateTasks tasks;
  core::MemoryBudget memory(250U << 20U);
  std::vector<bool> had_room;
  const auto read = [&](std::string_view path, core::ByteView bytes) {
    had_room.push_back(memory.try_take(100U << 20U).is_taken());
    return good_elf(path, bytes);
  };
  const auto facts = collect::collect_layer_with(source, 0, read, tasks, memory);
  REQUIRE(facts);
  CHECK(facts->elf_files.size() == 3);
  // Two were held together, then one of them, then the last one alone.
  CHECK(had_room == std::vector<bool>{false, true, true});
  CHECK(memory.try_take(250U << 20U).is_taken());
}

TEST_CASE("layers that are read at the same time share the memory and all come to an end") {
  core::MemoryBudget memory(100U << 20U);
  std::vector<std::thread> threads;
  std::atomic<std::size_t> files_read{0};
  for (int layer = 0; layer < 4; ++layer)
    threads.emplace_back([&] {
      std::vector<FakeFile> files;
      for (int i = 0; i < 50; ++i)
        files.push_back({.path = "f" + std::to_string(i),
                         .text = kElf,
                         .memory = static_cast<std::uint64_t>(i % 5) * (40U << 20U)});
      FakeSource source(std::move(files));
      test::ThreadTasks tasks;
      const auto facts = collect::collect_layer_with(source, 0, good_elf, tasks, memory);
      if (facts) files_read += facts->elf_files.size();
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(files_read == 200);
}

TEST_CASE("the memory that facts take is counted") {
  model::LayerFacts facts;
  facts.metadata["a"] = std::string(1000, 'x');
  facts.entries.push_back({.path = std::string(2000, 'x')});
  const std::string name(40, 'n');
  facts.elf_files["b"].symbols.resize(100, {.name = name});
  facts.problems.push_back({.path = {}, .stage = {}, .code = {}, .message = std::string(500, 'x')});
  const std::uint64_t least = 1000 + 2000 + 100 * sizeof(model::Symbol) + 4000 + 500;
  CHECK(collect::memory_of(facts) > least);
  CHECK(collect::memory_of(facts) < least + 2000);
}

TEST_CASE("problems of the layer are kept, and a layer that cannot be read is an error") {
  FakeSource source({});
  CHECK(facts_of(source).problems.size() == 1);
  source.fails = true;
  core::InlineTasks tasks;
  core::MemoryBudget memory(1U << 30U);
  const auto failed = collect::collect_layer_with(source, 0, good_elf, tasks, memory);
  REQUIRE(!failed);
  CHECK(failed.error().reason == "layer-not-a-tar");
}

TEST_CASE("metadata is what package databases and runtimes read") {
  for (const char* path : {"package.json",
                           "app/node_modules/a/package.json",
                           "etc/os-release",
                           "usr/lib/os-release",
                           "var/lib/dpkg/status",
                           "var/lib/dpkg/diversions",
                           "var/lib/dpkg/status.d/libc6",
                           "var/lib/dpkg/status.d/libc6.md5sums",
                           "var/lib/dpkg/info/libc6:amd64.list",
                           "var/lib/dpkg/info/libc6:amd64.md5sums",
                           "opt/venv/a-1.dist-info/METADATA",
                           "a-1.dist-info/RECORD",
                           "s/a-1.dist-info/WHEEL",
                           "s/a-1.dist-info/top_level.txt",
                           "s/a-1.egg-info",
                           "s/a-1.egg-info/PKG-INFO",
                           "s/a-1.egg-info/requires.txt",
                           "s/a-1.egg-info/installed-files.txt",
                           "s/a.egg/EGG-INFO/PKG-INFO",
                           "opt/conda/conda-meta/python-3.11.json",
                           "var/lib/rpm/rpmdb.sqlite",
                           "var/lib/rpm/rpmdb.sqlite-wal",
                           "usr/lib/sysimage/rpm/Packages.db",
                           "usr/share/rpm/rpmdb.sqlite",
                           "var/lib/rpm/Packages",
                           "lib/apk/db/installed",
                           "usr/lib/apk/db/installed",
                           "var/lib/apt/extended_states",
                           "app/shop.deps.json",
                           "app/shop.runtimeconfig.json",
                           "app/Gemfile.lock",
                           "usr/local/bundle/specifications/a-1.gemspec",
                           "app/vendor/composer/installed.json"})
    CHECK(collect::is_metadata(path));
  for (const char* path : {"xpackage.json",
                           "package.json/x",
                           "srv/etc/os-release",
                           "var/lib/dpkg/status-old",
                           "var/lib/dpkg/info/libc6.postinst",
                           "srv/var/lib/dpkg/status",
                           "var/lib/apt/lists/extended_states",
                           "s/METADATA",
                           "s/a-1.dist-info/direct_url.json",
                           "s/a-1.dist-info/a/METADATA",
                           "s/a-1.egg-info/SOURCES.txt",
                           "conda-meta/history",
                           "var/lib/dpkg/info/a/b.list",
                           "var/lib/rpm/rpmdb.sqlite-shm",
                           "var/lib/rpm/a/Packages",
                           "usr/share/Packages",
                           "srv/lib/apk/db/installed",
                           "lib/apk/db/scripts.tar",
                           "deps.json",
                           "gems/a-1/a.gemspec",
                           "app/installed.json",
                           "specifications/default/a-1.gemspec",
                           "usr/share/dotnet/sdk/8.0.404/dotnet.deps.json"})
    CHECK_FALSE(collect::is_metadata(path));
}

TEST_CASE("what a package that is scanned says about itself is kept, at its root only") {
  for (const char* path :
       {"DEBIAN/control", ".PKGINFO", "GEM/metadata", "RPM/header", "Some.Package.nuspec"})
    CHECK(collect::is_metadata(path));
  for (const char* path : {"srv/DEBIAN/control", "a/.PKGINFO", "metadata", "x/y.nuspec"})
    CHECK_FALSE(collect::is_metadata(path));
  for (const char* path :
       {"app/package-lock.json", "npm-shrinkwrap.json", "app/yarn.lock", "app/pnpm-lock.yaml",
        "app/node_modules/.package-lock.json", "app/node_modules/.pnpm/lock.yaml"}) {
    CHECK(collect::is_metadata(path));
    CHECK(collect::max_metadata_size(path) == core::limits::kMaxLockfile);
  }
  for (const char* path : {"app/node_modules/x/yarn.lock", "app/.package-lock.json", "x/lock.yaml"})
    CHECK_FALSE(collect::is_metadata(path));
  CHECK(collect::max_metadata_size("a/package.json") == core::limits::kMaxMetadataFile);
  CHECK(collect::max_metadata_size("var/lib/rpm/Packages") == core::limits::kMaxRpmDatabase);
}
