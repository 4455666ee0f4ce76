#pragma once

#include <optional>
#include <string_view>

#include "loader/process.hpp"

namespace muslcheck::loader {

/// Puts the main program (the object itself, or the host that dlopens it) at the head of the
/// list. For a host also what it has loaded before.
void add_main_program(Process& process);

/// LD_PRELOAD: a library that is missing or unusable is left out without a word (load_preload).
void load_preloads(Process& process);

/// Loads the requested object as dlopen does with its path; nothing if that fails, which is then
/// in the error log.
[[nodiscard]] std::optional<ObjectId> load_requested(Process& process);

/// Loads what the objects from `first` on need, breadth-first (load_deps).
void load_dependencies(Process& process, ObjectId first);

}  // namespace muslcheck::loader
