#pragma once
/// One chooser per way of finding native code; choice.cpp asks them in order.

#include <optional>

#include "muslcheck/runtimes/choice.hpp"

namespace muslcheck::runtimes {

/// Nothing: the module is not in a place that this chooser knows.
using Chooser = std::optional<Choice> (*)(const ChoiceInput&);

/// Native code in jars of known Java libraries.
[[nodiscard]] std::optional<Choice> choose_java(const ChoiceInput& input);

/// CPython's extension modules, by the suffix of their names.
[[nodiscard]] std::optional<Choice> choose_python(const ChoiceInput& input);

/// Native files of .NET applications, by deps.json.
[[nodiscard]] std::optional<Choice> choose_dotnet(const ChoiceInput& input);

/// Ruby's gems, by their platform and by where they were compiled.
[[nodiscard]] std::optional<Choice> choose_ruby(const ChoiceInput& input);

/// npm's platform packages: what the optional dependencies of a package name.
[[nodiscard]] std::optional<Choice> choose_platform_package(const ChoiceInput& input);

/// Files that node-gyp-build finds by their tags.
[[nodiscard]] std::optional<Choice> choose_prebuild(const ChoiceInput& input);

/// Files beside a loader that napi-rs made.
[[nodiscard]] std::optional<Choice> choose_napi_file(const ChoiceInput& input);

/// Prisma's query engine.
[[nodiscard]] std::optional<Choice> choose_prisma(const ChoiceInput& input);

/// Files that node-pre-gyp finds by the template in package.json.
[[nodiscard]] std::optional<Choice> choose_node_pre_gyp(const ChoiceInput& input);

/// A musl sibling beside the module, as npm packages and prebuilt files name it.
[[nodiscard]] std::optional<Choice> choose_sibling(const ChoiceInput& input);

}  // namespace muslcheck::runtimes
