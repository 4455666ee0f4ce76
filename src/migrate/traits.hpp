#pragma once
/// What checks of behaviour go by: traits of modules, and of the image as a whole.

#include <map>
#include <string>
#include <vector>

#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/module.hpp"

namespace muslcheck::migrate {

/// Fills in the traits of the payload modules, once they are judged.
void fill_traits(std::vector<model::Module>& modules, const filesystem::FileTree& tree,
                 const rules::RuleSet& rules);

/// The files that the checks' globs match, by glob.
[[nodiscard]] std::map<std::string, MatchedFiles, std::less<>> match_files(
    const filesystem::FileTree& tree, const rules::RuleSet& rules);

/// "NAME=value" of what all .NET applications of the image set for their runtime.
[[nodiscard]] std::vector<std::string> find_settings(const packages::PackageIndex& packages);

}  // namespace muslcheck::migrate
