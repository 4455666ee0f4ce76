#pragma once
/// npm packages as Node's loaders see them: where a module's package is, who resolves what.

#include <optional>
#include <string>
#include <string_view>

#include "muslcheck/runtimes/choice.hpp"

namespace muslcheck::runtimes {

/// The npm package that a module is in. References outlive the call.
struct NpmPlace {
  std::size_t number;  ///< index into PackageIndex::packages
  const model::Package& package;
  const packages::NpmDelivery& delivery;  ///< empty if its package.json says nothing of it
  std::string_view inside;                ///< the module's path in the package
};

/// Nothing for a module of no npm package.
[[nodiscard]] std::optional<NpmPlace> find_npm_place(const ChoiceInput& input);

/// What the package.json of a package says; empty for one that says nothing.
[[nodiscard]] const packages::NpmDelivery& delivery_of(const packages::PackageIndex& index,
                                                       std::size_t number);

/// The folder, without links, of the package that `require(name)` finds from a folder, as Node
/// looks for it (nodejs.org/api/modules.html, "Loading from node_modules folders"); empty if none.
[[nodiscard]] std::string resolve_package(const filesystem::FileTree& tree, std::string_view from,
                                          const std::string& name);

/// An ELF file below `folder` for the machine of `own`: the one at `inside`, else the first.
[[nodiscard]] std::string find_native_file(const filesystem::FileTree& tree,
                                           const std::string& folder, std::string_view inside,
                                           const model::ElfFacts& own);

/// True if there is an ELF file at exactly this path for the machine of `own`.
[[nodiscard]] bool is_native_file(const filesystem::FileTree& tree, std::string_view path,
                                  const model::ElfFacts& own);

/// "sharp@0.33.5"
[[nodiscard]] std::string name_and_version(const model::Package& package);

}  // namespace muslcheck::runtimes
