#include "muslcheck/cache/facts_cache.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "muslcheck/cache/layer_codec.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace muslcheck;
namespace fs = std::filesystem;
using test::TemporaryFolder;

namespace {

constexpr std::uint64_t kWide = 1ULL << 30;

model::LayerFacts facts_of(const std::string& path) {
  model::LayerFacts facts;
  facts.digest = "sha256:" + path;
  facts.entries = {{.path = path, .size = 1}};
  return facts;
}

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> names;
  if (fs::exists(folder))
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

void set_age(const std::string& folder, const std::string& name, int hours) {
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().filename() == name)
      fs::last_write_time(entry.path(),
                          fs::file_time_type::clock::now() - std::chrono::hours(hours));
}

}  // namespace

TEST_CASE("what is stored is found, under its key only") {
  const TemporaryFolder folder;
  cache::FactsCache cache(folder / "deep/cache", kWide);
  CHECK(!cache.find("sha256-a"));
  REQUIRE(cache.store("sha256-a", facts_of("a")));
  REQUIRE(cache.store("sha256-b", facts_of("b")));
  CHECK(cache.find("sha256-a") == facts_of("a"));
  CHECK(cache.find("sha256-b") == facts_of("b"));
  CHECK(!cache.find("sha256-c"));
  CHECK(cache::FactsCache(folder / "deep/cache", kWide).find("sha256-a") == facts_of("a"));
  CHECK(cache.info().layers == 2);
}

TEST_CASE("a key is no path") {
  const TemporaryFolder folder;
  cache::FactsCache cache(folder / "cache", kWide);
  REQUIRE(cache.store("a", facts_of("a")));
  for (const std::string key : {"", ".", "../1/a", "a/b", "/etc/passwd", "a\n", "a.facts"}) {
    INFO(key);
    CHECK(!cache.find(key));
    CHECK(!cache.store(key, facts_of("b")));
  }
  CHECK(!cache.store(std::string(200, 'a'), facts_of("b")));
  CHECK(files_in(folder.path()) == std::vector<std::string>{"a.facts"});
}

TEST_CASE("a damaged file counts as absent and is replaced") {
  const TemporaryFolder folder;
  cache::FactsCache cache(folder / "cache", kWide);
  REQUIRE(cache.store("a", facts_of("a")));
  for (const auto& entry : fs::recursive_directory_iterator(folder / "cache"))
    if (entry.is_regular_file()) fs::resize_file(entry.path(), 20);
  CHECK(!cache.find("a"));
  REQUIRE(cache.store("a", facts_of("a")));
  CHECK(cache.find("a"));
}

TEST_CASE("what is no regular file is not waited for and not followed") {
  const TemporaryFolder folder;
  const std::string place = folder / "cache/layers/" + std::to_string(cache::kLayerEncoding);
  fs::create_directories(place);
  const auto encoded = cache::encode_layer(facts_of("x"));
  folder.write("elsewhere", std::string(encoded.begin(), encoded.end()));
  REQUIRE(::mkfifo((place + "/fifo.facts").c_str(), 0600) == 0);
  fs::create_symlink(folder / "elsewhere", place + "/link.facts");
  fs::create_directory(place + "/folder.facts");
  cache::FactsCache cache(folder / "cache", kWide);
  for (const char* key : {"fifo", "link", "folder"}) CHECK(!cache.find(key));
  CHECK(cache.info().layers == 0);
}

TEST_CASE("what was used longest ago makes room") {
  const TemporaryFolder folder;
  const std::uint64_t one = cache::encode_layer(facts_of("a")).size();
  cache::FactsCache cache(folder / "cache", 3 * one);
  for (const char* key : {"a", "b", "c"}) REQUIRE(cache.store(key, facts_of(key)));
  set_age(folder / "cache", "a.facts", 5);
  set_age(folder / "cache", "b.facts", 4);
  set_age(folder / "cache", "c.facts", 3);
  REQUIRE(cache.find("a"));  // used now
  REQUIRE(cache.store("d", facts_of("d")));
  CHECK(files_in(folder / "cache") == std::vector<std::string>{"a.facts", "c.facts", "d.facts"});
}

TEST_CASE("facts larger than the cache are not stored") {
  const TemporaryFolder folder;
  cache::FactsCache cache(folder / "cache", 10);
  const auto stored = cache.store("a", facts_of("a"));
  REQUIRE(!stored);
  CHECK(stored.error().reason == "cache-write");
  CHECK(files_in(folder.path()).empty());
}

TEST_CASE("a folder that cannot be made is an error of storing, not of finding") {
  const TemporaryFolder folder;
  cache::FactsCache cache(folder.write("file", "") + "/cache", kWide);
  CHECK(!cache.find("a"));
  CHECK(!cache.store("a", facts_of("a")));
  CHECK(cache.info().layers == 0);
}

TEST_CASE("cleaning removes what the cache put there, of all versions, and nothing else") {
  const TemporaryFolder folder;
  cache::FactsCache cache(folder / "cache", kWide);
  REQUIRE(cache.store("a", facts_of("a")));
  fs::create_directories(folder / "cache/layers/0");
  folder.write("cache/layers/0/old.facts", "x");
  folder.write("cache/layers/0/old.facts.part-123456", "x");
  folder.write("cache/notes.txt", "mine");
  folder.write("cache/layers/0/notes.txt", "mine");
  const auto removed = cache.clean();
  REQUIRE(removed);
  CHECK(removed->layers == 3);
  CHECK(files_in(folder / "cache") == std::vector<std::string>{"notes.txt", "notes.txt"});
  CHECK(!cache.find("a"));
}

TEST_CASE("many scans at the same time see whole files") {
  const TemporaryFolder folder;
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      cache::FactsCache cache(folder / "cache", kWide);
      for (int i = 0; i < 50; ++i) {
        const std::string key = "k" + std::to_string(i % 3);
        if (const auto found = cache.find(key); found && *found != facts_of(key)) ++wrong;
        if (!cache.store(key, facts_of(key))) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(files_in(folder / "cache").size() == 3);
}
