#include <array>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/core/text.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using core::ByteOrder;
using core::ByteView;

namespace {
constexpr std::array<std::uint8_t, 9> kBytes{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0xff, 0x00};
const ByteView kView(kBytes);
constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();

template <typename Text>
concept Splits = requires(Text&& text) {
  core::split(std::forward<Text>(text), ' ');
};
// The parts of a text that is gone would dangle.
static_assert(!Splits<std::string> && !Splits<const std::string>);
static_assert(Splits<std::string&> && Splits<const std::string&> && Splits<std::string_view> &&
              Splits<const char*>);
}  // namespace

TEST_CASE("an exception that is handled can be made an error") {
  const auto error_of = [](const auto& thrown) {
    try {
      throw thrown;
    } catch (...) {
      return core::error_of_exception();
    }
  };
  CHECK(error_of(std::bad_alloc()).reason == "out-of-memory");
  CHECK(error_of(std::bad_alloc()).code == core::ErrorCode::limit_exceeded);
  CHECK(error_of(std::runtime_error("a bug")).message == "internal error: a bug");
  CHECK(error_of(1).code == core::ErrorCode::internal);
}

TEST_CASE("a text is shortened between characters") {
  CHECK(core::shortened("abc", 3) == "abc");
  CHECK(core::shortened("abcd", 3) == "abc...");
  CHECK(core::shortened("a\xc3\xa9\xc3\xa9", 2) == "a...");
  CHECK(core::shortened("\x80\x80\x80", 2) == "...");
}

TEST_CASE("a complaint about JSON has no label and does not quote the input") {
  CHECK(core::json_complaint("[json.exception.parse_error.101] parse error at line 1, column 2: "
                             "syntax error; last read: '[x'") ==
        "not JSON: parse error at line 1, column 2: syntax error");
  CHECK(core::json_complaint("number overflow parsing '" + std::string(100'000, '9') + "'").size() <
        300);
}

TEST_CASE("what lies too deep in JSON is dropped") {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"", ""},
      {"[1]", "[1]"},
      {R"({"a": [1, {"b": 2}], "c": {}})", R"({"a": [1, null], "c": {}})"},
      {R"([[[[["]"]]]], "[[[", "\"[[["])", R"([[null], "[[[", "\"[[["])"},
      {R"(["\\", [["\\"]], 1])", R"(["\\", [null], 1])"},
      {"[[[", "[[null"},
      {"]]][[[1]]]", "]]][[null]]"},
      {R"(["\)", R"(["\)"},
      {R"([[["\)", "[[null"},
  };
  for (const auto& [text, shallow] : cases) CHECK(core::shallow_json(text, 2) == shallow);
}

TEST_CASE("integers are read in both byte orders") {
  CHECK(core::read_u8(kView, 7) == std::uint8_t{0xff});
  CHECK(core::read_u16(kView, 0, ByteOrder::little) == std::uint16_t{0x0201});
  CHECK(core::read_u16(kView, 0, ByteOrder::big) == std::uint16_t{0x0102});
  CHECK(core::read_u32(kView, 1, ByteOrder::little) == 0x05040302U);
  CHECK(core::read_u32(kView, 1, ByteOrder::big) == 0x02030405U);
  CHECK(core::read_u64(kView, 0, ByteOrder::little) == 0xff07060504030201ULL);
  CHECK(core::read_u64(kView, 0, ByteOrder::big) == 0x01020304050607ffULL);
}

TEST_CASE("nothing is read that is not wholly inside") {
  CHECK(core::read_u8(kView, 8) == std::uint8_t{0});
  CHECK_FALSE(core::read_u8(kView, 9));
  CHECK(core::read_u16(kView, 7, ByteOrder::little));
  CHECK_FALSE(core::read_u16(kView, 8, ByteOrder::little));
  CHECK_FALSE(core::read_u32(kView, 6, ByteOrder::little));
  CHECK_FALSE(core::read_u64(kView, 2, ByteOrder::little));
  CHECK_FALSE(core::read_u64(kView, kHuge - 3, ByteOrder::little));
  CHECK_FALSE(core::read_u8({}, 0));
}

TEST_CASE("a slice cannot wrap around") {
  CHECK(core::slice(kView, 2, 3)->data() == kBytes.data() + 2);
  CHECK(core::slice(kView, 9, 0)->empty());
  CHECK_FALSE(core::slice(kView, 10, 0));
  CHECK_FALSE(core::slice(kView, 5, 5));
  CHECK_FALSE(core::slice(kView, 5, kHuge));
  CHECK_FALSE(core::slice(kView, kHuge, kHuge));
}

TEST_CASE("a string ends at its NUL, which must come in time") {
  const std::string text("abc\0def", 7);
  const ByteView bytes = core::as_bytes(text);
  CHECK(core::read_string(bytes, 0, 100) == std::string_view("abc"));
  CHECK(core::read_string(bytes, 3, 100) == std::string_view());
  CHECK(core::read_string(bytes, 0, 3) == std::string_view("abc"));
  CHECK_FALSE(core::read_string(bytes, 0, 2));
  CHECK_FALSE(core::read_string(bytes, 4, 100));
  CHECK_FALSE(core::read_string(bytes, 4, kHuge));
  CHECK_FALSE(core::read_string(bytes, 7, 100));
  CHECK_FALSE(core::read_string(bytes, kHuge, 100));
}

TEST_CASE("SHA-256 is that of FIPS 180-4, in one piece or in several") {
  CHECK(core::sha256_hex({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(core::sha256_hex(core::as_bytes("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a byte has two hex digits") {
  CHECK(core::lower("AZ az [@\xc3\x84") == "az az [@\xc3\x84");
  CHECK(core::hex(0) == "00");
  CHECK(core::hex(0xaf) == "af");
}

TEST_CASE("a normalised path never leaves the image") {
  CHECK(core::normalize_path("/usr//lib/./x/") == "usr/lib/x");
  CHECK(core::normalize_path("a/../b") == "b");
  CHECK(core::normalize_path("../../etc/passwd") == "etc/passwd");
  CHECK(core::normalize_path("a/../../../b") == "b");
  CHECK(core::normalize_path("/").empty());
  CHECK(core::normalize_path("").empty());
  CHECK(core::normalize_path("...") == "...");
  CHECK(core::normalize_path(core::normalize_path("/a/./b//../c")) == "a/c");
}

TEST_CASE("a path in a directory starts there, an absolute one at the root") {
  CHECK(core::resolve_path("usr/lib", "x.so.1") == "usr/lib/x.so.1");
  CHECK(core::resolve_path("usr/lib", "../bin/x") == "usr/bin/x");
  CHECK(core::resolve_path("usr/lib", "/etc/x") == "etc/x");
  CHECK(core::resolve_path("", "../../x") == "x");
}

TEST_CASE("parts of a path") {
  CHECK(core::parent_path("a/b/c") == "a/b");
  CHECK(core::parent_path("a").empty());
  CHECK(core::parent_path("").empty());
  CHECK(core::file_name("a/b/c") == "c");
  CHECK(core::file_name("a") == "a");
  CHECK(core::join_path("", "a") == "a");
  CHECK(core::join_path("a/b", "c") == "a/b/c");
}

TEST_CASE("below a directory is not merely a longer name") {
  CHECK(core::is_below("a/b", "a"));
  CHECK(core::is_below("a", "a"));
  CHECK(core::is_below("a", ""));
  CHECK_FALSE(core::is_below("ab", "a"));
  CHECK_FALSE(core::is_below("a", "a/b"));
}

TEST_CASE("text that could move a cursor or forge a line is escaped") {
  CHECK(core::printable("plain text") == "plain text");
  CHECK(core::printable("caf\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x90\xb3") ==
        "caf\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x90\xb3");
  CHECK(core::printable("\x1b[31mred") == "\\x1b[31mred");
  CHECK(core::printable("a\nb\tc\rd\x7f") == "a\\x0ab\\x09c\\x0dd\\x7f");
  CHECK(core::printable(std::string("\0", 1)) == "\\x00");
  CHECK(core::printable("\xc2\x9b"
                        "31m") == "\\xc2\\x9b31m");  // C1: CSI
}

TEST_CASE("bidirectional overrides are escaped, other marks are not") {
  CHECK(core::printable("\xe2\x80\xae") == "\\xe2\\x80\\xae");  // U+202E
  CHECK(core::printable("\xe2\x81\xa6") == "\\xe2\\x81\\xa6");  // U+2066
  CHECK(core::printable("\xe2\x80\xa6") == "\xe2\x80\xa6");     // ellipsis
}

TEST_CASE("invalid UTF-8 is escaped byte by byte") {
  CHECK(core::printable("\xff") == "\\xff");
  CHECK(core::printable("\xc3") == "\\xc3");                             // cut short
  CHECK(core::printable("\xc0\xaf") == "\\xc0\\xaf");                    // overlong
  CHECK(core::printable("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");           // overlong
  CHECK(core::printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // surrogate
  CHECK(core::printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
  CHECK(core::printable("\xc3(") == "\\xc3(");
  CHECK(core::printable("\x80x") == "\\x80x");
}

TEST_CASE("globs match with stars and question marks") {
  CHECK(core::matches_glob("napi_*", "napi_create"));
  CHECK(core::matches_glob("*.node", ".node"));
  CHECK(core::matches_glob("a*b*c", "aXXbYYc"));
  CHECK(core::matches_glob("a?c", "abc"));
  CHECK(core::matches_glob("*", ""));
  CHECK(core::matches_glob("", ""));
  CHECK(core::matches_glob("a*", "a*"));
  CHECK(core::matches_glob("*a", "aaXa"));
  CHECK_FALSE(core::matches_glob("a?c", "ac"));
  CHECK_FALSE(core::matches_glob("a*b", "aXXc"));
  CHECK_FALSE(core::matches_glob("", "a"));
  CHECK_FALSE(core::matches_glob("a", ""));
}

TEST_CASE("a hostile glob costs pattern times text, not more") {
  const std::string text(20'000, 'a');
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "*a";
  CHECK(core::matches_glob(pattern, text));
  CHECK_FALSE(core::matches_glob(pattern + "b", text));
}

TEST_CASE("splitting keeps empty parts, trimming takes white space at the ends") {
  using Parts = std::vector<std::string_view>;
  CHECK(core::split("a::b", ':') == Parts{"a", "", "b"});
  CHECK(core::split("", ':') == Parts{""});
  CHECK(core::split(":", ':') == Parts{"", ""});
  CHECK(core::trim(" \ta b\r\n") == "a b");
  CHECK(core::trim(" \n").empty());
  CHECK(core::join({"a", "", "b"}, ", ") == "a, , b");
  CHECK(core::join({}, ", ").empty());
}

TEST_CASE("white space of any kind becomes one space, and none at the ends") {
  CHECK(core::one_line(" a \t\n b\v\f\rc\n") == "a b c");
  CHECK(core::one_line("a").size() == 1);
  CHECK(core::one_line(" \n ").empty());
}

TEST_CASE("an error is one line") {
  const core::Error error{.code = core::ErrorCode::malformed,
                          .reason = "r",
                          .message = "is bad",
                          .path = "a/b",
                          .offset = 12};
  CHECK(core::describe(error) == "a/b: is bad (at byte 12)");
  CHECK(
      core::describe(
          {.code = core::ErrorCode::io, .reason = "r", .message = "m", .path = {}, .offset = {}}) ==
      "m");
  CHECK(std::string(core::name_of(core::ErrorCode::limit_exceeded)) == "limit-exceeded");
}

TEST_CASE("sizes are written as container engines write them") {
  const std::vector<std::pair<std::uint64_t, std::string>> rows{{0, "0 B"},
                                                                {999, "999 B"},
                                                                {1000, "1.0 kB"},
                                                                {9'940, "9.9 kB"},
                                                                {9'996, "10 kB"},
                                                                {512'400, "512 kB"},
                                                                {999'600, "1.0 MB"},
                                                                {8'420'000, "8.4 MB"},
                                                                {93'400'000, "93 MB"},
                                                                {1'234'000'000, "1.2 GB"},
                                                                {21'000'000'000, "21 GB"}};
  for (const auto& [bytes, text] : rows) CHECK(core::describe_bytes(bytes) == text);
}
