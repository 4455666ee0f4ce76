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

  /// So long from now. Of zero and less it is none.
  [[nodiscard]] static Deadline after(std::chrono::milliseconds time) {
    Deadline deadline;
    if (time <= std::chrono::milliseconds::zero()) return deadline;
    deadline.time_ = time;
    deadline.end_ = std::chrono::steady_clock::now() + time;
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
