#pragma once
/// The step between the loader's errors and findings: errors of one module grouped by cause.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/module.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::checks {

/// One cause at one module: what becomes one finding.
struct Cause {
  const rules::Check* check = nullptr;
  std::string subject;                ///< part of the fingerprint: no versions, no counts
  std::vector<std::string> symbols;   ///< sorted, each once
  std::vector<std::string> evidence;  ///< exact loader texts
  std::string library;                ///< the soname concerned
  std::string apk;                    ///< packages that help, separated by spaces
  model::Confidence confidence = model::Confidence::certain;
  /// The same for all modules of a package: said once, at the first of them.
  bool of_package = false;
};

/// What {name} in the texts of a check stands for, by name.
using Values = std::map<std::string, std::string, std::less<>>;

/// What the checks know about the whole image, computed once.
struct Context {
  const migrate::Migration& migration;
  const rules::RuleSet& rules;
  /// Payload modules by path.
  std::map<std::string, const model::Module*, std::less<>> payload;
  /// Programs and plugins that load a payload library, by the library's path, sorted.
  std::map<std::string, std::vector<std::string>, std::less<>> loaded_by;

  Context(const migrate::Migration& migration, const rules::RuleSet& rules);
};

/// The errors of a module's load that are its own: those of a payload library that it needs are
/// reported at that library.
[[nodiscard]] std::vector<const model::LoadError*> own_errors(const model::Module& module,
                                                              const Context& context);

/// The absent library that a missing symbol would have come from: the library that its version
/// names or that had it before the move; of a symbol without either, and known to no family, any
/// that is absent. Empty for all other errors, and where that library is a part of glibc, whose
/// symbols musl lacks whether the library is there or not.
[[nodiscard]] std::string absent_library_of(const model::LoadError& error,
                                            const model::Module& module, const Context& context);

/// The check for a family of missing symbols that a name belongs to; null if to none.
[[nodiscard]] const rules::Check* find_symbol_family(std::string_view symbol,
                                                     const Context& context);

/// MC1xx: interpreter, libraries, relocations, TLS, architecture.
[[nodiscard]] std::vector<Cause> find_loading_causes(const model::Module& module,
                                                     const Context& context);

/// MC2xx: missing symbols by family.
[[nodiscard]] std::vector<Cause> find_symbol_causes(const model::Module& module,
                                                    const Context& context);

/// MC3xx: names that musl has and means something else by.
[[nodiscard]] std::vector<Cause> find_trait_causes(const model::Module& module,
                                                   const Context& context);

/// The package of a module; null if it belongs to none.
[[nodiscard]] const model::Package* package_of(const model::Module& module, const Context& context);

/// Appends `text` unless it is there.
void add_once(std::vector<std::string>& list, const std::string& text);

/// Replaces {name} by its value; a name without a value stays as it is.
[[nodiscard]] std::string expand(std::string_view text, const Values& values);
[[nodiscard]] model::Remedy expand(const model::Remedy& remedy, const Values& values);

/// The remedy for a cause: what is known for the module's package first, else the check's own.
[[nodiscard]] model::Remedy choose_remedy(const Cause& cause, const model::Module& module,
                                          const Context& context);

/// The values that the texts of every check over modules may use.
[[nodiscard]] Values values_for(const Cause& cause, const model::Module& module,
                                const Context& context);

}  // namespace muslcheck::checks
