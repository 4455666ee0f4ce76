#pragma once
/// Layers as the table names them.

#include <optional>
#include <string>

#include "muslcheck/model/image.hpp"
#include "report/grouping.hpp"

namespace muslcheck::report {

/// The layer that a file comes from; -1 for what is about the image as a whole.
[[nodiscard]] int layer_of(const FileGroup& file);

/// The layer that all files of a group come from, if it is one.
[[nodiscard]] std::optional<int> common_layer(const PackageGroup& group);

/// The instruction of a Dockerfile that made a layer; null if that is not known.
[[nodiscard]] const model::LayerOrigin* instruction_of(const model::Report& report, int layer);

/// "COPY --from=build /app /app (Dockerfile:12)", or what the image's history says, on one line;
/// empty if nothing is known about the layer.
[[nodiscard]] std::string describe_layer(const model::SourceInfo& source, int layer);

}  // namespace muslcheck::report
