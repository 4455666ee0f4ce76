#pragma once
/// The readers of the single rule files. Each fills its part of a RuleSet and checks what can be
/// checked without the other files; validate() does the rest.

#include <string_view>

#include "muslcheck/core/result.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::rules {

class JsonObject;

// conditions.cpp
/// The conditions of a check: hosts, runtimes, releases and versions of musl are known already.
[[nodiscard]] Condition read_condition(const JsonObject& object, const RuleSet& rules);
// checks.cpp, hosts.cpp: checks need what their conditions name
[[nodiscard]] core::Result<void> read_checks(std::string_view file, std::string_view text,
                                             RuleSet& rules);
[[nodiscard]] core::Result<void> read_npm_remedies(std::string_view file, std::string_view text,
                                                   RuleSet& rules);
[[nodiscard]] core::Result<void> read_pypi_remedies(std::string_view file, std::string_view text,
                                                    RuleSet& rules);
[[nodiscard]] core::Result<void> read_nuget_remedies(std::string_view file, std::string_view text,
                                                     RuleSet& rules);
[[nodiscard]] core::Result<void> read_hosts(std::string_view file, std::string_view text,
                                            RuleSet& rules);
// bases.cpp
[[nodiscard]] core::Result<void> read_bases(std::string_view file, std::string_view text,
                                            RuleSet& rules);
// java_natives.cpp
[[nodiscard]] core::Result<void> read_java_natives(std::string_view file, std::string_view text,
                                                   RuleSet& rules);
// dockerfile.cpp
[[nodiscard]] core::Result<void> read_dockerfile_rules(std::string_view file, std::string_view text,
                                                       RuleSet& rules);
// runtimes.cpp: needs the releases of read_releases
[[nodiscard]] core::Result<void> read_runtimes(std::string_view file, std::string_view text,
                                               RuleSet& rules);
[[nodiscard]] core::Result<void> read_image_tags(std::string_view file, std::string_view text,
                                                 RuleSet& rules);
// vendors.cpp
[[nodiscard]] core::Result<void> read_vendors(std::string_view file, std::string_view text,
                                              RuleSet& rules);
// releases.cpp
[[nodiscard]] core::Result<void> read_releases(std::string_view file, std::string_view text,
                                               RuleSet& rules);
[[nodiscard]] core::Result<void> read_relocations(std::string_view file, std::string_view text,
                                                  RuleSet& rules);
[[nodiscard]] core::Result<void> read_size_kinds(std::string_view file, std::string_view text,
                                                 RuleSet& rules);
[[nodiscard]] core::Result<void> read_image_sizes(std::string_view file, std::string_view text,
                                                  RuleSet& rules);
[[nodiscard]] core::Result<void> read_gcompat(std::string_view file, std::string_view text,
                                              RuleSet& rules);
[[nodiscard]] core::Result<void> read_lfs64(std::string_view file, std::string_view text,
                                            RuleSet& rules);
// symbols.cpp: needs the musl versions of read_releases
[[nodiscard]] core::Result<void> read_symbols(std::string_view file, std::string_view text,
                                              RuleSet& rules);
// tables.cpp
[[nodiscard]] core::Result<void> read_sonames(std::string_view file, std::string_view text,
                                              RuleSet& rules);
[[nodiscard]] core::Result<void> read_near_misses(std::string_view file, std::string_view text,
                                                  RuleSet& rules);
[[nodiscard]] core::Result<void> read_exports(std::string_view file, std::string_view text,
                                              RuleSet& rules);
[[nodiscard]] core::Result<void> read_npm_siblings(std::string_view file, std::string_view text,
                                                   RuleSet& rules);
[[nodiscard]] core::Result<void> read_npm_packages(std::string_view file, std::string_view text,
                                                   RuleSet& rules);
[[nodiscard]] core::Result<void> read_python_packages(std::string_view file, std::string_view text,
                                                      RuleSet& rules);
[[nodiscard]] core::Result<void> read_nuget_packages(std::string_view file, std::string_view text,
                                                     RuleSet& rules);
// commands.cpp
[[nodiscard]] core::Result<void> read_commands(std::string_view file, std::string_view text,
                                               RuleSet& rules);
[[nodiscard]] core::Result<void> read_debian_packages(std::string_view file, std::string_view text,
                                                      RuleSet& rules);
[[nodiscard]] core::Result<void> read_busybox(std::string_view file, std::string_view text,
                                              RuleSet& rules);
[[nodiscard]] core::Result<void> read_debian_commands(std::string_view file, std::string_view text,
                                                      RuleSet& rules);
[[nodiscard]] core::Result<void> read_target_images(std::string_view file, std::string_view text,
                                                    RuleSet& rules);
// validate.cpp: what only shows when all files are read
[[nodiscard]] core::Result<void> validate(const RuleSet& rules);

/// Folder and prefix of the symbol tables; the architecture is the rest of the name.
inline constexpr std::string_view kSymbolTables = "targets/musl-symbols-";
inline constexpr std::string_view kReleases = "targets/releases.json";
inline constexpr std::string_view kRelocations = "targets/relocations.json";
inline constexpr std::string_view kSonames = "targets/sonames.tsv";

}  // namespace muslcheck::rules
