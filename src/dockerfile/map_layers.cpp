// Layers against instructions. Both are in order, and each side may have what the other has not:
// layers of the base image below, of other tools above; instructions that made no layer. So this is
// the longest common subsequence, and of several equal ones that with the latest layers: what the
// base image happens to say too stays below.
//
// A WORKDIR says little ("WORKDIR /app" is in many base images): it is believed only directly below
// a layer that is known, or as the last one.

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "dockerfile/stages.hpp"
#include "dockerfile/steps.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/model/history.hpp"

namespace muslcheck::dockerfile {
namespace {

/// The history step of a layer in the form in which steps are compared.
struct Made {
  std::string instruction;
  std::string text;  ///< without flags; of hashed sources the plain destination
  bool hashed = false;
};

Made comparable(const std::string& created_by) {
  model::HistoryStep step = model::parse_created_by(created_by);
  std::string_view text = step.arguments;
  if (step.instruction == "COPY" || step.instruction == "ADD") {
    while (text.starts_with("--"))
      text.remove_prefix(std::min(text.find(' '), text.size() - 1) + 1);
    if (!step.hashed) return {.instruction = step.instruction, .text = std::string(text)};
    return {.instruction = step.instruction,
            .text = plain_destination(text.substr(text.find(" in ") + 4)),
            .hashed = true};
  }
  // The older builder writes the exec form of RUN without any name.
  if (step.instruction.empty() && !text.empty()) step.instruction = "RUN";
  return {.instruction = step.instruction, .text = std::string(text)};
}

/// A pattern that says something: more than slashes, dots and unknown parts.
bool is_telling(std::string_view pattern) {
  return pattern.find_first_not_of(std::string{kAnything, ' ', '/', '.'}) != std::string_view::npos;
}

bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.find(kAnything) == std::string_view::npos) return pattern == text;
  if (!is_telling(pattern)) return false;
  const auto pieces = core::split(pattern, kAnything);
  if (!text.starts_with(pieces.front())) return false;
  text.remove_prefix(pieces.front().size());
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
    const std::size_t at = text.find(pieces[i]);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + pieces[i].size());
  }
  return text.ends_with(pieces.back());
}

/// Compares as long as the work stays below the limit; then nothing matches any more.
class Comparison {
 public:
  bool made_by(const Made& layer, const Step& step) {
    if (layer.instruction != step.instruction->keyword) return false;
    const auto& patterns = layer.hashed ? step.destinations : step.patterns;
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
      const bool is_exact = pattern.find(kAnything) == std::string::npos;
      work_ += pattern.size() + (is_exact ? 1 : layer.text.size() * (1 + pattern.size() / 8));
      return work_ <= core::limits::kMaxHistoryWork && matches(pattern, layer.text);
    });
  }

 private:
  std::uint64_t work_ = 0;
};

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// For each layer the step that made it, or kNone.
std::vector<std::size_t> align(const std::vector<Made>& layers, const std::vector<Step>& steps) {
  const std::size_t columns = layers.size() + 1;
  std::vector<std::uint16_t> best((steps.size() + 1) * columns, 0);
  std::vector<bool> same(best.size(), false);
  Comparison comparison;
  // From the end: if the work gets too much, the layers of the base image are those left out.
  for (std::size_t i = steps.size(); i > 0; --i)
    for (std::size_t j = layers.size(); j > 0; --j)
      same[i * columns + j] = comparison.made_by(layers[j - 1], steps[i - 1]);
  for (std::size_t i = 1; i <= steps.size(); ++i)
    for (std::size_t j = 1; j < columns; ++j) {
      const std::size_t at = i * columns + j;
      best[at] = std::max(best[at - columns], best[at - 1]);
      if (same[at])
        best[at] = std::max<std::uint16_t>(best[at],
                                           static_cast<std::uint16_t>(best[at - columns - 1] + 1));
    }
  std::vector<std::size_t> made_by(layers.size(), kNone);
  for (std::size_t i = steps.size(), j = layers.size(); i > 0 && j > 0;) {
    const std::size_t at = i * columns + j;
    if (same[at] && best[at] == best[at - columns - 1] + 1) {
      made_by[--j] = --i;
    } else if (best[at] == best[at - columns]) {
      --i;
    } else {
      --j;
    }
  }
  return made_by;
}

void drop_doubtful_folders(std::vector<std::size_t>& made_by, const std::vector<Step>& steps) {
  for (std::size_t j = made_by.size(); j-- > 0;) {
    if (made_by[j] == kNone || steps[made_by[j]].instruction->keyword != "WORKDIR") continue;
    if (j + 1 < made_by.size() && made_by[j + 1] == kNone) made_by[j] = kNone;
  }
}

/// The instruction on one line, comments and continuation characters left out.
std::string text_of(const Instruction& instruction) {
  std::string text = instruction.keyword;
  for (const Flag& flag : instruction.flags)
    text += " --" + flag.name + (flag.value.empty() ? "" : "=" + flag.value);
  return core::one_line(text + " " + instruction.arguments);
}

model::LayerOrigin origin_of(const Dockerfile& dockerfile, const Step& step) {
  model::LayerOrigin origin{.file = dockerfile.file,
                            .line = step.instruction->lines.first,
                            .stage = stage_label(dockerfile, step.stage),
                            .text = text_of(*step.instruction)};
  const std::string* from =
      step.instruction->keyword == "COPY" ? find_flag(*step.instruction, "from") : nullptr;
  if (from == nullptr) return origin;
  const auto stage = find_source_stage(dockerfile, *from);
  origin.from = stage ? stage_label(dockerfile, *stage) : *from;
  return origin;
}

}  // namespace

LayerMap map_layers(const Dockerfile& dockerfile, const RuntimeStage& runtime,
                    const BuildRequest& request, const model::SourceInfo& image) {
  const std::vector<Step> steps = expected_steps(dockerfile, runtime, request, image.config);
  std::vector<Made> layers;
  for (const model::LayerInfo& layer : image.layers) layers.push_back(comparable(layer.created_by));
  std::vector<std::size_t> made_by = align(layers, steps);
  drop_doubtful_folders(made_by, steps);

  const auto counts = [&](std::size_t step) {
    return steps[step].instruction->keyword != "WORKDIR";
  };
  LayerMap map;
  for (std::size_t i = 0; i < steps.size(); ++i) map.expected += counts(i) ? 1 : 0;
  map.origins.resize(made_by.size());
  for (std::size_t j = 0; j < made_by.size(); ++j) {
    if (made_by[j] == kNone) continue;
    map.origins[j] = origin_of(dockerfile, steps[made_by[j]]);
    map.matched += counts(made_by[j]) ? 1 : 0;
  }
  return map;
}

}  // namespace muslcheck::dockerfile
