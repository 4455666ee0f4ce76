// RUN instructions as shell text. Those in exec form are left out: they are as good as never
// written by hand, and the shell's words could not be told from theirs.

#include "scan/build_commands.hpp"

namespace muslcheck::scan {
namespace {

std::string text_of(const dockerfile::Instruction& instruction) {
  std::string text = instruction.arguments;
  if (instruction.heredocs.empty()) return text;
  // RUN <<EOF: the document is the script; where it is the input of a command, that one counts.
  if (!text.starts_with("<<")) return text.substr(0, text.find('\n'));
  text.clear();
  for (const dockerfile::Heredoc& heredoc : instruction.heredocs) text += heredoc.content + "\n";
  return text;
}

}  // namespace

std::vector<model::BuildCommand> find_build_commands(const Build& build) {
  std::vector<model::BuildCommand> commands;
  const auto runtime = dockerfile::resolve_runtime_stage(build.dockerfile, build.request);
  if (!runtime) return commands;
  for (const std::size_t stage : runtime->chain)
    for (const dockerfile::Instruction& instruction : build.dockerfile.stages[stage].instructions)
      if (instruction.keyword == "RUN" && !instruction.exec_form)
        commands.push_back(
            {.place = build.dockerfile.file + ":" + std::to_string(instruction.lines.first),
             .text = text_of(instruction)});
  return commands;
}

}  // namespace muslcheck::scan
