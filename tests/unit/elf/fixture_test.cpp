// Files that real compilers and linkers made: see tests/fixtures/elf.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "reading.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using model::Binding;
using model::ElfFacts;
using model::SymbolType;

namespace {

const std::filesystem::path kFixtures =
    std::filesystem::path(MUSLCHECK_BINARY_DIR) / "fixtures/elf";

std::vector<std::uint8_t> content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

ElfFacts fixture(const std::string& name) {
  const elf::ReadResult result = test::read(content_of(kFixtures / name));
  if (result.problem) throw std::runtime_error(result.problem->reason);
  return *result.facts;
}

bool is_built(const std::string& compiler) {
  if (std::filesystem::exists(kFixtures / compiler)) return true;
  WARN("SKIPPED: no " << compiler << " compiler, so its fixtures were not built");
  return false;
}

const model::Symbol* find(const ElfFacts& facts, std::string_view name, std::string_view version) {
  const auto found =
      std::find_if(facts.symbols.begin(), facts.symbols.end(), [&](const model::Symbol& symbol) {
        return symbol.name == name && (version.empty() || symbol.version == version);
      });
  return found == facts.symbols.end() ? nullptr : &*found;
}

void check_library(const std::string& compiler, const std::string& style) {
  CAPTURE(compiler, style);
  const ElfFacts facts = fixture(compiler + "/lib" + style + ".so");
  CHECK(facts.soname == "lib" + style + ".so.1");
  CHECK(facts.needed == std::vector<std::string_view>{"libc.so.6"});
  CHECK(std::string(facts.rpath).append(facts.runpath) == "$ORIGIN/deps");
  CHECK(facts.has_sysv_hash == (style != "gnu"));
  CHECK(facts.has_gnu_hash == (style != "sysv"));
  CHECK(facts.bind_now);
  CHECK(facts.has_tls);
  CHECK(facts.build_id.size() == 40);
  CHECK(facts.version_definitions == std::vector<std::string_view>{"FIXTURE_1", "FIXTURE_2"});
  for (const std::string_view version : {"GLIBC_2.2.5", "GLIBC_2.14", "GLIBC_2.34"})
    CHECK(std::count(facts.version_needs.begin(), facts.version_needs.end(),
                     model::VersionNeed{"libc.so.6", version, false}) == 1);

  const model::Symbol* memcpy = find(facts, "memcpy", "");
  REQUIRE(memcpy != nullptr);
  CHECK(*memcpy == model::Symbol{"memcpy", "GLIBC_2.14", "libc.so.6", Binding::global,
                                 SymbolType::function, false, false, false});
  const model::Symbol* hook = find(facts, "optional_hook", "");
  REQUIRE(hook != nullptr);
  CHECK(hook->binding == Binding::weak);
  CHECK_FALSE(hook->defined);
  const model::Symbol* old_entry = find(facts, "entry", "FIXTURE_1");
  const model::Symbol* new_entry = find(facts, "entry", "FIXTURE_2");
  REQUIRE(old_entry != nullptr);
  REQUIRE(new_entry != nullptr);
  CHECK(old_entry->hidden);
  CHECK_FALSE(new_entry->hidden);
  CHECK(find(facts, "per_thread", "FIXTURE_2")->type == SymbolType::tls);
  const auto names_puts = [&](const model::RelocationGroup& group) {
    return group.symbol != model::kNoSymbol && facts.symbols[group.symbol].name == "puts";
  };
  CHECK(std::any_of(facts.relocations.begin(), facts.relocations.end(), names_puts));
}

}  // namespace

TEST_CASE("linked libraries are read with each hash style") {
  for (const std::string compiler : {"native", "aarch64"})
    if (is_built(compiler))
      for (const std::string style : {"sysv", "gnu", "both"}) check_library(compiler, style);
}

TEST_CASE("the stub C library defines a default and a hidden version of memcpy") {
  for (const std::string compiler : {"native", "aarch64"}) {
    if (!is_built(compiler)) continue;
    const ElfFacts facts = fixture(compiler + "/libc.so.6");
    CHECK(facts.needed.empty());
    REQUIRE(find(facts, "memcpy", "GLIBC_2.2.5") != nullptr);
    CHECK(find(facts, "memcpy", "GLIBC_2.2.5")->hidden);
    CHECK_FALSE(find(facts, "memcpy", "GLIBC_2.14")->hidden);
  }
}

TEST_CASE("linked programs: dynamic, static and static-pie") {
  for (const std::string compiler : {"native", "aarch64"}) {
    if (!is_built(compiler)) continue;
    CAPTURE(compiler);
    const ElfFacts program = fixture(compiler + "/program");
    CHECK(program.interpreter.find("/ld-linux-") != std::string_view::npos);
    CHECK(find(program, "puts", "") != nullptr);
    CHECK((program.dt_flags_1 & DF_1_PIE) != 0);
    CHECK(program.relative_relocations > 0);
    const ElfFacts fixed = fixture(compiler + "/static");
    CHECK(fixed.type == model::ElfType::executable);
    CHECK_FALSE(fixed.has_dynamic);
    CHECK(fixed.completeness == model::Completeness::complete);
    const ElfFacts pie = fixture(compiler + "/static-pie");
    CHECK(pie.has_dynamic);
    CHECK(pie.interpreter.empty());
    CHECK(pie.needed.empty());
  }
}

TEST_CASE("a program linked with musl needs libc.so and no version") {
  if (!is_built("musl")) return;
  const ElfFacts facts = fixture("musl/program");
  CHECK(facts.interpreter.starts_with("/lib/ld-musl-"));
  CHECK(facts.needed == std::vector<std::string_view>{"libc.so"});
  CHECK(facts.version_needs.empty());
  CHECK(find(facts, "puts", "") != nullptr);
}

TEST_CASE("an object file is no file that a loader takes") {
  if (is_built("native"))
    CHECK(test::reason_of(content_of(kFixtures / "native/object.o")) == "relocatable-object");
}

TEST_CASE("mutants of linked files are read or refused, quickly and never as more than they are") {
  // Deterministic: the same generator and the same files give the same mutants.
  std::uint64_t state = 88172645463325252ULL;
  const auto random = [&](std::uint64_t below) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    return state % below;
  };
  auto in_process = elf::Reader::create({.in_process = true});
  auto worker = elf::Reader::create({});
  int refused = 0;
  int read = 0;
  for (const std::string name : {"native/libboth.so", "native/program", "aarch64/libgnu.so",
                                 "musl/program", "native/static-pie"}) {
    const std::vector<std::uint8_t> original = content_of(kFixtures / name);
    if (original.empty()) continue;
    for (int i = 0; i < 600; ++i) {
      std::vector<std::uint8_t> mutant = original;
      // Tables are near the start; a change in the code would test nothing.
      const std::uint64_t reach = std::min<std::uint64_t>(original.size(), 6000);
      for (std::uint64_t changes = 1 + random(3); changes > 0; --changes)
        mutant[random(reach)] = static_cast<std::uint8_t>(random(256));
      elf::Reader& reader = i % 8 == 0 ? *worker : *in_process;
      const elf::ReadResult result = reader.read(name, mutant);
      (result.problem ? refused : read) += 1;
      const bool is_one_of_three = result.problem || result.facts;
      CHECK(is_one_of_three);
      if (result.facts && result.problem)
        CHECK(result.facts->completeness == model::Completeness::header_only);
    }
  }
  CHECK(refused > 100);
  CHECK(read > 100);
}
