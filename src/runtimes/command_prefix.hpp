#pragma once
/// Commands that start another one: env, sudo, timeout, tini.

#include <cstddef>
#include <string>
#include <vector>

namespace muslcheck::runtimes {

/// Where the words of the command begin that `words` starts: 2 for {"env", "A=b", "node"}; their
/// number if it starts none. `words` has at least one.
[[nodiscard]] std::size_t find_inner_command(const std::vector<std::string>& words);

/// The word that a shell is told to run: of `sh -ec TEXT`, `su -c TEXT USER`; their number if there
/// is none.
[[nodiscard]] std::size_t find_inner_script(const std::vector<std::string>& words);

}  // namespace muslcheck::runtimes
