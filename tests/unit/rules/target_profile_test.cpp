// The file format of measured targets: what is written is read back, and what is wrong is refused
// with its place.

#include "muslcheck/rules/target_profile.hpp"

#include <string>

#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace muslcheck;
using rules::parse_target_profile;
using rules::TargetProfile;
using rules::write_target_profile;

namespace {

TargetProfile sample() {
  return {
      .provenance = "muslcheck 0.1.0 from dir:root",
      .name = "alpine:3.22",
      .release = "3.22",
      .arch = "x86_64",
      .musl = "1.2.5",
      .musl_package = "1.2.5-r10",
      .gcc = "14.2.0-r6",
      .symbols = {{"environ", model::SymbolType::object, model::Binding::weak},
                  {"open", model::SymbolType::function, model::Binding::global}},
      .libraries = {
          {.soname = "libnone.so", .apk = {}, .in_base = true, .has_exports = true, .exports = {}},
          {.soname = "libx.so.1", .apk = "x", .in_base = false, .exports = {}},
          {.soname = "libz.so.1",
           .apk = "zlib",
           .in_base = true,
           .has_exports = true,
           .exports = {"deflate", "inflate"}}}};
}

/// The sample's text with one part replaced.
std::string with(const std::string& part, const std::string& other) {
  std::string text = write_target_profile(sample());
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), other);
}

std::string complaint(const std::string& text) {
  const auto profile = parse_target_profile("p.json", text);
  return profile ? "none" : profile.error().reason + ": " + profile.error().message;
}

}  // namespace

TEST_CASE("a profile is read back as it was written") {
  const auto read = parse_target_profile("p.json", write_target_profile(sample()));
  REQUIRE(read);
  CHECK(*read == sample());
  TargetProfile bare{.provenance = "x",
                     .name = "void",
                     .release = {},
                     .arch = "aarch64",
                     .musl = "1.2.5",
                     .musl_package = {},
                     .gcc = {},
                     .symbols = {{"open", model::SymbolType::none, model::Binding::global}},
                     .libraries = {}};
  const auto again = parse_target_profile("p.json", write_target_profile(bare));
  REQUIRE(again);
  CHECK(*again == bare);
}

TEST_CASE("the text has one symbol and one library a line, in the order of the schema") {
  CHECK(write_target_profile(sample()) ==
        "{\n"
        " \"profileVersion\": 1,\n"
        " \"provenance\": \"muslcheck 0.1.0 from dir:root\",\n"
        " \"name\": \"alpine:3.22\",\n"
        " \"release\": \"3.22\",\n"
        " \"arch\": \"x86_64\",\n"
        " \"musl\": \"1.2.5\",\n"
        " \"muslPackage\": \"1.2.5-r10\",\n"
        " \"gcc\": \"14.2.0-r6\",\n"
        " \"symbols\": [\n"
        "  {\"name\":\"environ\",\"type\":\"object\",\"binding\":\"weak\"},\n"
        "  {\"name\":\"open\",\"type\":\"function\",\"binding\":\"global\"}\n"
        " ],\n"
        " \"libraries\": [\n"
        "  {\"soname\":\"libnone.so\",\"inBase\":true,\"exports\":[]},\n"
        "  {\"soname\":\"libx.so.1\",\"apk\":\"x\",\"inBase\":false},\n"
        "  {\"soname\":\"libz.so.1\",\"apk\":\"zlib\",\"inBase\":true,"
        "\"exports\":[\"deflate\",\"inflate\"]}\n"
        " ]\n"
        "}\n");
}

TEST_CASE("another version and what is no profile are told apart from damage") {
  CHECK(complaint(with("\"profileVersion\": 1", "\"profileVersion\": 2")) ==
        "profile-version: has profileVersion 2; this program reads 1");
  CHECK(complaint("{\"schemaVersion\": \"1.0\"}") ==
        "profile-version: is no target profile: it has no profileVersion (muslcheck target import "
        "makes one)");
}

TEST_CASE("what is wrong in a profile is named with its place") {
  struct Case {
    std::string text;
    std::string complaint;
  };
  const std::vector<Case> cases{
      {"{\n\"profileVersion\": 1,\n x", "bad-rule-file: line 3: not valid JSON"},
      {"[]", "bad-rule-file: /: must be an object"},
      {with("\"arch\": \"x86_64\"", "\"arch\": 7"),
       "bad-rule-file: /arch: must be a text that is not empty"},
      {with("\"arch\"", "\"ark\""), "bad-rule-file: /ark: unknown field"},
      {with("\"1.2.5\"", "\"new\""), "bad-rule-file: /musl: must be a version such as 1.2.5"},
      {with("\"3.22\"", "\"../x\""),
       "bad-rule-file: /release: must be a release of Alpine such as 3.22"},
      {with("\"function\"", "\"ifunc\""),
       "bad-rule-file: /symbols/1/type: must be none, object, function or tls"},
      {with("\"weak\"", "\"local\""), "bad-rule-file: /symbols/0/binding: must be global or weak"},
      {with("\"environ\"", "\"open\""), "bad-rule-file: /symbols/1/name: is there twice"},
      {with("\"libx.so.1\"", "\"libz.so.1\""),
       "bad-rule-file: /libraries/2/soname: is there twice"},
      {with("\"libx.so.1\"", "\"../libx.so.1\""),
       "bad-rule-file: /libraries/1/soname: must be a file name without folders"},
      {with("\"inflate\"", "\"a\""),
       "bad-rule-file: /libraries/2/exports/1: \"a\" is out of order"},
      {with("\"inflate\"", "\"deflate\""),
       "bad-rule-file: /libraries/2/exports/1: \"deflate\" is there twice"},
      {with("true", "1"), "bad-rule-file: /libraries/0/inBase: must be true or false"},
  };
  for (const Case& a : cases) {
    CAPTURE(a.text);
    CHECK(complaint(a.text) == a.complaint);
  }
}

TEST_CASE("without symbols a profile needs a release that has them") {
  TargetProfile profile = sample();
  profile.symbols.clear();
  CHECK(complaint(write_target_profile(profile)) == "none");
  profile.release.clear();
  CHECK(complaint(write_target_profile(profile)) ==
        "bad-rule-file: /symbols: must not be empty without a release that has them");
}

TEST_CASE("a profile beyond the limits is refused, however deep or wide") {
  CHECK(complaint(std::string(core::limits::kMaxTargetProfile + 1, ' '))
            .starts_with("file-too-large: "));
  CHECK(complaint(std::string(1'000'000, '[')).starts_with("bad-rule-file: "));
  CHECK(complaint(std::string(4 * core::limits::kMaxProfileNames + 1, ','))
            .starts_with("file-too-large: "));
  std::string many = "[";
  for (std::size_t i = 0; i <= core::limits::kMaxProfileLibraries; ++i) many += "{},";
  many.back() = ']';
  TargetProfile profile = sample();
  profile.libraries.clear();
  std::string text = write_target_profile(profile);
  text.replace(text.rfind("[]"), 2, many);
  CHECK(complaint(text) == "bad-rule-file: /libraries: more than 50000");
}

TEST_CASE("names count against one limit, wherever they are") {
  std::string names = "[";
  for (std::size_t i = 0; i <= core::limits::kMaxProfileNames; ++i) names += "7,";
  names.back() = ']';
  TargetProfile profile = sample();
  profile.symbols.clear();
  std::string text = write_target_profile(profile);
  text.replace(text.find("[]"), 2, names);
  CHECK(complaint(text) == "bad-rule-file: /symbols: more than 2000000 names");
}

TEST_CASE("a profile is read from a regular file alone") {
  const test::TemporaryFolder folder;
  const auto reason = [](const std::string& path) {
    const auto read = rules::read_target_profile(path);
    return read ? std::string("none") : read.error().reason;
  };
  CHECK(reason(folder.path() + "/absent.json") == "open");
  CHECK(reason(folder.path()) == "not-a-regular-file");
  folder.write("p.json", write_target_profile(sample()));
  CHECK(reason(folder.path() + "/p.json") == "none");
}
