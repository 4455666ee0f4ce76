#pragma once
/// Until when work may take. Whoever does long work asks now and then, and gives up with an error:
/// nobody is interrupted.

#include <chrono>
#include <string>

#include "muslcheck/core/result.hpp"

namespace muslcheck::core {

/// A moment, or none. Copies are about the same moment; asked from any thread.
class Deadline {
 public:
  Deadline() = default;  ///< none: it is never over

  /// So long from now. Of zero and less it is none, and so it is of more than the clock can count.
  [[nodiscard]] static Deadline after(std::chrono::milliseconds time) {
    Deadline deadline;
    const auto now = std::chrono::steady_clock::now();
    const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::time_point::max() - now);
    if (time <= std::chrono::milliseconds::zero() || time >= most) return deadline;
    deadline.time_ = time;
    deadline.end_ = now + time;
    return deadline;
  }

  [[nodiscard]] bool is_over() const {
    return time_ != std::chrono::milliseconds::zero() && std::chrono::steady_clock::now() >= end_;
  }

  /// Error: timeout ("scan-timeout") once it is over.
  [[nodiscard]] Result<void> check() const;

 private:
  std::chrono::milliseconds time_{};
  std::chrono::steady_clock::time_point end_;
};

}  // namespace muslcheck::core
