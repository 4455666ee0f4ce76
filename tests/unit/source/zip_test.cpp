// Zip archives: what the directory says, what a member gives, and that nothing hostile is believed.

#include "muslcheck/source/zip.hpp"

#include <array>
#include <string>

#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"
#include "support/zip_builder.hpp"

namespace muslcheck::source {
namespace {

using test::ZipBuilder;
using test::ZipLie;

constexpr std::uint64_t kMebibyte = 1U << 20U;

KeptBytes kept(const std::string& text) { return {.bytes = core::as_bytes(text), .owner = {}}; }

/// Content of the member with this name, or the reason why there is none.
std::string read(const std::string& zip, std::string_view name, std::uint64_t max = kMebibyte) {
  const auto members = read_zip_directory(core::as_bytes(zip));
  if (!members) return members.error().reason;
  for (const ZipMember& member : *members) {
    if (member.name != name) continue;
    const auto content = read_zip_member(kept(zip), member, max);
    return content ? std::string(core::as_text(content->bytes)) : content.error().reason;
  }
  return "no such member";
}

std::string reason_of(const std::string& zip) {
  const auto members = read_zip_directory(core::as_bytes(zip));
  return members ? "" : members.error().reason;
}

TEST_CASE("members are listed in the order of the directory") {
  const std::string zip =
      ZipBuilder().stored("a/", "").stored("a/x", "stored").deflated("b", "packed").finish();
  const auto members = read_zip_directory(core::as_bytes(zip));
  REQUIRE(members);
  REQUIRE(members->size() == 3);
  CHECK((*members)[0].is_directory());
  CHECK((*members)[1].name == "a/x");
  CHECK((*members)[1].size == 6);
  CHECK((*members)[1].mode == 0644);
  CHECK((*members)[2].method == 8);
}

TEST_CASE("stored members are views of the archive, deflated ones are unpacked") {
  const std::string large(300'000, 'x');
  const std::string zip =
      ZipBuilder().stored("s", "stored").deflated("d", large).deflated("e", "").finish();
  CHECK(read(zip, "s") == "stored");
  CHECK(read(zip, "d") == large);
  CHECK(read(zip, "e").empty());
  const auto members = read_zip_directory(core::as_bytes(zip));
  const auto stored = read_zip_member(kept(zip), (*members)[0], kMebibyte);
  CHECK(stored->bytes.data() > core::as_bytes(zip).data());
  CHECK(stored->memory == 0);
  const auto deflated = read_zip_member(kept(zip), (*members)[1], kMebibyte);
  CHECK(deflated->memory == large.size());
}

TEST_CASE("an archive may stand behind a script, have a comment, and be zip64") {
  const std::string script = "#!/bin/sh\nexec java -jar \"$0\"\n";
  const auto with = [](ZipBuilder builder) { return builder.deflated("x", "content"); };
  CHECK(read(with(ZipBuilder(script)).finish(), "x") == "content");
  CHECK(read(with(ZipBuilder()).comment(std::string(65'535, 'c')).finish(), "x") == "content");
  CHECK(read(with(ZipBuilder()).comment("PK\5\6" + std::string(40, '\0')).finish(), "x") ==
        "content");
  CHECK(read(with(ZipBuilder()).finish64(), "x") == "content");
  CHECK(read(with(ZipBuilder(script)).finish64(), "x") == "content");
  CHECK(read(ZipBuilder().deflated("x", "content", {.zip64 = true}).finish(), "x") == "content");
}

TEST_CASE("an empty archive has no members") {
  CHECK(read_zip_directory(core::as_bytes(ZipBuilder().finish()))->empty());
}

TEST_CASE("what cannot be read says why") {
  const auto read_lie = [](const ZipLie& lie) {
    return read(ZipBuilder().deflated("x", std::string(5000, 'x'), lie).finish(), "x");
  };
  CHECK(read_lie({.flags = 1}) == "zip-encrypted");
  CHECK(read_lie({.method = 12}) == "zip-method");
  CHECK(read_lie({.size = 4999}) == "zip-damaged");
  CHECK(read_lie({.size = 5001}) == "zip-damaged");
  CHECK(read_lie({.size = 900'000}) == "zip-damaged");
  CHECK(read_lie({.size = 2 << 20}) == "file-too-large");
  CHECK(read_lie({.packed = 7}) == "zip-damaged");
  CHECK(read_lie({.packed = 1 << 20}) == "zip-damaged");
  CHECK(read_lie({.packed = 0xfffffff0}) == "file-too-large");
  CHECK(read_lie({.offset = 3}) == "zip-damaged");
  CHECK(read_lie({.offset = 0xfffffff0}) == "zip-damaged");
  CHECK(read_lie({.crc32 = 1}) == "zip-checksum");
  CHECK(read(ZipBuilder().stored("x", "abc", {.size = 2}).finish(), "x") == "zip-damaged");
  CHECK(read(ZipBuilder().stored("x", "abc", {.crc32 = 1}).finish(), "x") == "zip-checksum");
}

TEST_CASE("a directory that lies is no archive") {
  const std::string zip = ZipBuilder().stored("name", "content").finish();
  CHECK(reason_of("") == "not-a-zip");
  CHECK(reason_of(std::string(100, 'x')) == "not-a-zip");
  CHECK(reason_of(zip.substr(0, zip.size() - 1)) == "not-a-zip");
  for (const std::size_t field : {8, 10, 12, 16}) {  // two counts, size, offset
    std::string other = zip;
    other[zip.size() - 22 + field] = '\x7f';
    INFO("field at " << field);
    CHECK(reason_of(other) == (field == 8 ? "" : "not-a-zip"));
  }
  for (const std::size_t field : {28, 30, 32}) {  // sizes of name, extra field and comment
    std::string other = zip;
    other[zip.find("PK\1\2") + field] = '\x7f';
    INFO("field at " << field);
    CHECK(reason_of(other) == "zip-damaged");
  }
}

TEST_CASE("no cut archive is read outside of its bytes") {
  const std::string zip = ZipBuilder("#!").deflated("a", "content").stored("b", "x").finish64();
  for (std::size_t size = 0; size < zip.size(); ++size) {
    CHECK(reason_of(zip.substr(0, size)) == "not-a-zip");
    (void)reason_of(zip.substr(size));
  }
}

TEST_CASE("more members than the limit are refused before they are read") {
  ZipBuilder builder;
  builder.stored("x", "");
  std::string zip = builder.finish64();
  const std::size_t at = zip.find("PK\6\6");
  // The count must fit into the directory's size, so both grow.
  const std::string records((core::limits::kMaxZipMembers + 1) * 46, '\0');
  zip.insert(at, records);
  std::string count(8, '\0');
  std::string size(8, '\0');
  for (int i = 0; i < 8; ++i) {
    count[i] = static_cast<char>(((core::limits::kMaxZipMembers + 1) >> (8U * i)) & 0xffU);
    size[i] = static_cast<char>(((records.size() + 47) >> (8U * i)) & 0xffU);
  }
  zip.replace(at + records.size() + 32, 8, count);
  zip.replace(at + records.size() + 40, 8, size);
  CHECK(reason_of(zip) == "too-many-members");
}

TEST_CASE("the head of a member costs no more than the head") {
  const std::string content = "\177ELF" + std::string(5'000'000, 'x');
  const std::string zip = ZipBuilder()
                              .deflated("d", content)
                              .stored("s", "ab")
                              .deflated("e", "", {.crc32 = 0})
                              .finish();
  const auto members = read_zip_directory(core::as_bytes(zip));
  std::array<std::uint8_t, 4> head{};
  CHECK(read_zip_head(core::as_bytes(zip), (*members)[0], head) == 4U);
  CHECK(core::as_text(head) == "\177ELF");
  CHECK(read_zip_head(core::as_bytes(zip), (*members)[1], head) == 2U);
  CHECK(read_zip_head(core::as_bytes(zip), (*members)[2], head) == 0U);
}

TEST_CASE("members may share their bytes") {
  const std::string zip = ZipBuilder().deflated("a", "same").again("b").finish();
  CHECK(read(zip, "a") == "same");
  CHECK(read(zip, "b") == "same");
}

TEST_CASE("archives are recognised by their start") {
  CHECK(has_zip_magic(core::as_bytes(ZipBuilder().stored("a", "").finish())));
  CHECK(has_zip_magic(core::as_bytes(ZipBuilder().finish())));
  CHECK_FALSE(has_zip_magic(core::as_bytes("\177ELF")));
  CHECK_FALSE(has_zip_magic(core::as_bytes("PK")));
}

}  // namespace
}  // namespace muslcheck::source
