#pragma once
/// Errors as values. `Error` means that an operation could not be done at all; what is wrong *in*
/// an image is a model::Finding, and one file that could not be examined is a model::Problem.

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace muslcheck::core {

enum class ErrorCode {
  io,              ///< the operating system refused: open, read, map, write
  not_found,       ///< the named thing does not exist
  malformed,       ///< the bytes are not what their format says
  unsupported,     ///< valid, but nothing this program handles
  limit_exceeded,  ///< larger than a limit in core/limits.hpp
  timeout,         ///< took longer than its time limit
  usage,           ///< the caller or the command line asked for something that makes no sense
  bad_data,        ///< a file under rules/ is wrong
  internal,        ///< a bug in muslcheck, or a worker that died
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  /// Stable, machine-readable cause in kebab-case ("dynsym-out-of-bounds"); becomes Problem::code.
  std::string reason;
  /// One sentence for people, without the path.
  std::string message;
  /// The file (on the host or in the image) that the error is about; may be empty.
  std::string path;
  /// Byte offset in that file, where one is known.
  std::optional<std::uint64_t> offset;

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = tl::expected<T, Error>;

/// An error ready to be returned from a function whose result is any Result<T>.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string reason,
                                                std::string message, std::string path = {},
                                                std::optional<std::uint64_t> offset = {}) {
  return tl::make_unexpected(
      Error{code, std::move(reason), std::move(message), std::move(path), offset});
}

/// "PATH: message (at byte N)", one line, for stderr.
[[nodiscard]] std::string describe(const Error& error);

/// The exception that is being handled as an error: limit_exceeded ("out-of-memory") for
/// std::bad_alloc, else internal ("exception"). To be called in a catch clause only.
[[nodiscard]] Error error_of_exception();

/// The word for an error code, as in the enumeration ("limit-exceeded").
[[nodiscard]] const char* name_of(ErrorCode code);

}  // namespace muslcheck::core
