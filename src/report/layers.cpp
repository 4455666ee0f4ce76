// Which step of the build brought a file: with a Dockerfile its instruction and line, else what the
// image's history says.

#include "report/layers.hpp"

#include <algorithm>

#include "muslcheck/core/text.hpp"
#include "muslcheck/model/history.hpp"

namespace muslcheck::report {
namespace {

/// Bytes of a step: enough to know it by.
constexpr std::size_t kMaxStep = 120;

}  // namespace

int layer_of(const FileGroup& file) {
  const model::Finding& finding = *file.findings.front();
  return finding.path.empty() ? -1 : finding.layer;
}

std::optional<int> common_layer(const PackageGroup& group) {
  const int layer = layer_of(group.files.front());
  const bool is_one = std::all_of(group.files.begin(), group.files.end(),
                                  [&](const FileGroup& file) { return layer_of(file) == layer; });
  return is_one ? std::optional(layer) : std::nullopt;
}

const model::LayerOrigin* instruction_of(const model::Report& report, int layer) {
  const auto& layers = report.source.layers;
  if (layer < 0 || static_cast<std::size_t>(layer) >= layers.size()) return nullptr;
  const auto& instruction = layers[static_cast<std::size_t>(layer)].instruction;
  return instruction ? &*instruction : nullptr;
}

std::string describe_layer(const model::SourceInfo& source, int layer) {
  if (layer < 0 || static_cast<std::size_t>(layer) >= source.layers.size()) return {};
  const model::LayerInfo& info = source.layers[static_cast<std::size_t>(layer)];
  if (!info.instruction)
    return core::shortened(model::describe_created_by(info.created_by), kMaxStep);
  return core::shortened(info.instruction->text, kMaxStep) + " (" + info.instruction->file + ":" +
         std::to_string(info.instruction->line) + ")";
}

}  // namespace muslcheck::report
