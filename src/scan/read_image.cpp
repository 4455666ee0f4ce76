// Bytes in, values out: after this nothing touches the host any more.

#include "scan/read_image.hpp"

#include <utility>

#include "muslcheck/cache/facts_cache.hpp"
#include "muslcheck/elf/reader.hpp"
#include "muslcheck/source/source.hpp"
#include "muslcheck/target/target.hpp"
#include "scan/collect_layers.hpp"
#include "scan/guess_arch.hpp"
#include "scan/runtime_stage.hpp"

namespace muslcheck::scan {
namespace {

/// What there is to read; a folder does not know.
void set_total(core::Progress* progress, const std::vector<model::LayerInfo>& layers) {
  if (progress == nullptr) return;
  for (const model::LayerInfo& layer : layers) progress->bytes_total += layer.size;
}

core::Result<std::string> choose_arch(const ScanOptions& options, const model::SourceInfo& source,
                                      const filesystem::FileTree& tree,
                                      const rules::RuleSet& rules) {
  if (!options.platform.empty()) return arch_of_platform(options.platform);
  const auto arch = target::alpine_arch_of_platform(source.platform);
  return arch ? *arch : guess_arch(tree, rules);
}

core::Result<std::vector<model::LayerFacts>> read_layers(source::Source& source,
                                                         elf::Reader& reader,
                                                         const ScanOptions& options,
                                                         const Request& request) {
  std::optional<cache::FactsCache> cache;
  if (!options.cache_folder.empty()) cache.emplace(options.cache_folder, options.cache_size);
  return collect_layers(source, reader,
                        {.jobs = request.jobs,
                         .verify = options.verify,
                         .cache = cache ? &*cache : nullptr,
                         .progress = options.progress,
                         .deadline = request.deadline});
}

/// Nothing if none is asked for.
core::Result<std::optional<OwnTarget>> read_target_system(const ScanOptions& options,
                                                          const Request& request,
                                                          const ReadImage& image,
                                                          elf::Reader& reader,
                                                          const rules::RuleSet& rules) {
  return read_target_image(
      {.reference = options.target_image,
       .platform = options.platform.empty() ? image.info.platform : options.platform,
       .image = {},
       .arch = image.arch,
       .jobs = request.jobs,
       .deadline = request.deadline},
      reader, rules);
}

}  // namespace

const OwnTarget* own_target(const Request& request, const ReadImage& image) {
  if (request.profile) return &*request.profile;
  return image.target_system ? &*image.target_system : nullptr;
}

core::Result<ReadImage> read_image(const ScanOptions& options, const Request& request,
                                   const rules::RuleSet& rules) {
  // Before the first thread: the reader forks its workers.
  auto reader = elf::Reader::create({.workers = request.jobs});
  if (!reader) return tl::make_unexpected(reader.error());
  if (options.on_start) options.on_start();
  const auto source = source::open_source(request.reference, {.image = options.image,
                                                              .platform = options.platform,
                                                              .verify = options.verify,
                                                              .progress = options.progress,
                                                              .deadline = request.deadline});
  if (!source) return tl::make_unexpected(source.error());
  ReadImage image;
  auto info = with_given_base((*source)->info(), options.base);
  if (!info) return tl::make_unexpected(info.error());
  image.info = std::move(*info);
  set_total(options.progress, image.info.layers);
  auto layers = read_layers(**source, *reader, options, request);
  if (!layers) return tl::make_unexpected(layers.error());
  image.tree = std::make_unique<const filesystem::FileTree>(std::move(*layers));
  image.problems = (*source)->problems();
  auto arch = choose_arch(options, image.info, *image.tree, rules);
  if (!arch) return tl::make_unexpected(arch.error());
  image.arch = std::move(*arch);
  auto system = read_target_system(options, request, image, *reader, rules);
  if (!system) return tl::make_unexpected(system.error());
  image.target_system = std::move(*system);
  const OwnTarget* own = own_target(request, image);
  if (own != nullptr)
    if (auto fits = require_arch(*own, image.arch); !fits) return tl::make_unexpected(fits.error());
  return image;
}

}  // namespace muslcheck::scan
