// The base and the entry point. A base that the user names beats every guess: its leading layer
// digests say which of the image's layers are not the user's own.

#include "scan/runtime_stage.hpp"

#include <algorithm>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/runtimes/base.hpp"
#include "muslcheck/runtimes/entrypoint.hpp"
#include "muslcheck/source/source.hpp"

namespace muslcheck::scan {
namespace {

tl::unexpected<core::Error> bad_base(const char* reason, const model::SourceInfo& base,
                                     const std::string& message) {
  return core::fail(core::ErrorCode::usage, reason, message, core::printable(base.name));
}

bool has_digests(const model::SourceInfo& base) {
  return std::any_of(base.layers.begin(), base.layers.end(),
                     [](const model::LayerInfo& layer) { return !layer.digest.empty(); });
}

core::Result<model::BaseImage> compare(const model::SourceInfo& image,
                                       const model::SourceInfo& base) {
  const std::string name =
      core::printable(core::shortened(image.name, core::limits::kMaxImageName));
  if (!has_digests(base))
    return bad_base("base-is-no-image", base, "is no base image: it has no layers with digests");
  if (!image.platform.empty() && !base.platform.empty() && image.platform != base.platform)
    return bad_base("base-of-other-platform", base,
                    "is for " + core::printable(base.platform) + ", the base of " + name +
                        " must be for " + core::printable(image.platform));
  const std::size_t shared = runtimes::count_shared_layers(image, base);
  if (shared == 0)
    return bad_base("base-not-shared", base,
                    "is not the base of " + name +
                        ": its first layer is not that image's; name the very image that it was "
                        "built on");
  return model::BaseImage{.name = core::shortened(base.name, core::limits::kMaxImageName),
                          .digest = base.digest,
                          .how = "given",
                          .layers = shared,
                          .own_layers = base.layers.size()};
}

}  // namespace

core::Result<model::SourceInfo> with_given_base(model::SourceInfo image,
                                                const std::string& base_reference) {
  if (base_reference.empty()) return image;
  const auto reference = source::parse_reference(base_reference);
  if (!reference) return tl::make_unexpected(reference.error());
  const auto source = source::open_source(*reference);
  if (!source) return tl::make_unexpected(source.error());
  auto base = compare(image, (*source)->info());
  if (!base) return tl::make_unexpected(base.error());
  image.base = std::move(*base);
  return image;
}

std::vector<model::Problem> add_runtime_stage(model::SourceInfo& image,
                                              const filesystem::FileTree& tree,
                                              const rules::RuleSet& rules) {
  if (!image.base) image.base = runtimes::find_base(image, tree, rules.bases);
  runtimes::StartProgram program = runtimes::find_start_program(image.config, tree);
  image.program = std::move(program.steps);
  if (!program.problem || image.platform.starts_with("windows")) return {};
  return {std::move(*program.problem)};
}

}  // namespace muslcheck::scan
