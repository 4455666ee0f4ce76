#pragma once
/// The processes that modules are loaded into, as far as the image tells.

#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/loader/loader.hpp"
#include "muslcheck/model/host.hpp"
#include "muslcheck/runtimes/hosts.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::migrate {

/// The value of a variable among "NAME=value" entries, the last one of several; empty if none.
[[nodiscard]] std::string environment_value(const std::vector<std::string>& env,
                                            std::string_view name);

/// LD_PRELOAD is split at spaces and colons (musl: load_preload).
[[nodiscard]] std::vector<std::string> split_preload(const std::string& value);

/// The host's process on this target. Its exports are those of its file in the image, which is the
/// glibc build of it; else what rules/hosts.json promises.
[[nodiscard]] loader::HostProcess make_process(const model::Host& host,
                                               const runtimes::RuntimeFinder& finder,
                                               const target::Target& target);

/// Any program of the target, as far as what is preloaded into it is concerned.
[[nodiscard]] model::ElfFacts make_any_program(const target::Target& target);

}  // namespace muslcheck::migrate
