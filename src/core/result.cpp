// How an error reads on one line.

#include "muslcheck/core/result.hpp"

#include <exception>
#include <new>

namespace muslcheck::core {

const char* name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::io: return "io";
    case ErrorCode::not_found: return "not-found";
    case ErrorCode::malformed: return "malformed";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::limit_exceeded: return "limit-exceeded";
    case ErrorCode::timeout: return "timeout";
    case ErrorCode::usage: return "usage";
    case ErrorCode::bad_data: return "bad-data";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

Error error_of_exception() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::limit_exceeded, "out-of-memory",
                "there is not enough memory; raise the limit (ulimit -v, or the container's), or "
                "use "
                "fewer --jobs")
        .value();
  } catch (const std::exception& error) {
    return fail(ErrorCode::internal, "exception", std::string("internal error: ") + error.what())
        .value();
  } catch (...) {
    return fail(ErrorCode::internal, "exception", "internal error").value();
  }
}

std::string describe(const Error& error) {
  std::string text;
  if (!error.path.empty()) text += error.path + ": ";
  text += error.message;
  if (error.offset) text += " (at byte " + std::to_string(*error.offset) + ")";
  return text;
}

}  // namespace muslcheck::core
