#pragma once
/// A line on the terminal that says how far a scan is, while it takes long.

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include "muslcheck/core/progress.hpp"

namespace muslcheck::cli {

/// True if standard error is a terminal on which a line can be drawn again.
[[nodiscard]] bool can_show_progress();

/// Removes the line if there is one. For signal handlers, too.
void erase_progress_line();

/// Draws from the second second on. The line is gone when stop() or the destructor returns.
class ProgressBar {
 public:
  ProgressBar() = default;
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() { stop(); }

  /// Starts a thread, so only when nothing is forked any more. Without a thread there is no bar.
  void start();
  void stop();

  /// What is drawn; it may be counted from any thread.
  [[nodiscard]] core::Progress& progress() { return progress_; }

 private:
  void run(const std::stop_token& stopped);

  core::Progress progress_;
  sigset_t signals_before_{};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace muslcheck::cli
