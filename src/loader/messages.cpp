// The texts of musl's ldso/dynlink.c (calls of error() and dprintf()) and of its strerror table
// (src/errno/__strerror.h), letter by letter: people search the web for them.

#include "loader/messages.hpp"

#include <array>
#include <cerrno>

namespace muslcheck::loader {
namespace {

struct ErrorText {
  int error;
  const char* musl;
  const char* engine;  ///< Go's syscall.Errno, which runc and containerd print
};

constexpr std::array kErrorTexts{
    ErrorText{ENOENT, "No such file or directory", "no such file or directory"},
    ErrorText{ENOTDIR, "Not a directory", "not a directory"},
    ErrorText{EACCES, "Permission denied", "permission denied"},
    ErrorText{ELOOP, "Symbolic link loop", "too many levels of symbolic links"},
    ErrorText{EISDIR, "Is a directory", "is a directory"},
    ErrorText{ENOEXEC, "Exec format error", "exec format error"},
    ErrorText{EINVAL, "Invalid argument", "invalid argument"},
    ErrorText{ELIBBAD, "No error information", "accessing a corrupted shared library"},
};

std::string relocating(std::string_view file) {
  return "Error relocating " + std::string(file) + ": ";
}

}  // namespace

std::string error_string(int error) {
  for (const ErrorText& text : kErrorTexts)
    if (text.error == error) return text.musl;
  return "No error information";
}

std::string library_message(std::string_view name, int error, std::string_view needed_by) {
  std::string text = "Error loading shared library ";
  text.append(name).append(": ").append(error_string(error));
  if (!needed_by.empty()) text.append(" (needed by ").append(needed_by).append(")");
  return text;
}

std::string symbol_message(std::string_view file, std::string_view symbol) {
  return relocating(file).append(symbol).append(": symbol not found");
}

std::string relocation_message(std::string_view file, std::uint32_t type) {
  // musl prints the number with %d.
  return relocating(file).append("unsupported relocation type ") +
         std::to_string(static_cast<std::int32_t>(type));
}

std::string initial_exec_message(std::string_view file, std::string_view symbol,
                                 std::string_view provider) {
  return relocating(file)
      .append(symbol)
      .append(": initial-exec TLS resolves to dynamic definition in ")
      .append(provider);
}

std::string not_dynamic_message(std::string_view loader, std::string_view file) {
  return std::string(loader).append(": ").append(file).append(": Not a valid dynamic program");
}

std::string exec_message(std::string_view file, int error) {
  std::string text = "exec " + std::string(file) + ": ";
  for (const ErrorText& entry : kErrorTexts)
    if (entry.error == error) return text + entry.engine;
  return text + "exec format error";
}

std::string crash_message() { return "Segmentation fault"; }

}  // namespace muslcheck::loader
