#pragma once
/// Which instruction of a Dockerfile made each layer.

#include <optional>
#include <string>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/dockerfile/dockerfile.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/scan/scan.hpp"

namespace muslcheck::scan {

/// A Dockerfile and what its build was told.
struct Build {
  std::string text;
  dockerfile::Dockerfile dockerfile;
  dockerfile::BuildRequest request;
};

/// Reads the Dockerfile that the options name, nothing if they name none. A Dockerfile that cannot
/// be understood and a stage that it does not have are errors.
[[nodiscard]] core::Result<std::optional<Build>> read_build(const ScanOptions& options);

/// Notes the instruction of each layer. A Dockerfile of another image is a problem.
void add_layer_origins(const Build& build, model::SourceInfo& source,
                       std::vector<model::Problem>& problems);

}  // namespace muslcheck::scan
