#pragma once
/// What a stage starts, and which file that names.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/dockerfile/dockerfile.hpp"

namespace muslcheck::plan {

/// The words of ENTRYPOINT and CMD, those of a text for a shell one by one.
[[nodiscard]] std::vector<std::string> start_words(const dockerfile::Stage& stage);

/// The folder that commands run in at the end of the stage; "/" if nothing says it. Empty if it is
/// made of variables.
[[nodiscard]] std::string working_folder(const dockerfile::Stage& stage);

/// The absolute path of `path` seen from `folder`, without "." and "..".
[[nodiscard]] std::string absolute_path(std::string_view folder, std::string_view path);

/// The paths to copy for the artifact of a shape ("workdir", "start-file", ...), from and to; empty
/// if the start command does not tell.
struct Artifact {
  std::string from;
  std::string to;
};
[[nodiscard]] std::optional<Artifact> find_artifact(const dockerfile::Stage& stage,
                                                    const std::string& kind,
                                                    const std::string& program_folder);

}  // namespace muslcheck::plan
