#pragma once
/// What could not be examined.

#include <compare>
#include <string>
#include <vector>

namespace muslcheck::core {
struct Error;
}

namespace muslcheck::model {

/// One thing that could not be examined. The scan goes on and the report always shows it.
struct Problem {
  std::string path;     ///< in-image path, or the source's own path
  std::string stage;    ///< "source", "layer", "elf", "packages", "dockerfile"
  std::string code;     ///< core::Error::reason, kebab-case
  std::string message;  ///< one sentence
  auto operator<=>(const Problem&) const = default;
};

/// The problem that an error at a stage amounts to.
[[nodiscard]] Problem problem_from(const core::Error& error, std::string stage);

/// Appends a problem, unless there are as many as a layer may have: then one more, "too-many-
/// problems", says that the list is not complete, and the rest is dropped.
void add_problem(std::vector<Problem>& problems, Problem problem);

}  // namespace muslcheck::model
