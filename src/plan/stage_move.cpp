// A stage moves with the image that it goes back to: its own, or that of the stage it is FROM.

#include "plan/stage_move.hpp"

#include <string>

#include "muslcheck/core/text.hpp"

namespace muslcheck::plan {
namespace {

using dockerfile::Dockerfile;

/// The stage before `index` whose name the FROM is; `index` if it names an image.
std::size_t parent_of(const Dockerfile& file, std::size_t index) {
  const std::string wanted = core::lower(file.stages[index].base);
  for (std::size_t i = index; i-- > 0;)
    if (!file.stages[i].name.empty() && file.stages[i].name == wanted) return i;
  return index;
}

StageMove move_root(const Dockerfile& file, std::size_t index, const rules::RuleSet& rules,
                    const PatchRequest& request) {
  StageMove move{.root = index};
  const std::string& written = file.stages[index].base;
  if (written == "scratch") return move;
  const auto resolved = dockerfile::resolve_runtime_stage(
      file, {.stage = std::to_string(index), .build_args = request.build_args, .platform = {}});
  const std::string expanded = resolved ? resolved->base_image : std::string();
  move.choice = choose_image(written, expanded, rules, request);
  move.moves = move.choice.image != nullptr && !move.choice.reference.empty();
  if (move.moves && !file.stages[index].base_token) {
    move.moves = false;
    move.choice.notes = {"its name goes over lines: the stage was left as it is"};
  }
  return move;
}

}  // namespace

std::vector<StageMove> move_stages(const Dockerfile& file, const rules::RuleSet& rules,
                                   const PatchRequest& request) {
  std::vector<StageMove> moves;
  for (std::size_t i = 0; i < file.stages.size(); ++i) {
    const std::size_t parent = parent_of(file, i);
    moves.push_back(parent == i ? move_root(file, i, rules, request) : moves[parent]);
  }
  return moves;
}

}  // namespace muslcheck::plan
