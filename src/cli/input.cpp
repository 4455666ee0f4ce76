// Small files that the user hands in beside the image, read whole.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "cli/report_output.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {
namespace {

tl::unexpected<core::Error> system_error(const std::string& name, int number) {
  const bool missing = number == ENOENT || number == ENOTDIR;
  return core::fail(missing ? core::ErrorCode::not_found : core::ErrorCode::io, "open",
                    "cannot read: " + std::generic_category().message(number), name);
}

core::Result<std::string> read_all(int file, const std::string& name, std::size_t max_size) {
  std::string text;
  std::array<char, 65'536> buffer{};
  while (true) {
    const ssize_t size = ::read(file, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return system_error(name, errno);
    if (size == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(size));
    if (text.size() > max_size)
      return core::fail(core::ErrorCode::limit_exceeded, "file-too-large",
                        "is larger than " + core::describe_bytes(max_size), name);
  }
}

}  // namespace

core::Result<std::string> read_input(const std::string& path, std::size_t max_size) {
  if (path == "-") return read_all(STDIN_FILENO, "standard input", max_size);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return system_error(path, errno);
  auto text = read_all(file, path, max_size);
  ::close(file);
  return text;
}

}  // namespace muslcheck::cli
