// What it says when time is up.

#include "muslcheck/core/deadline.hpp"

namespace muslcheck::core {
namespace {

/// "90 s", "0.25 s".
std::string seconds(std::chrono::milliseconds time) {
  std::string text = std::to_string(time.count() / 1000);
  if (const auto rest = time.count() % 1000; rest != 0) {
    text += "." + std::to_string(1000 + rest).substr(1);
    while (text.ends_with('0')) text.pop_back();
  }
  return text + " s";
}

}  // namespace

Result<void> Deadline::check() const {
  if (!is_over()) return {};
  return fail(ErrorCode::timeout, "scan-timeout",
              "the scan is not done after " + seconds(time_) +
                  " and was given up; give it more time with --timeout");
}

}  // namespace muslcheck::core
