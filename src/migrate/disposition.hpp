#pragma once
/// Payload, replaced, inert or foreign: what becomes of a file when the base changes.

#include <optional>
#include <string>

#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/module.hpp"

namespace muslcheck::migrate {

struct Decision {
  model::Disposition disposition = model::Disposition::payload;
  std::string reason;  ///< for people; empty for payload that is simply judged
  /// Payload that its host passes over on musl, where nothing else is there for it.
  std::optional<model::MissingVariant> missing_variant = {};
};

/// In an image where no database says which files are the distribution's: whether one by its place
/// is. False in every other image, and for a file that a package has.
[[nodiscard]] bool was_of_distribution(const std::string& path, int layer, const ImageFacts& image,
                                       const rules::RuleSet& rules);

/// Whether the new base, a runtime or a package of the distribution takes the place of a file of
/// whatever kind; payload if none does.
[[nodiscard]] Decision decide_replaced(const std::string& path, int layer, const ImageFacts& image,
                                       const rules::RuleSet& rules);

/// Decides for one ELF file. `module` has path, libc, host and package filled in.
[[nodiscard]] Decision decide_disposition(const model::Module& module, const model::ElfFacts& facts,
                                          const ImageFacts& image, const target::Target& target,
                                          const rules::RuleSet& rules);

}  // namespace muslcheck::migrate
