#pragma once
/// useradd, groupadd and Debian's adduser as busybox has them.

#include "plan/run_context.hpp"
#include "plan/shell_list.hpp"

namespace muslcheck::plan {

/// True for the programs that rewrite_account() knows.
[[nodiscard]] bool is_account_program(const std::string& program);

/// Rewrites the command, or asks for the package shadow, which has the programs of Debian.
void rewrite_account(ShellCommand& command, RunContext& context);

}  // namespace muslcheck::plan
