#pragma once

#include <optional>
#include <string>

#include "loader/process.hpp"

namespace muslcheck::loader {

/// What execve(2) makes of a program.
struct ExecResult {
  enum class Kind {
    runs_alone,    ///< static: no loader takes part
    musl,          ///< musl loads it, or would if the interpreter were there (`error`)
    other_loader,  ///< the interpreter is in the image and is not musl
    refused,       ///< nothing could load it, whatever its interpreter
  };
  Kind kind = Kind::musl;
  std::optional<model::LoadError> error;
};

[[nodiscard]] ExecResult check_exec(const Process& process);

}  // namespace muslcheck::loader
