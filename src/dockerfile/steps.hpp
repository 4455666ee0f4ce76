#pragma once
/// What the history of an image should say about the instructions that made it.

#include <string>
#include <vector>

#include "muslcheck/dockerfile/dockerfile.hpp"

namespace muslcheck::dockerfile {

/// In a pattern: any text, for the value of a variable that is not known.
inline constexpr char kAnything = '\x01';

/// An instruction that makes a layer, or may: a WORKDIR makes none where the folder exists.
struct Step {
  const Instruction* instruction = nullptr;
  std::size_t stage = 0;  ///< that it stands in
  /// What may be the arguments of its model::HistoryStep; of COPY and ADD without flags.
  std::vector<std::string> patterns;
  /// What may be the destination where the sources are hashed, as plain_destination() gives it.
  std::vector<std::string> destinations;
};

/// The steps of the chain in order. They point into `dockerfile`.
[[nodiscard]] std::vector<Step> expected_steps(const Dockerfile& dockerfile,
                                               const RuntimeStage& runtime,
                                               const BuildRequest& request,
                                               const model::ImageConfig& config);

/// The destination without "./" at its start and "/" at its end.
[[nodiscard]] std::string plain_destination(std::string_view destination);

}  // namespace muslcheck::dockerfile
