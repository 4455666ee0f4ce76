// The Dockerfile from the host's disk.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/dockerfile/dockerfile.hpp"

namespace muslcheck::dockerfile {
namespace {

using core::ErrorCode;

tl::unexpected<core::Error> system_error(const std::string& path, int number) {
  const bool missing = number == ENOENT || number == ENOTDIR;
  return core::fail(missing ? ErrorCode::not_found : ErrorCode::io, "open",
                    "cannot read: " + std::generic_category().message(number), path);
}

core::Result<std::string> read_all(int file, const std::string& path) {
  std::string text;
  char buffer[16'384];
  while (true) {
    const ssize_t size = ::read(file, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return system_error(path, errno);
    if (size == 0) return text;
    text.append(buffer, static_cast<std::size_t>(size));
    if (text.size() > core::limits::kMaxDockerfile)
      return core::fail(ErrorCode::limit_exceeded, "file-too-large",
                        "larger than " + std::to_string(core::limits::kMaxDockerfile) + " bytes",
                        path);
  }
}

}  // namespace

core::Result<std::string> read_dockerfile(const std::string& path) {
  // Not blocking: opening a fifo must not wait for a writer.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return system_error(path, errno);
  struct stat status {};
  core::Result<std::string> text;
  if (::fstat(file, &status) != 0) {
    text = system_error(path, errno);
  } else if (!S_ISREG(status.st_mode)) {
    text = core::fail(ErrorCode::unsupported, "not-a-regular-file", "not a regular file", path);
  } else {
    text = read_all(file, path);
  }
  ::close(file);
  return text;
}

core::Result<std::map<std::string, std::string>> parse_build_args(
    const std::vector<std::string>& texts) {
  std::map<std::string, std::string> arguments;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      return core::fail(core::ErrorCode::usage, "build-arg-invalid",
                        "--build-arg needs NAME=VALUE, not '" + core::printable(text) + "'");
    arguments[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return arguments;
}

}  // namespace muslcheck::dockerfile
