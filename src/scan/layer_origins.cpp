// Layers to instructions, for the report alone: nothing of this decides what loads.

#include "scan/layer_origins.hpp"

#include <algorithm>
#include <utility>

#include "muslcheck/core/text.hpp"
#include "muslcheck/model/history.hpp"

namespace muslcheck::scan {
namespace {

/// Why nothing of the Dockerfile is in the image; empty if something is.
std::string mismatch(const Build& build, const dockerfile::RuntimeStage& runtime,
                     const dockerfile::LayerMap& map, const model::SourceInfo& source) {
  if (map.expected == 0 || map.matched > 0) return {};
  const auto newest =
      std::find_if(source.layers.rbegin(), source.layers.rend(),
                   [](const model::LayerInfo& layer) { return !layer.created_by.empty(); });
  const std::string nothing = "no layer could be traced to an instruction";
  if (newest == source.layers.rend())
    return nothing + ": what is scanned has no history that says how its layers were made";
  constexpr std::size_t kShown = 100;
  return nothing + " of stage " + dockerfile::stage_label(build.dockerfile, runtime.chain.back()) +
         ": is this the Dockerfile, and the stage, of the image? Its last layer was made by '" +
         core::printable(core::shortened(model::describe_created_by(newest->created_by), kShown)) +
         "'";
}

}  // namespace

core::Result<std::optional<Build>> read_build(const ScanOptions& options) {
  if (options.dockerfile.empty()) return std::nullopt;
  auto arguments = dockerfile::parse_build_args(options.build_args);
  if (!arguments) return tl::make_unexpected(arguments.error());
  const auto text = dockerfile::read_dockerfile(options.dockerfile);
  if (!text) return tl::make_unexpected(text.error());
  auto parsed = dockerfile::parse_dockerfile(*text, options.dockerfile);
  if (!parsed) return tl::make_unexpected(parsed.error());
  Build build{.text = *text,
              .dockerfile = std::move(*parsed),
              .request = {.stage = options.stage,
                          .build_args = std::move(*arguments),
                          .platform = options.platform}};
  // The platform may come from the image later; whether the stages are there does not depend on it.
  if (const auto runtime = dockerfile::resolve_runtime_stage(build.dockerfile, build.request);
      !runtime)
    return tl::make_unexpected(runtime.error());
  return build;
}

void add_layer_origins(const Build& build, model::SourceInfo& source,
                       std::vector<model::Problem>& problems) {
  dockerfile::BuildRequest request = build.request;
  if (request.platform.empty()) request.platform = source.platform;
  const auto runtime = dockerfile::resolve_runtime_stage(build.dockerfile, request);
  if (!runtime) {
    problems.push_back(model::problem_from(runtime.error(), "dockerfile"));
    return;
  }
  dockerfile::LayerMap map = dockerfile::map_layers(build.dockerfile, *runtime, request, source);
  for (std::size_t i = 0; i < map.origins.size(); ++i)
    source.layers[i].instruction = std::move(map.origins[i]);
  if (std::string reason = mismatch(build, *runtime, map, source); !reason.empty())
    problems.push_back({.path = build.dockerfile.file,
                        .stage = "dockerfile",
                        .code = "dockerfile-mismatch",
                        .message = std::move(reason)});
}

}  // namespace muslcheck::scan
