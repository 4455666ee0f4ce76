#include "cli/duration.hpp"

#include <string>
#include <utility>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using namespace std::chrono_literals;

TEST_CASE("times are numbers with units") {
  const std::vector<std::pair<std::string, std::chrono::milliseconds>> rows{
      {"90s", 90s},   {"5m", 5min},     {"1h", 1h},        {"500ms", 500ms},
      {"5m0s", 5min}, {"1h30m", 90min}, {"1s1ms", 1001ms}, {"1000h", 1000h}};
  for (const auto& [text, time] : rows) {
    INFO(text);
    CHECK(cli::parse_duration(text) == time);
  }
}

TEST_CASE("what is no time, none, or too long says how to write one") {
  for (const std::string text : {"", "5", "s", "0s", "-5s", "1.5s", "5 s", "5d", "90sec", "5m3",
                                 "1001h", "4294967296ms", "999999999999999999999s"}) {
    INFO(text);
    const auto time = cli::parse_duration(text);
    REQUIRE_FALSE(time);
    CHECK(time.error().code == core::ErrorCode::usage);
    CHECK(time.error().message ==
          "\"" + core::shortened(text, 32) + "\" is no time; write it like 90s, 5m or 1h30m");
  }
}
