#pragma once
/// apt-get and apt as apk.

#include "plan/run_context.hpp"
#include "plan/shell_list.hpp"

namespace muslcheck::plan {

/// True for the programs that rewrite_apt() knows.
[[nodiscard]] bool is_apt(const std::string& program);

/// Rewrites "apt-get install ..." and the like; removed: apk needs no such step.
Fate rewrite_apt(ShellCommand& command, RunContext& context);

/// Names of variables that apt-get commands take packages from: "$BUILD_DEPS".
void find_package_variables(const ShellList& list, std::set<std::string>& names);

/// "NAME='gcc make'" with the packages of Alpine, if it is one of the variables.
void rewrite_package_variable(ShellCommand& command, RunContext& context);

}  // namespace muslcheck::plan
