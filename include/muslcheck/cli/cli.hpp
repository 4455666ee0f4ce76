#pragma once
/// The command line.

namespace muslcheck::cli {

/// Runs the program. Exit codes: 0 nothing at or above the threshold; 1 findings at or above it;
/// 2 usage or program error; 3 incomplete with --strict.
[[nodiscard]] int run(int argc, const char* const* argv);

}  // namespace muslcheck::cli
