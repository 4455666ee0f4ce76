#pragma once
/// Which programs a container starts, by its configuration.

#include <optional>
#include <string>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/model/problem.hpp"

namespace muslcheck::runtimes {

/// What runs when a container starts, in order: the entry point, the interpreters of scripts, and
/// the programs that shells, env and init programs are asked to run.
struct StartProgram {
  std::vector<model::StartStep> steps;
  /// "entrypoint-not-found", "entrypoint-too-deep": such a container does not start today either.
  std::optional<model::Problem> problem;
};

/// The folders in which a program without a slash in its name is looked for, by the image's Env;
/// those of Docker where it says nothing. At most kMaxSearchFolders.
[[nodiscard]] std::vector<std::string> program_folders(const std::vector<std::string>& env);

/// Entrypoint and Cmd as the container runtime, the kernel and the programs themselves take them
/// apart. Of a shell script nothing is known but its interpreter and its arguments: an argument
/// that names a program is taken for one (docker-entrypoint.sh ends in exec "$@").
[[nodiscard]] StartProgram find_start_program(const model::ImageConfig& config,
                                              const filesystem::FileTree& tree);

}  // namespace muslcheck::runtimes
