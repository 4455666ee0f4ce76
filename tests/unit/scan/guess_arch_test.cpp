// The architecture that a folder is judged for.

#include "scan/guess_arch.hpp"

#include <elf.h>

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using muslcheck::model::ElfClass;
using muslcheck::model::ElfFacts;
using muslcheck::scan::guess_arch;
using muslcheck::test::TreeBuilder;

namespace {

ElfFacts for_machine(std::uint16_t machine, std::string_view abi_note = {}) {
  return {.machine = machine, .abi_note = abi_note};
}

/// Rules that know one place which names an architecture.
muslcheck::rules::RuleSet make_rules() {
  muslcheck::rules::RuleSet rules;
  rules.checks.push_back({.id = "MC107",
                          .name = "wrong-architecture",
                          .kind = "wrong-architecture",
                          .paths = {"*linux-arm64*", "*linux-x64*"}});
  return rules;
}

struct File {
  const char* path;
  ElfFacts facts;
};

std::string guess(const std::vector<File>& files) {
  TreeBuilder builder;
  for (const File& file : files) builder.elf(file.path, file.facts);
  return guess_arch(builder.build(), make_rules());
}

}  // namespace

TEST_CASE("a folder with more prebuilt files for arm64 than for x64 is judged for x86_64") {
  CHECK(guess({{"a/prebuilds/linux-arm64/a.node", for_machine(EM_AARCH64)},
               {"b/prebuilds/linux-arm64/b.node", for_machine(EM_AARCH64)},
               {"a/prebuilds/linux-x64/a.node", for_machine(EM_X86_64)}}) == "x86_64");
}

TEST_CASE("files in places that name no architecture decide against any number of others") {
  CHECK(guess({{"a/build/Release/a.node", for_machine(EM_AARCH64)},
               {"a/prebuilds/linux-x64/a.node", for_machine(EM_X86_64)},
               {"b/prebuilds/linux-x64/b.node", for_machine(EM_X86_64)}}) == "aarch64");
}

TEST_CASE("of files in neutral places most decide") {
  CHECK(guess({{"a.so", for_machine(EM_X86_64)},
               {"b.so", for_machine(EM_AARCH64)},
               {"c.so", for_machine(EM_AARCH64)}}) == "aarch64");
}

TEST_CASE("a folder with prebuilt files for arm64 alone is judged for aarch64") {
  CHECK(guess({{"a/prebuilds/linux-arm64/a.node", for_machine(EM_AARCH64)}}) == "aarch64");
}

TEST_CASE("files for Android and BSD do not vote") {
  CHECK(guess({{"a.so", for_machine(EM_AARCH64, "Android")},
               {"b.so", for_machine(EM_AARCH64, "FreeBSD")},
               {"c/linux-x64/c.node", for_machine(EM_X86_64)}}) == "x86_64");
}

TEST_CASE("files of machines that Alpine has no port for do not vote") {
  CHECK(guess({{"a.so", for_machine(EM_SPARCV9)}, {"b.so", for_machine(EM_SPARCV9)}}) == "x86_64");
}

TEST_CASE("a folder without ELF files is judged for x86_64") { CHECK(guess({}) == "x86_64"); }
