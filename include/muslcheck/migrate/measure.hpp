#pragma once
/// What the bytes of an image are for.

#include <optional>

#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/report.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::migrate {

/// Bytes of files as unpacked, by layer and by kind, without `after` and `basis`. As container
/// engines count: each file of each layer, also those that a later layer hides. Nothing for what is
/// no image: a single file or package, a folder that is no root file system.
[[nodiscard]] std::optional<model::SizeMath> measure_image(const ImageFacts& image,
                                                           const rules::RuleSet& rules);

}  // namespace muslcheck::migrate
