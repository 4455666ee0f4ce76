#pragma once

#include "loader/process.hpp"

namespace muslcheck::loader {

/// Relocates the objects from `first` on, in load order (reloc_all).
void relocate_from(Process& process, ObjectId first);
/// The main program comes last: it may copy data that a library has relocated.
void relocate_main_program(Process& process);

}  // namespace muslcheck::loader
