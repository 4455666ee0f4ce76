#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loader/process.hpp"

namespace muslcheck::loader {

/// What looking for a library ended with.
struct Opened {
  enum class Kind {
    failed,          ///< nothing could be opened; `error` says why
    file,            ///< something that can be opened is there
    loader,          ///< musl itself
    target_library,  ///< not in the view; the target has it or can install it
  };
  Kind kind = Kind::failed;
  int error = 0;     ///< errno
  std::string path;  ///< as composed by the search
  FoundFile file;
  const target::TargetLibrary* library = nullptr;
  std::vector<model::SearchStep> steps;
};

/// Opens a name as load_library does when it is neither reserved nor loaded yet: as it is if it
/// holds a slash; else in LD_LIBRARY_PATH, in the rpaths from `needed_by` up to the main program,
/// and in the target's own directories.
[[nodiscard]] Opened open_library(Process& process, std::string_view name, ObjectId needed_by);

}  // namespace muslcheck::loader
