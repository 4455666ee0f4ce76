// From an operation that failed to one thing that could not be examined.

#include "muslcheck/model/problem.hpp"

#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::model {

Problem problem_from(const core::Error& error, std::string stage) {
  std::string message = core::shortened(error.message, core::limits::kMaxMessage);
  if (error.offset) message += " (at byte " + std::to_string(*error.offset) + ")";
  return {.path = error.path,
          .stage = std::move(stage),
          .code = error.reason,
          .message = std::move(message)};
}

void add_problem(std::vector<Problem>& problems, Problem problem) {
  if (problems.size() > core::limits::kMaxProblemsPerLayer) return;
  if (problems.size() == core::limits::kMaxProblemsPerLayer)
    problem = {.path = {},
               .stage = problem.stage,
               .code = "too-many-problems",
               .message = "there are more problems than the " +
                          std::to_string(core::limits::kMaxProblemsPerLayer) + " that are listed"};
  problems.push_back(std::move(problem));
}

}  // namespace muslcheck::model
