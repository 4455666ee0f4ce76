// A part of what Go's time.ParseDuration takes, since trivy and others have made it known: no
// signs, no fractions, no micro- and nanoseconds.

#include "cli/duration.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongest = std::chrono::hours(1000);

// "ms" stands before "m", with which it begins.
constexpr std::array<std::pair<std::string_view, milliseconds>, 4> kUnits{
    {{"ms", milliseconds(1)},
     {"s", std::chrono::seconds(1)},
     {"m", std::chrono::minutes(1)},
     {"h", std::chrono::hours(1)}}};

/// Takes a number and its unit from the start of the text; nothing if they are not there.
std::optional<milliseconds> take_part(std::string_view& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (const auto& [unit, time] : kUnits)
    if (text.starts_with(unit)) {
      text.remove_prefix(unit.size());
      return number * time;
    }
  return std::nullopt;
}

}  // namespace

core::Result<milliseconds> parse_duration(std::string_view text) {
  milliseconds sum{};
  for (std::string_view rest = text; !rest.empty();) {
    const auto part = take_part(rest);
    sum += part.value_or(milliseconds::zero());
    if (part && sum <= kLongest) continue;
    sum = milliseconds::zero();
    break;
  }
  if (sum > milliseconds::zero()) return sum;
  return core::fail(core::ErrorCode::usage, "bad-duration",
                    "\"" + core::printable(core::shortened(text, 32)) +
                        "\" is no time; write it like 90s, 5m or 1h30m");
}

}  // namespace muslcheck::cli
