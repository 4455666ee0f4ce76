#pragma once
/// What if Alpine's gcompat was installed?

#include <vector>

#include "migrate/moved_files.hpp"
#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/module.hpp"

namespace muslcheck::migrate {

/// Answers for each judged module that fails or lacks a function, where the target's release has
/// the package: the same model is run once more with its files, and once with its library
/// preloaded. `modules` is sorted by path and has been judged on the bare target.
void answer_gcompat(std::vector<model::Module>& modules, const ImageFacts& image,
                    const MovedFiles& files, const target::Target& target,
                    const rules::RuleSet& rules);

}  // namespace muslcheck::migrate
