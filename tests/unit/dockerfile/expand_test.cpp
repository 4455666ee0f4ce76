#include "dockerfile/expand.hpp"

#include <map>
#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"

using namespace muslcheck;

namespace {

std::optional<std::string> lookup(std::string_view name) {
  static const std::map<std::string, std::string, std::less<>> values{
      {"A", "a"}, {"EMPTY", ""}, {"V", "1.22.3"}, {"P", "/usr/lib/x.tar.gz"}, {"STAR", "a*b"}};
  const auto found = values.find(name);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

std::string expanded(std::string_view word, char escape = '\\') {
  const auto result = dockerfile::expand(word, lookup, escape);
  return result ? *result : "error: " + result.error().message;
}

}  // namespace

TEST_CASE("variables and quotes are replaced as BuildKit does") {
  struct Row {
    const char* word;
    const char* result;
  };
  const Row rows[] = {
      {"plain", "plain"},
      {"$A", "a"},
      {"${A}b$A", "aba"},
      {"$AB", ""},
      {"$A-b", "a-b"},
      {"$", "$"},
      {"a$-", "a$-"},
      {"${NO:-x}", "x"},
      {"${EMPTY:-x}", "x"},
      {"${EMPTY-x}", ""},
      {"${NO-x}", "x"},
      {"${A:+x}", "x"},
      {"${EMPTY:+x}", ""},
      {"${EMPTY+x}", "x"},
      {"${NO+x}", ""},
      {"${A:?needed}", "a"},
      {"${NO:-${EMPTY:-$A}}", "a"},
      {"${NO:-\"${A}}\"}", "a}"},
      {"${NO:-'}'}", "}"},
      {"${V%.*}", "1.22"},
      {"${V%%.*}", "1"},
      {"${V#*.}", "22.3"},
      {"${V##*.}", "3"},
      {"${V#2}", "1.22.3"},
      {"${P##*/}", "x.tar.gz"},
      {"${V/./-}", "1-22.3"},
      {"${V//./-}", "1-22-3"},
      {"${V//.}", "error: a ${ does not end"},
      {"'$A'", "$A"},
      {"\"$A b\"", "a b"},
      {"\"it's\"", "it's"},
      {"\\$A", "$A"},
      {"\"\\$A \\\" \\x\"", "$A \" \\x"},
      {"a\\", "a"},
      {"a\\ b", "a b"},
      {"${NO:?give it}", "error: $NO is not set: give it"},
      {"${A", "error: a ${ does not end"},
      {"${A:-x", "error: a ${ does not end"},
      {"${}", "error: a ${ is not followed by a name"},
      {"${A=x}", "error: ${A goes on in a way that is not known"},
      {"${A:#x}", "error: ${A goes on in a way that is not known"},
      {"\"a", "error: a quotation does not end"},
      {"'a", "error: a quotation does not end"},
      {"${V//1*/x}", "error: ${V/...} has a pattern that is not supported"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.word);
    CHECK(expanded(row.word) == row.result);
  }
  CHECK(expanded("`$A \\$A", '`') == "$A \\a");
}

TEST_CASE("variables that are not set and have no alternative are named") {
  std::vector<std::string> unset;
  const auto result = dockerfile::expand("$A$B${C}${D:-x}${E:+x}${F%x}", lookup, '\\', &unset);
  REQUIRE(result);
  CHECK(*result == "ax");
  CHECK(unset == std::vector<std::string>{"B", "C", "F"});
}

TEST_CASE("a word beyond a limit is refused") {
  using core::limits::kMaxDockerfileWord;
  using core::limits::kMaxSubstitutionDepth;
  const auto nested = [](std::size_t depth) {
    std::string word;
    for (std::size_t i = 0; i < depth; ++i) word += "${NO:-";
    return word + "x" + std::string(depth, '}');
  };
  const std::string refused = "error: a word with its variables replaced is too long or too deep";
  CHECK(expanded(nested(kMaxSubstitutionDepth - 1)) == "x");
  CHECK(expanded(nested(kMaxSubstitutionDepth)) == refused);
  CHECK(expanded(nested(2000)) == refused);
  CHECK(expanded(std::string(kMaxDockerfileWord, 'x')).size() == kMaxDockerfileWord);
  CHECK(expanded(std::string(kMaxDockerfileWord + 1, 'x')) == refused);
  std::string large;
  for (std::size_t i = 0; i < kMaxDockerfileWord / 4; ++i) large += "$P$";
  CHECK(expanded(large) == refused);
  CHECK(expanded("${V%" + std::string(200, '*') + "}") == "error: $V is too long for a pattern");
}
