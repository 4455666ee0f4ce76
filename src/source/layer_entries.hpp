#pragma once
/// The entries of one layer's tar, as OCI means them.

#include <cstdint>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/problem.hpp"
#include "muslcheck/source/source.hpp"

namespace muslcheck::source {

/// What of a layer may be read.
struct LayerLimits {
  std::uint64_t max_unpacked = 0;  ///< bytes of the uncompressed tar
  std::uint64_t max_entries = 0;
};

/// Visits the entries of a layer in archive order; whiteout markers become entries of their own
/// kinds. `name` says in messages which layer this is. Problems and errors as Source::read_layer;
/// reasons: "layer-truncated", "layer-damaged", "layer-not-a-tar", "expansion-limit",
/// "too-many-entries", "path-too-long", "whiteout-malformed", "compression-unsupported".
[[nodiscard]] core::Result<void> read_layer_entries(core::ByteView layer, const std::string& name,
                                                    const LayerLimits& limits,
                                                    const EntryVisitor& visit,
                                                    std::vector<model::Problem>& problems);

}  // namespace muslcheck::source
