#include "muslcheck/core/search.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "support/catch.hpp"

using namespace muslcheck::core;

TEST_CASE("contains compares texts of different types") {
  const std::vector<std::string> list{"a", "b"};
  CHECK(contains(list, std::string_view("b")));
  CHECK_FALSE(contains(list, "c"));
  CHECK_FALSE(contains(std::vector<std::string>{}, ""));
}

TEST_CASE("find_where gives the first match in the list itself, or null") {
  static constexpr std::array kNumbers{1, 4, 6};
  const auto is_even = [](int number) { return number % 2 == 0; };
  CHECK(find_where(kNumbers, is_even) == &kNumbers[1]);
  CHECK(find_where(std::vector<int>{1, 3}, is_even) == nullptr);
}

TEST_CASE("matches_any needs one matching pattern") {
  CHECK(matches_any({"*.so", "*.node"}, "a/b.node"));
  CHECK_FALSE(matches_any({"*.so", "*.node"}, "a/b.js"));
  CHECK_FALSE(matches_any({}, "a"));
}
