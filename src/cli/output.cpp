// Where text goes: standard output, standard error, files. Files are written beside their place
// and renamed, so that a CI job never reads half a report.

#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/progress_bar.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {
namespace {

// The file that is being written, for the handler: a signal must not leave half a report behind.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::array<char, 4096 + 16> temporary_name{};
volatile std::sig_atomic_t has_temporary = 0;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

constexpr std::array kEndingSignals{SIGINT, SIGTERM, SIGHUP};

void clean_up_and_die(int number) {
  if (has_temporary != 0) ::unlink(temporary_name.data());
  erase_progress_line();
  ::signal(number, SIG_DFL);
  ::raise(number);
}

/// While it lives, a signal that ends the program removes a file first.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& path) {
    if (path.size() >= temporary_name.size()) return;
    path.copy(temporary_name.data(), path.size());
    temporary_name[path.size()] = '\0';
    has_temporary = 1;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { has_temporary = 0; }
};

core::Result<void> write_all(int descriptor, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      return core::fail(core::ErrorCode::io, "write-failed",
                        "cannot write: " + std::generic_category().message(errno), path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

void prepare_process() {
  // Content of a file that was looked at goes back to the system, not to a heap that keeps it. By
  // itself the C library raises the threshold to the largest block that was ever freed.
  ::mallopt(M_MMAP_THRESHOLD, 4 << 20);
  // A program started with ">&-" would give the number of its standard output to the next file it
  // opens, and write its report there. Taken up by a descriptor that only names a place, a closed
  // stream stays one that can be neither read nor written. /dev/null is not there in every root.
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) ::open("/", O_PATH);
  for (const int number : kEndingSignals)
    if (::signal(number, clean_up_and_die) == SIG_IGN) ::signal(number, SIG_IGN);
}

sigset_t ending_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : kEndingSignals) ::sigaddset(&set, number);
  return set;
}

int report_error(const core::Error& error) {
  constexpr std::size_t kLongest = core::limits::kMaxMessage + 256;
  const std::string text = core::shortened(core::printable(core::describe(error)), kLongest);
  std::fprintf(stderr, "muslcheck: %s\n", text.c_str());
  return kExitError;
}

core::Result<void> write_stdout(std::string_view text) {
  return write_all(STDOUT_FILENO, text, "standard output");
}

core::Result<void> write_atomically(const std::string& path, std::string_view text) {
  // A device or pipe (/dev/stdout, a process substitution) cannot be replaced by renaming.
  struct stat existing {};
  const bool special = ::stat(path.c_str(), &existing) == 0 && !S_ISREG(existing.st_mode);
  std::string temporary = path + ".XXXXXX";
  const int descriptor = special ? ::open(path.c_str(), O_WRONLY | O_CLOEXEC)
                                 : ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0)
    return core::fail(core::ErrorCode::io, "write-failed",
                      "cannot write: " + std::generic_category().message(errno), path);
  std::optional<TemporaryFile> cleaned_up;
  if (!special) cleaned_up.emplace(temporary);
  core::Result<void> result = write_all(descriptor, text, path);
  if (!special) {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(descriptor, 0666 & ~mask);
  }
  const bool closed = ::close(descriptor) == 0;
  if (special) return result;
  if (result && (!closed || ::rename(temporary.c_str(), path.c_str()) != 0))
    result = core::fail(core::ErrorCode::io, "write-failed",
                        "cannot write: " + std::generic_category().message(errno), path);
  if (!result) ::unlink(temporary.c_str());
  return result;
}

}  // namespace muslcheck::cli
