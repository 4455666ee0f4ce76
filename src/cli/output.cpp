// Where text goes: standard output, standard error, files. Files are written beside their place
// and renamed, so that a CI job never reads half a report.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "cli/commands.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {
namespace {

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

int report_error(const core::Error& error) {
  std::fprintf(stderr, "muslcheck: %s\n", core::printable(core::describe(error)).c_str());
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
