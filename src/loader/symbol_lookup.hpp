#pragma once

#include <cstddef>
#include <string_view>

#include "loader/process.hpp"

namespace muslcheck::loader {

/// What a relocation asks for.
struct SymbolQuery {
  std::string_view name;
  std::size_t hash = 0;      ///< SymbolIndex::hash_name(name)
  std::string_view version;  ///< never decides in the image; may for libraries of the target
  std::string_view library;
  bool need_definition = false;  ///< a PLT relocation: undefined entries with a value do not do
  bool skip_main = false;        ///< a COPY relocation
};

/// Whether the object itself gives an acceptable definition, as the search accepts it.
[[nodiscard]] bool object_defines(const Dso& object, const SymbolQuery& query);

/// The object whose definition the search finds, in load order; null if none has one
/// (find_sym2, then get_lfs64).
[[nodiscard]] const Dso* find_definition(const Process& process, const SymbolQuery& query);

/// The library of unknown content that may be taken to define a symbol which find_definition did
/// not find: the one that the version is of; for a symbol without a version one whose old copy has
/// it, else one that `asking` needs itself. Null if it must count as missing: wanted from glibc
/// itself, or from a library whose exports are known or whose old copy does not have it.
[[nodiscard]] const Dso* presumed_provider(Process& process, const SymbolQuery& query,
                                           const Dso& asking);

/// How a library of unknown content is called in an assumption.
[[nodiscard]] std::string describe_library(const Process& process, const Dso& object);

}  // namespace muslcheck::loader
