#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "muslcheck/loader/loader.hpp"
#include "muslcheck/model/module.hpp"

namespace muslcheck::migrate {

/// Whose the missing symbols of a module were, where no version says it: those of a library that
/// is gone with the old base.
class LostSymbols {
 public:
  /// `libraries` outlives the object.
  explicit LostSymbols(const loader::OldLibraries& libraries) : libraries_(libraries) {}

  /// Fills in LoadError::library.
  void attribute(model::LoadResult& load);

 private:
  bool has(const std::string& library, const std::string& symbol);

  const loader::OldLibraries& libraries_;
  std::unordered_map<const model::ElfFacts*, std::unordered_set<std::string_view>> names_;
};

}  // namespace muslcheck::migrate
