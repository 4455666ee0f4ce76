// Drawing while others work. The thread wakes ten times a second, and during the first second it
// draws nothing: most scans are over by then.
//
// A signal that ends the program must leave the terminal clean, but the line must not be drawn
// again after the handler erased it. So as long as there is a bar, these signals are blocked in
// all threads but the one that draws: there the handler runs between two drawings. Threads inherit
// what is blocked from the one that starts them, and all others of a scan are started later.

#include "cli/progress_bar.hpp"

#include <pthread.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/progress_line.hpp"

namespace muslcheck::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kSilence = std::chrono::seconds(1);
constexpr auto kInterval = std::chrono::milliseconds(100);
constexpr std::string_view kEraseRest = "\x1b[K";
constexpr std::string_view kEraseLine = "\r\x1b[K";

// For the signal handler.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
volatile std::sig_atomic_t is_line_drawn = 0;

void write_stderr(std::string_view text) {
  // A bar that cannot be drawn is no reason to do anything else.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

std::size_t columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* text = std::getenv("COLUMNS");
  const long number = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  return number > 0 && number < 10'000 ? static_cast<std::size_t>(number) : 80;
}

/// False after `muslcheck ... ^Z bg`: then the terminal is somebody else's.
bool is_in_foreground() {
  const pid_t group = ::tcgetpgrp(STDERR_FILENO);
  return group < 0 || group == ::getpgrp();
}

void draw(const ProgressView& view) {
  if (!is_in_foreground()) return;
  // In the last column some terminals begin a new line.
  const std::string line = render_progress(view, columns() - 1);
  is_line_drawn = 1;
  write_stderr("\r" + line + std::string(kEraseRest));
}

}  // namespace

bool can_show_progress() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) != 0 && terminal != nullptr && *terminal != '\0' &&
         std::string_view(terminal) != "dumb";
}

void erase_progress_line() {
  if (is_line_drawn == 0) return;
  is_line_drawn = 0;
  if (is_in_foreground()) write_stderr(kEraseLine);
}

void ProgressBar::start() try {
  if (thread_.joinable()) return;
  const sigset_t ending = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &ending, &signals_before_);
  thread_ = std::jthread([this](const std::stop_token& stopped) { run(stopped); });
} catch (const std::system_error&) {
  ::pthread_sigmask(SIG_SETMASK, &signals_before_, nullptr);
}

void ProgressBar::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  erase_progress_line();
  ::pthread_sigmask(SIG_SETMASK, &signals_before_, nullptr);
}

void ProgressBar::run(const std::stop_token& stopped) {
  ::pthread_sigmask(SIG_SETMASK, &signals_before_, nullptr);
  const Clock::time_point started = Clock::now();
  Clock::time_point reading_since = started;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, stopped, kInterval, [&] { return stopped.stop_requested(); })) {
    const Clock::time_point now = Clock::now();
    const ProgressView view{.bytes_total = progress_.bytes_total,
                            .bytes_done = progress_.bytes_done,
                            .files_done = progress_.files_done,
                            .seconds = std::chrono::duration<double>(now - reading_since).count()};
    if (view.bytes_done == 0) reading_since = now;
    if (now - started >= kSilence) draw(view);
  }
}

}  // namespace muslcheck::cli
