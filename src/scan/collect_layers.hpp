#pragma once
/// The facts of all layers of an image, from its bytes or from the cache.

#include <vector>

#include "muslcheck/cache/facts_cache.hpp"
#include "muslcheck/core/deadline.hpp"
#include "muslcheck/core/progress.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/elf/reader.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/source/source.hpp"

namespace muslcheck::scan {

struct CollectOptions {
  int jobs = 1;
  bool verify = false;                 ///< read every layer, also those that the cache knows
  cache::FactsCache* cache = nullptr;  ///< null: none
  core::Progress* progress = nullptr;  ///< null: nobody asks; sources count what they read
  core::Deadline deadline = {};
};

/// In the order of the layers. A layer that cannot be read has no entries and a problem. Errors: of
/// the first layer, if none can be read; of the deadline, if that is over when all are done.
[[nodiscard]] core::Result<std::vector<model::LayerFacts>> collect_layers(
    source::Source& source, elf::Reader& reader, const CollectOptions& options);

}  // namespace muslcheck::scan
