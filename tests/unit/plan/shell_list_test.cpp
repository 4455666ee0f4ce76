#include "plan/shell_list.hpp"

#include "muslcheck/core/text.hpp"
#include "support/catch.hpp"

namespace muslcheck {
namespace {

plan::ShellList parse(const std::string& text, const plan::ShellSyntax& syntax = {}) {
  std::string tail;
  auto words = plan::read_shell_words(text, syntax, tail);
  return plan::parse_shell_list(std::move(words), std::move(tail));
}

/// The elements, each in brackets.
std::string elements_of(const std::string& text, const plan::ShellSyntax& syntax = {}) {
  std::string out;
  for (const plan::ShellElement& element : parse(text, syntax).elements)
    out += "[" + text_of(element) + "]";
  return out;
}

std::string without(const std::string& text, std::vector<bool> removed) {
  plan::ShellList list = parse(text);
  REQUIRE(list.elements.size() == removed.size());
  plan::remove_elements(list, removed);
  return text_of(list);
}

}  // namespace

TEST_CASE("shell text is taken apart at its operators") {
  CHECK(elements_of("a b && c; d") == "[a b][c][d]");
  CHECK(elements_of("a | b || c && d") == "[a | b || c][d]");
  CHECK(elements_of("if a; then b && c; else d; fi") == "[a][b][c][d][fi]");
  CHECK(elements_of("(a && b) > c") == "[a][b][> c]");
  CHECK(elements_of("a \"b && c\" 'd; e' $(f; g) `h && i` && j") ==
        "[a \"b && c\" 'd; e' $(f; g) `h && i`][j]");
  CHECK(elements_of("a > b 2>&1 && c &> d") == "[a > b 2>&1][c &> d]");
  CHECK(elements_of("a \\\n  # && x\n\n  b && c") == "[a \\\n  # && x\n\n  b][c]");
  CHECK(elements_of("a # b && c") == "[a]");
  CHECK(elements_of("a\n# x; y\nb \\\n c", {.line_ends = true}) == "[a][b \\\n c]");
  CHECK(elements_of("").empty());
}

TEST_CASE("whatever the text is, it comes back as it was") {
  for (const char* text : {"a",
                           " a  b\t",
                           "a &&",
                           "&& a",
                           "a ;; b ) c (",
                           "| a && b",
                           "|| a",
                           "\"",
                           "'a",
                           "$(a",
                           "$(a $(b) c",
                           "a\\",
                           "a \\\n",
                           "a \\\n  # x",
                           "if",
                           "then a",
                           "a | while read x; do b; done",
                           "`a",
                           "a\\\nb \\\n\n\n c",
                           "{ a; }",
                           "case x in a) b;; c) d;; esac",
                           "a=b c=d",
                           "a && \\\n# only a comment\n"})
    for (const bool line_ends : {false, true})
      CHECK(text_of(parse(text, {.line_ends = line_ends})) == text);
}

TEST_CASE("what is taken out leaves a list that is one") {
  CHECK(without("a && b && c", {true, false, false}) == "b && c");
  CHECK(without("a && b && c", {false, true, false}) == "a && c");
  CHECK(without("a && b && c", {false, false, true}) == "a && b");
  CHECK(without("a && b && c", {true, true, false}) == "c");
  CHECK(without("a && b && c", {false, true, true}) == "a");
  CHECK(without("a && b && c", {true, true, true}).empty());
  CHECK(without("if a; then b; fi", {false, true, false}) == "if a; then :; fi");
  CHECK(without("if a; then b && c; fi", {false, true, false, false}) == "if a; then c; fi");
  CHECK(without("if a; then b && c; fi", {false, true, true, false}) == "if a; then :; fi");
  CHECK(without("(a && b)", {true, true}) == "(:)");
  CHECK(without("a & b", {true, false}) == ": & b");
}

TEST_CASE("the program of a command is found behind what stands before it") {
  const auto program = [](const std::string& text) {
    return plan::program_of(parse(text).elements.at(0).commands.at(0));
  };
  CHECK(program("A=b C='d e' apt-get x") == "apt-get");
  CHECK(program("sudo /usr/bin/apt-get x") == "apt-get");
  CHECK(program("\"make\" x") == "make");
  CHECK(program("A=b").empty());
}

TEST_CASE("a long line takes no longer for its length") {
  std::string text = "apt-get update";
  for (int i = 0; i < 50'000; ++i) text += "; apt-get update";
  plan::ShellList list = parse(text);
  plan::remove_elements(list, std::vector<bool>(list.elements.size(), true));
  CHECK(text_of(list).empty());
}

}  // namespace muslcheck
