#pragma once
/// One instruction of a stage that moves to Alpine.

#include <optional>
#include <string>

#include "muslcheck/dockerfile/dockerfile.hpp"
#include "plan/run_context.hpp"
#include "plan/shell_list.hpp"

namespace muslcheck::plan {

/// An instruction's text taken apart: "RUN --mount=..." and what is behind.
struct InstructionText {
  std::vector<Word> start;  ///< the keyword and the flags
  ShellList list;
  std::string bodies;  ///< heredocs, as they are
};

[[nodiscard]] InstructionText take_apart(const dockerfile::Instruction& instruction, char escape);
[[nodiscard]] std::string text_of(const InstructionText& text);

/// The new text of a RUN; empty if nothing of it is left.
[[nodiscard]] std::string rewrite_run(const dockerfile::Instruction& instruction, char escape,
                                      RunContext& context);

/// The new text of an ENV or ARG without DEBIAN_FRONTEND; empty if nothing is left.
[[nodiscard]] std::string rewrite_variables(const dockerfile::Instruction& instruction,
                                            char escape);

/// The commands of an instruction that runs something: RUN with its heredocs, CMD, ENTRYPOINT,
/// HEALTHCHECK, SHELL.
[[nodiscard]] std::vector<ShellCommand> commands_of(const dockerfile::Instruction& instruction,
                                                    char escape);

}  // namespace muslcheck::plan
