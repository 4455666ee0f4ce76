// Which stages make the image: the runtime stage, the stage that it is FROM, and so on down to the
// one that begins with an image.
//
// A FROM sees the ARGs before the first FROM, and the platform of the build by the names that
// BuildKit defines. It may name earlier stages only; any other name is an image.

#include "dockerfile/stages.hpp"

#include <algorithm>
#include <utility>

#include "dockerfile/expand.hpp"
#include "dockerfile/lines.hpp"
#include "dockerfile/variables.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::dockerfile {
namespace {

using core::ErrorCode;

std::string place_of(const Dockerfile& dockerfile, const Instruction& instruction) {
  return dockerfile.file + ":" + std::to_string(instruction.lines.first);
}

tl::unexpected<core::Error> unknown_stage(const Dockerfile& dockerfile, const std::string& name) {
  constexpr std::size_t kListed = 20;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(dockerfile.stages.size(), kListed); ++i)
    names.push_back(stage_label(dockerfile, i));
  if (dockerfile.stages.size() > kListed) names.emplace_back("...");
  return core::fail(ErrorCode::usage, "unknown-stage",
                    "there is no stage '" + core::printable(core::shortened(name, 60)) +
                        "'; it has " + core::join(names, ", "),
                    dockerfile.file);
}

core::Result<std::size_t> choose_stage(const Dockerfile& dockerfile, const std::string& name) {
  if (name.empty()) return dockerfile.stages.size() - 1;
  if (const auto found = find_named_stage(dockerfile, name, dockerfile.stages.size()))
    return *found;
  const auto number = stage_number(name);
  if (number && *number < dockerfile.stages.size()) return *number;
  return unknown_stage(dockerfile, name);
}

bool is_global_arg(const Dockerfile& dockerfile, const std::string& name) {
  return std::any_of(dockerfile.global_args.begin(), dockerfile.global_args.end(),
                     [&](const Instruction& instruction) {
                       return std::any_of(
                           instruction.assignments.begin(), instruction.assignments.end(),
                           [&](const Assignment& argument) { return argument.name == name; });
                     });
}

/// The image or stage that a FROM names, with its variables replaced.
core::Result<std::string> expand_base(const Dockerfile& dockerfile, const Stage& stage,
                                      const Variables& global) {
  const auto lookup = [&](std::string_view name) { return find_variable(global, name); };
  std::vector<std::string> unset;
  const std::string place = place_of(dockerfile, stage.from);
  auto base = expand(stage.base, lookup, dockerfile.escape, &unset);
  if (!base) {
    base.error().path = place;
    base.error().message.insert(0,
                                "FROM " + core::printable(core::shortened(stage.base, 60)) + ": ");
    return base;
  }
  for (const std::string& name : unset)
    if (is_global_arg(dockerfile, name))
      return core::fail(ErrorCode::usage, "build-arg-missing",
                        "FROM uses $" + name + ", which has no value; give it with --build-arg " +
                            name + "=VALUE",
                        place);
  const bool is_cut = base->ends_with(':') || base->ends_with('@') || base->ends_with('/');
  const bool has_space = std::any_of(base->begin(), base->end(), is_space);
  if (base->empty() || is_cut || base->front() == ':' || base->front() == '@' || has_space)
    return core::fail(ErrorCode::malformed, "from-invalid",
                      "FROM " + core::printable(core::shortened(stage.base, 60)) +
                          " names no image" +
                          (unset.empty() ? "" : "; no ARG before the first FROM sets $" + unset[0]),
                      place);
  return base;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::optional<std::size_t> stage_number(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  std::size_t number = 0;
  for (const char c : text)
    number = std::min<std::size_t>(number * 10 + static_cast<std::size_t>(c - '0'), 1'000'000);
  return number;
}

std::optional<std::size_t> find_named_stage(const Dockerfile& dockerfile, std::string_view name,
                                            std::size_t count) {
  const std::string wanted = lower_case(name);
  for (std::size_t i = std::min(count, dockerfile.stages.size()); i-- > 0;)
    if (!wanted.empty() && dockerfile.stages[i].name == wanted) return i;
  return std::nullopt;
}

std::optional<std::size_t> find_source_stage(const Dockerfile& dockerfile, std::string_view from) {
  if (const auto number = stage_number(from))
    return *number < dockerfile.stages.size() ? number : std::nullopt;
  return find_named_stage(dockerfile, from, dockerfile.stages.size());
}

std::string stage_label(const Dockerfile& dockerfile, std::size_t stage) {
  const std::string& name = dockerfile.stages[stage].name;
  return name.empty() ? std::to_string(stage) : name;
}

core::Result<RuntimeStage> resolve_runtime_stage(const Dockerfile& dockerfile,
                                                 const BuildRequest& request) {
  const auto last = choose_stage(dockerfile, request.stage);
  if (!last) return tl::make_unexpected(last.error());
  const Variables global = global_variables(dockerfile, request);
  RuntimeStage runtime;
  // A stage's base is an earlier stage, so this ends.
  for (std::optional<std::size_t> stage = *last; stage;) {
    runtime.chain.push_back(*stage);
    auto base = expand_base(dockerfile, dockerfile.stages[*stage], global);
    if (!base) return tl::make_unexpected(base.error());
    stage = find_named_stage(dockerfile, *base, *stage);
    if (!stage) runtime.base_image = std::move(*base);
  }
  std::reverse(runtime.chain.begin(), runtime.chain.end());
  return runtime;
}

}  // namespace muslcheck::dockerfile
