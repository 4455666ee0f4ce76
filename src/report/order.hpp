#pragma once
/// The order in which every format lists things: it depends on what was found alone and not on who
/// found it first, and is the same whether a report comes from a scan or from its JSON.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "muslcheck/model/report.hpp"

namespace muslcheck::report {

/// The elements in the order of `key`, which keeps equal ones as they were.
template <typename T, typename Key>
std::vector<const T*> sorted_by(const std::vector<T>& elements, Key key) {
  std::vector<const T*> pointers;
  pointers.reserve(elements.size());
  for (const T& element : elements) pointers.push_back(&element);
  std::stable_sort(pointers.begin(), pointers.end(),
                   [&](const T* a, const T* b) { return key(*a) < key(*b); });
  return pointers;
}

/// By path.
[[nodiscard]] std::vector<const model::Module*> ordered_modules(const model::Report& report);

/// First what keeps the container from starting, then by path, rule and subject.
[[nodiscard]] std::vector<const model::Finding*> ordered_findings(const model::Report& report);

/// By path and stage.
[[nodiscard]] std::vector<const model::Problem*> ordered_problems(const model::Report& report);

/// The purl of the package that a module belongs to; empty if there is none.
[[nodiscard]] std::string purl_of(const model::Module& module, const model::Report& report);

/// What stands together in formats that go by package.
struct PackageContent {
  std::vector<const model::Module*> modules;  ///< those that move, by path
  std::vector<const model::Finding*> findings;
};

/// Modules that move and findings by purl; what belongs to no package under "". A module stands
/// where the findings about it do.
[[nodiscard]] std::map<std::string, PackageContent> content_by_package(const model::Report& report);

/// A finding's fingerprint is the same for each copy of a package, but services take only one
/// finding per fingerprint: the second copy, in the order above, gets ":2" behind it.
[[nodiscard]] std::vector<std::string> unique_fingerprints(
    const std::vector<const model::Finding*>& findings);

}  // namespace muslcheck::report
