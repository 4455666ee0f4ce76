#include "plan/unified_diff.hpp"

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "support/catch.hpp"

namespace muslcheck {
namespace {

std::string diff(const std::string& text, const std::vector<plan::LineEdit>& edits) {
  return core::join(plan::unified_diff(plan::lines_of(text), edits, "F"), "\n");
}

}  // namespace

TEST_CASE("only lines that differ are changed") {
  CHECK(diff("a\nb\nc\n", {{.first = 0, .count = 3, .lines = {"a\n", "x\n", "c\n"}}}) ==
        "--- F\n+++ F\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c");
  CHECK(diff("a\nb\n", {{.first = 0, .count = 2, .lines = {"a\n", "b\n"}}}).empty());
  CHECK(diff("a\n", {}).empty());
}

TEST_CASE("lines are put in and taken out at both ends") {
  CHECK(diff("a\n", {{.first = 0, .count = 0, .lines = {"x\n"}}}) ==
        "--- F\n+++ F\n@@ -1 +1,2 @@\n+x\n a");
  CHECK(diff("a\n", {{.first = 1, .count = 0, .lines = {"x\n"}}}) ==
        "--- F\n+++ F\n@@ -1 +1,2 @@\n a\n+x");
  CHECK(diff("a\n", {{.first = 0, .count = 1, .lines = {}}}) == "--- F\n+++ F\n@@ -1 +0,0 @@\n-a");
}

TEST_CASE("changes far from each other have hunks of their own") {
  std::string text;
  for (int i = 0; i < 20; ++i) text += std::to_string(i) + "\n";
  const auto hunks = [&](std::size_t second) {
    const std::string all = diff(text, {{.first = 2, .count = 1, .lines = {"x\n"}},
                                        {.first = second, .count = 1, .lines = {"y\n"}}});
    std::size_t count = 0;
    for (std::size_t at = all.find("@@ -"); at != std::string::npos; at = all.find("@@ -", at + 1))
      ++count;
    return count;
  };
  CHECK(hunks(9) == 1);
  CHECK(hunks(10) == 2);
}

TEST_CASE("a last line without an end is told apart from one with") {
  CHECK(diff("a\nb", {{.first = 1, .count = 1, .lines = {"c"}}}) ==
        "--- F\n+++ F\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at "
        "end "
        "of file");
  CHECK(diff("a", {{.first = 0, .count = 1, .lines = {"a\n"}}}) ==
        "--- F\n+++ F\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a");
}

TEST_CASE("beyond the limit an edit is not compared line by line") {
  const auto with = [](std::size_t count) {
    std::vector<std::string> lines(count, "a\n");
    const std::vector<plan::LineEdit> edits{{.first = 0, .count = count, .lines = lines}};
    return plan::unified_diff(lines, edits, "F").size();
  };
  CHECK(with(900) == 0);
  CHECK((1001 * 1001) > core::limits::kMaxDiffCells);
  CHECK(with(1000) == 3 + 2 * 1000);
}

}  // namespace muslcheck
