// Layers are read in parallel, and those that the cache has are not read at all.
//
// The cache knows a layer by the digest of its content. Facts are stored under it only if the bytes
// were hashed and agree, or else an image that claims another's digest would speak for it in every
// later scan. An uncompressed layer is not hashed, since that takes longer than reading it: it is
// known by the file that it lies in, as this machine's kernel sees it.

#include "scan/collect_layers.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <optional>
#include <utility>

#include "muslcheck/collect/collect.hpp"
#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/limits.hpp"
#include "scan/parallel.hpp"

namespace muslcheck::scan {
namespace {

using LayerResult = core::Result<model::LayerFacts>;

/// Large layers first, so that no thread begins one when the others are done.
std::vector<std::size_t> largest_first(const std::vector<model::LayerInfo>& layers) {
  std::vector<std::size_t> order(layers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return layers[left].size > layers[right].size;
  });
  return order;
}

/// Each layer is within its limits, but a thousand such layers are too much.
LayerResult too_much_to_keep(const model::LayerInfo& layer) {
  return core::fail(core::ErrorCode::limit_exceeded, "too-much-in-layers",
                    "not read: what is kept of the other layers takes more than " +
                        std::to_string(core::limits::kMaxFactsPerImage) + " bytes of memory",
                    layer.digest);
}

std::string key_of_digest(const std::string& digest) {
  constexpr std::string_view kPrefix = "sha256:";
  return digest.starts_with(kPrefix) ? "sha256-" + digest.substr(kPrefix.size()) : std::string();
}

std::string key_of_file(const std::string& identity) {
  if (identity.empty()) return {};
  return "file-" + core::sha256_hex(core::as_bytes(identity));
}

/// One layer, from the cache if it has it.
class LayerCollector {
 public:
  LayerCollector(source::Source& source, elf::Reader& reader, const CollectOptions& options)
      : source_(source), reader_(reader), options_(options) {}

  LayerResult collect(std::size_t index, core::Tasks& tasks) {
    if (const auto in_time = options_.deadline.check(); !in_time)
      return tl::make_unexpected(in_time.error());
    if (kept_ > core::limits::kMaxFactsPerImage)
      return too_much_to_keep(source_.info().layers[index]);
    LayerResult facts = find_or_read(index, tasks);
    if (facts) kept_ += collect::memory_of(*facts);
    return facts;
  }

 private:
  LayerResult find_or_read(std::size_t index, core::Tasks& tasks) {
    if (auto known = find(index)) {
      // Counts the layer whole when it goes.
      const core::PartProgress all(options_.progress, source_.info().layers[index].size);
      return std::move(*known);
    }
    auto facts = collect::collect_layer(source_, index, reader_, tasks, memory_, options_.deadline);
    if (facts && options_.cache != nullptr && collect::are_lasting(*facts)) store(index, *facts);
    return facts;
  }

  std::optional<model::LayerFacts> find(std::size_t index) {
    if (options_.cache == nullptr || options_.verify) return std::nullopt;
    // That a layer is absent or cut short, no digest may hide.
    if (!source_.has_layer(index)) return std::nullopt;
    const std::string& digest = source_.info().layers[index].digest;
    auto facts = options_.cache->find(key_of_digest(digest));
    if (!facts) facts = options_.cache->find(key_of_file(source_.local_identity(index)));
    if (facts && facts->digest != digest) return std::nullopt;
    return facts;
  }

  /// What cannot be stored is read again the next time.
  void store(std::size_t index, const model::LayerFacts& facts) {
    const std::string key =
        facts.verified ? key_of_digest(facts.digest) : key_of_file(source_.local_identity(index));
    if (!key.empty()) (void)options_.cache->store(key, facts);
  }

  source::Source& source_;
  elf::Reader& reader_;
  const CollectOptions& options_;
  core::MemoryBudget memory_{core::limits::kMaxFilesInMemory};
  std::atomic<std::uint64_t> kept_{0};
};

/// Layers that could not be read become problems; only if none could is there nothing to report.
core::Result<std::vector<model::LayerFacts>> keep_readable(std::vector<LayerResult> results) {
  std::vector<model::LayerFacts> layers;
  bool any = results.empty();
  for (LayerResult& result : results) {
    any = any || result.has_value();
    model::LayerFacts facts;
    if (result) {
      facts = std::move(*result);
    } else {
      facts.problems.push_back(model::problem_from(result.error(), "layer"));
    }
    layers.push_back(std::move(facts));
  }
  if (!any) return tl::make_unexpected(results.front().error());
  return layers;
}

}  // namespace

core::Result<std::vector<model::LayerFacts>> collect_layers(source::Source& source,
                                                            elf::Reader& reader,
                                                            const CollectOptions& options) {
  LayerCollector collector(source, reader, options);
  std::vector<LayerResult> results(source.info().layers.size());
  for_each_in_parallel(largest_first(source.info().layers), options.jobs,
                       [&](std::size_t index, core::Tasks& tasks) {
                         results[index] = collector.collect(index, tasks);
                       });
  if (const auto in_time = options.deadline.check(); !in_time)
    return tl::make_unexpected(in_time.error());
  return keep_readable(std::move(results));
}

}  // namespace muslcheck::scan
