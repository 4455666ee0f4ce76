#pragma once
/// Short ways to read a built file in tests.

#include <string>

#include "muslcheck/elf/reader.hpp"
#include "support/elf_builder.hpp"

namespace muslcheck::test {

/// Reads in this process: pre-pass, compact image, LIEF, comparison.
inline elf::ReadResult read(core::ByteView bytes) {
  return elf::Reader::create({.in_process = true})->read("test.so", bytes);
}
inline elf::ReadResult read(const BuiltElf& file) { return read(file.bytes); }

/// The facts of a file that must be readable.
inline model::ElfFacts facts_of(const BuiltElf& file) {
  const elf::ReadResult result = read(file);
  if (result.problem) throw std::runtime_error(result.problem->reason);
  return result.facts.value();
}

/// The reason why a file is a problem; "" if it is none.
inline std::string reason_of(core::ByteView bytes) {
  const elf::ReadResult result = read(bytes);
  return result.problem ? result.problem->reason : "";
}
inline std::string reason_of(const BuiltElf& file) { return reason_of(file.bytes); }

}  // namespace muslcheck::test
