#pragma once
/// Facts of layers, kept in a folder between scans: FOLDER/layers/VERSION/KEY, one file a layer
/// (layer_codec.hpp). Any number of scans may use the folder at the same time: files are written
/// beside their place and renamed, and what cannot be read counts as absent.

#include <cstdint>
#include <optional>
#include <string>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/image.hpp"

namespace muslcheck::cache {

struct CacheInfo {
  std::uint64_t layers = 0;
  std::uint64_t bytes = 0;
};

class FactsCache {
 public:
  /// A cache in `folder`, which is made when something is stored.
  explicit FactsCache(std::string folder, std::uint64_t max_bytes);

  /// The facts stored under a key (letters, digits and '-'; anything else is never found); nothing
  /// if there are none or if they cannot be read. Marks them as used.
  [[nodiscard]] std::optional<model::LayerFacts> find(const std::string& key) const;

  /// Stores facts and removes those used longest ago while there are more than `max_bytes`.
  /// Error: io ("cache-write"); then nothing was stored.
  [[nodiscard]] core::Result<void> store(const std::string& key, const model::LayerFacts& facts);

  /// What is there, of all versions.
  [[nodiscard]] CacheInfo info() const;

  /// Removes all that the cache put there, and nothing else; what it was. Error: io
  /// ("cache-clean").
  [[nodiscard]] core::Result<CacheInfo> clean();

  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  [[nodiscard]] std::string path_of(const std::string& key) const;
  void make_room();

  std::string folder_;
  std::uint64_t max_bytes_;
};

}  // namespace muslcheck::cache
