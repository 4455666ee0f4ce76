// Before the move each name came from somewhere. Where the library that had it is gone, the missing
// name says nothing that the missing library does not.

#include "migrate/lost_symbols.hpp"

namespace muslcheck::migrate {

using model::LoadError;
using model::LoadErrorKind;

void LostSymbols::attribute(model::LoadResult& load) {
  for (LoadError& error : load.errors) {
    if (error.kind != LoadErrorKind::symbol_missing || !error.library.empty()) continue;
    for (const LoadError& other : load.errors)
      if (other.kind == LoadErrorKind::library_missing && has(other.subject, error.subject))
        error.library = other.subject;
  }
}

bool LostSymbols::has(const std::string& library, const std::string& symbol) {
  const auto found = libraries_.find(library);
  if (found == libraries_.end()) return false;
  const auto [names, added] = names_.try_emplace(found->second);
  if (added)
    for (const model::Symbol& own : found->second->symbols)
      if (own.defined) names->second.insert(own.name);
  return names->second.contains(symbol);
}

}  // namespace muslcheck::migrate
