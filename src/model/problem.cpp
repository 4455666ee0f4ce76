#include "muslcheck/model/problem.hpp"

#include <utility>

#include "muslcheck/core/result.hpp"

namespace muslcheck::model {

Problem problem_from(const core::Error& error, std::string stage) {
  std::string message = error.message;
  if (error.offset) message += " (at byte " + std::to_string(*error.offset) + ")";
  return {.path = error.path,
          .stage = std::move(stage),
          .code = error.reason,
          .message = std::move(message)};
}

}  // namespace muslcheck::model
