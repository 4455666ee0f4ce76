// Prisma's query engine: node_modules/.prisma/client/libquery_engine-TARGET.so.node, a file for
// each of the generator's binaryTargets. The client takes the one of the target that it runs on
// and no other (prisma, packages/get-platform, getBinaryTargetForCurrentPlatformInternal: on musl
// with OpenSSL 3, which every Alpine since 3.17 has, linux-musl-openssl-3.0.x; the error is that of
// @prisma/client 5 and 6, runtime/library.js). The copy in @prisma/engines is for Prisma's own
// command, which downloads what it lacks.

#include <string>

#include "choosers.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "node_packages.hpp"

namespace muslcheck::runtimes {
namespace {

constexpr std::string_view kEngine = "libquery_engine-";
constexpr std::string_view kMuslTarget = "linux-musl";
constexpr std::string_view kEnd = ".so.node";

std::string target_of(std::string_view arch) {
  return arch == "aarch64" ? "linux-musl-arm64-openssl-3.0.x" : "linux-musl-openssl-3.0.x";
}

}  // namespace

std::optional<Choice> choose_prisma(const ChoiceInput& input) {
  const std::string_view name = core::file_name(input.module.path);
  if (!name.starts_with(kEngine) || !name.ends_with(kEnd) ||
      name.substr(kEngine.size()).starts_with(kMuslTarget))
    return std::nullopt;
  Choice choice;
  const std::string_view folder = core::parent_path(input.module.path);
  for (const std::string& other : input.tree.children(folder)) {
    const std::string path = core::join_path(folder, other);
    if (!other.starts_with(std::string(kEngine) + std::string(kMuslTarget)) ||
        !is_native_file(input.tree, path, input.facts))
      continue;
    choice.reason = "chosen instead on musl: " + path;
    choice.instead = path;
    return choice;
  }
  const std::string target = target_of(input.arch);
  if (core::matches_glob("*@prisma/engines", folder)) {
    choice.unused = true;
    choice.reason = "Prisma's command takes the engine for " + target + ", which it downloads";
    return choice;
  }
  choice.reason = "Prisma Client takes the engine for " + target + " on musl";
  choice.missing = model::MissingVariant{
      .name = std::string(kEngine) + target + std::string(kEnd),
      .availability = model::Availability::published,
      .basis = "Prisma's binaryTargets: add \"" + target + "\" to them in schema.prisma",
      .text = "Prisma Client could not locate the Query Engine for runtime \"" + target + "\".",
      .confidence = model::Confidence::certain};
  return choice;
}

}  // namespace muslcheck::runtimes
