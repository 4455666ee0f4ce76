// How an error reads on one line.

#include "muslcheck/core/result.hpp"

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

std::string describe(const Error& error) {
  std::string text;
  if (!error.path.empty()) text += error.path + ": ";
  text += error.message;
  if (error.offset) text += " (at byte " + std::to_string(*error.offset) + ")";
  return text;
}

}  // namespace muslcheck::core
