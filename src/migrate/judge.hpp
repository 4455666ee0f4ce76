#pragma once
/// Runs the loader model for every payload module, each in the process that really loads it.

#include <string>
#include <vector>

#include "migrate/moved_files.hpp"
#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/module.hpp"

namespace muslcheck::migrate {

/// Fills in outcome, confidence and load of the payload modules. `modules` is sorted by path.
/// `preload`: a library that LD_PRELOAD names before those of the image's environment.
void judge_modules(std::vector<model::Module>& modules, const ImageFacts& image,
                   const MovedFiles& files, const target::Target& target,
                   const rules::RuleSet& rules, const std::string& preload = {});

}  // namespace muslcheck::migrate
