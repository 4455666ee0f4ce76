#pragma once

#include <compare>
#include <string>

namespace muslcheck::core {
struct Error;
}

namespace muslcheck::model {

/// One thing that could not be examined. The scan goes on and the report always shows it.
struct Problem {
  std::string path;     ///< in-image path, or the source's own path
  std::string stage;    ///< "source", "layer", "elf", "packages"
  std::string code;     ///< core::Error::reason, kebab-case
  std::string message;  ///< one sentence
  auto operator<=>(const Problem&) const = default;
};

/// The problem that an error at a stage amounts to.
[[nodiscard]] Problem problem_from(const core::Error& error, std::string stage);

}  // namespace muslcheck::model
