#include "source/host_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace muslcheck;
using source::MappedFile;
using test::TemporaryFolder;

namespace {

constexpr std::size_t kSize = 10U << 20U;

bool is_all(core::ByteView bytes, std::uint8_t value) {
  return std::all_of(bytes.begin(), bytes.end(), [&](std::uint8_t byte) { return byte == value; });
}

}  // namespace

TEST_CASE("a mapped file that is cut short reads as zeros from there on, and tells") {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", std::string(kSize, 'x'));
  const auto file = MappedFile::open(path);
  REQUIRE(file);
  CHECK(is_all(file->bytes(), 'x'));
  CHECK(file->check_unchanged(path));
  constexpr std::size_t kLeft = 1U << 20U;
  REQUIRE(::truncate(path.c_str(), kLeft) == 0);
  CHECK(is_all(file->bytes().first(kLeft), 'x'));
  CHECK(file->check_unchanged(path));
  CHECK(is_all(file->bytes().subspan(kLeft), 0));
  const auto changed = file->check_unchanged(path);
  REQUIRE(!changed);
  CHECK(changed.error().reason == "changed-during-scan");
  CHECK(changed.error().path == path);
}

TEST_CASE("each mapping is watched for itself, and no longer than it lives") {
  const TemporaryFolder folder;
  const std::string kept = folder.write("kept", std::string(kSize, 'x'));
  const std::string cut = folder.write("cut", std::string(kSize, 'x'));
  auto first = MappedFile::open(kept);
  REQUIRE(first);
  for (int i = 0; i < 2000; ++i) REQUIRE(MappedFile::open(kept));
  auto second = MappedFile::open(cut);
  REQUIRE(second);
  REQUIRE(::truncate(cut.c_str(), 0) == 0);
  const MappedFile moved = std::move(*second);
  CHECK(is_all(moved.bytes(), 0));
  CHECK_FALSE(moved.check_unchanged(cut));
  CHECK(first->check_unchanged(kept));
}

TEST_CASE("large files are mapped into the buffer's place, small ones read") {
  const TemporaryFolder folder;
  const std::string large = folder.write("large", std::string(kSize, 'x'));
  const std::string small = folder.write("small", "abc");
  source::ReadBuffer buffer;
  const auto large_file = source::open_regular(large);
  const auto small_file = source::open_regular(small);
  REQUIRE(large_file);
  REQUIRE(small_file);
  CHECK(buffer.fill(*large_file, kSize, large)->size() == kSize);
  REQUIRE(::truncate(large.c_str(), 1) == 0);
  CHECK(buffer.check_unchanged(large));
  CHECK(core::as_text(*buffer.fill(*small_file, 100, small)) == "abc");
  CHECK(buffer.fill(*large_file, kSize, large)->size() == 1);
}
