#pragma once
/// What build tools wrote into a program: Go's build information, cargo auditable's list of crates,
/// the marker of .NET's apphost.

#include <vector>

#include "elf/header.hpp"
#include "elf/segments.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::elf {

struct BuildInput {
  core::ByteView file;
  const FileHeader& header;
  const std::vector<Segment>& segments;
  bool is_go = false;       ///< has Go's note
  bool is_program = false;  ///< has an interpreter, or is static
};

/// Nothing a loader depends on, so what does not fit its format is passed over.
[[nodiscard]] model::EmbeddedBuild read_embedded_build(const BuildInput& input);

/// The lines of Go's build information ("mod\tPATH\tVERSION\tSUM") as a build.
[[nodiscard]] model::EmbeddedBuild parse_go_build(std::string_view toolchain,
                                                  std::string_view lines);

}  // namespace muslcheck::elf
