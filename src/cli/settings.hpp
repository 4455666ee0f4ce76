#pragma once
/// Options from the environment and from a configuration file.

#include <CLI/CLI.hpp>
#include <string>

#include "muslcheck/core/result.hpp"

namespace muslcheck::cli {

/// Gives the options of a command that are not on the command line what MUSLCHECK_NAME says, or
/// else what the configuration file says: that of --config, else the first that is there of
/// muslcheck.json, .muslcheck.json and muslcheck/config.json in $XDG_CONFIG_HOME or ~/.config.
[[nodiscard]] core::Result<void> apply_settings(CLI::App& command);

}  // namespace muslcheck::cli
