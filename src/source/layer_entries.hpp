#pragma once
/// The entries of one layer's tar, as OCI means them.

#include <cstdint>
#include <memory>
#include <string>
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

/// A layer as it is stored.
struct StoredLayer {
  KeptBytes content;
  std::string name;         ///< which layer this is, for messages
  std::string blob_digest;  ///< "sha256:..." that the bytes should have; empty: not known
  std::string diff_id;  ///< "sha256:..." that the uncompressed tar should have; empty: not known
  bool verify = false;  ///< check the digests of an uncompressed layer, too
  core::Progress* progress = nullptr;
  core::Deadline deadline = {};
};

/// Visits the entries of a layer in archive order; whiteout markers become entries of their own
/// kinds. Whatever comes of it, the layer counts whole in the progress afterwards. The digests of a
/// compressed layer are always checked: its bytes pass through anyway. Problems and errors as
/// Source::read_layer; reasons: "layer-truncated", "layer-damaged", "layer-not-a-tar",
/// "expansion-limit", "too-many-entries", "path-too-long", "whiteout-malformed",
/// "compression-unsupported", "blob-digest-mismatch", "diff-id-mismatch".
[[nodiscard]] core::Result<LayerReading> read_layer_entries(const StoredLayer& layer,
                                                            const LayerLimits& limits,
                                                            const EntryVisitor& visit,
                                                            std::vector<model::Problem>& problems,
                                                            core::Tasks& tasks);

}  // namespace muslcheck::source
