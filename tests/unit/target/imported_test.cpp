// Targets from profiles: what was measured counts, what was not follows from musl's version and the
// built-in data.

#include "muslcheck/target/imported.hpp"

#include <elf.h>

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/model_builders.hpp"

using namespace muslcheck;
using rules::TargetProfile;
using target::Lfs64;
using target::Presence;
using target::Support;
using target::Target;
using test::embedded_rules;

namespace {

rules::ProfileSymbol function(std::string name) {
  return {std::move(name), model::SymbolType::function, model::Binding::global};
}

TargetProfile profile_with(std::vector<rules::ProfileSymbol> symbols) {
  return {.provenance = "test",
          .name = "alpine:3.22",
          .release = "3.22",
          .arch = "x86_64",
          .musl = "1.2.5",
          .musl_package = "1.2.5-r10",
          .gcc = {},
          .symbols = std::move(symbols),
          .libraries = {}};
}

Target make(const TargetProfile& profile) {
  auto made = target::make_target(embedded_rules(), profile);
  INFO((made ? "" : core::describe(made.error())));
  REQUIRE(made);
  return std::move(*made);
}

std::string reason_of(const TargetProfile& profile) {
  const auto made = target::make_target(embedded_rules(), profile);
  return made ? "none" : made.error().reason;
}

}  // namespace

TEST_CASE("libc has the symbols of the profile and no others") {
  const Target target = make(profile_with({function("open"), function("mine")}));
  CHECK(target.info.name == "alpine:3.22");
  CHECK(target.info.release == "3.22");
  CHECK(target.info.musl == "1.2.5");
  CHECK(target.info.arch == "x86_64");
  CHECK(target.libc_symbols.size() == 2);
  CHECK(target.find_libc_symbol("mine") != nullptr);
  CHECK(target.find_libc_symbol("close") == nullptr);
}

TEST_CASE("a libc that exports open64 has its own *64 names, another gets them from the loader") {
  const Target old = make(profile_with({function("open"), function("open64")}));
  CHECK(old.lfs64 == Lfs64::exported);
  CHECK(old.find_libc_symbol("open64") != nullptr);
  const Target remapping = make(profile_with({function("open")}));
  CHECK(remapping.lfs64 == Lfs64::remap);
  CHECK(remapping.find_libc_symbol("open64") != nullptr);
  CHECK(remapping.find_libc_symbol("stat64") == nullptr);  // there is no stat either
}

TEST_CASE("DT_RELR follows from the version, and from the release where that was patched") {
  TargetProfile profile = profile_with({function("open")});
  CHECK(make(profile).relr == Support::yes);
  profile.release = "3.17";
  profile.musl = "1.2.3";
  CHECK(make(profile).relr == Support::yes);  // Alpine's patch
  profile.release = "3.14";
  profile.musl = "1.2.2";
  CHECK(make(profile).relr == Support::no);
  profile.release = "3.99";
  CHECK(make(profile).relr == Support::unknown);
  profile.name = "debian:12";
  profile.release.clear();
  CHECK(make(profile).relr == Support::no);
}

TEST_CASE("relocation types follow from the version of musl") {
  TargetProfile profile = profile_with({function("open")});
  profile.release.clear();
  profile.arch = "riscv64";
  constexpr std::uint32_t kTlsdesc = 12;  // R_RISCV_TLSDESC
  CHECK(make(profile).relocations.contains(kTlsdesc));
  profile.musl = "1.2.4";
  CHECK_FALSE(make(profile).relocations.contains(kTlsdesc));
}

TEST_CASE("a measured library has its exports and nothing else") {
  TargetProfile profile = profile_with({function("open")});
  profile.libraries = {{.soname = "libstdc++.so.6",
                        .apk = "libstdc++",
                        .in_base = true,
                        .has_exports = true,
                        .exports = {"_Znwm"}}};
  const Target target = make(profile);
  const target::TargetLibrary* library = target.find_library("libstdc++.so.6");
  REQUIRE(library != nullptr);
  CHECK(library->in_base);
  CHECK(library->find_export("_Znwm", "GLIBCXX_3.4.9999") == Presence::present);
  CHECK(library->find_export("_ZdlPv", "GLIBCXX_3.4") == Presence::absent);
}

TEST_CASE("what a system lacks is not in its base, but apk can add it") {
  const Target target = make(profile_with({function("open")}));
  const target::TargetLibrary* library = target.find_library("libz.so.1");
  REQUIRE(library != nullptr);
  CHECK_FALSE(library->in_base);
  CHECK(library->apk == "zlib");

  TargetProfile other = profile_with({function("open")});
  other.name = "void";
  other.release.clear();
  CHECK(make(other).find_library("libz.so.1") == nullptr);
}

TEST_CASE("a profile of an index has the libc and the base of its release") {
  TargetProfile index = profile_with({});
  index.libraries = {{.soname = "libnew.so.1", .apk = "new", .in_base = false, .exports = {}},
                     {.soname = "libz.so.1", .apk = "zlib-ng", .in_base = false, .exports = {}}};
  const Target target = make(index);
  const auto built_in = target::make_target(embedded_rules(), "3.22", "x86_64");
  REQUIRE(built_in);
  CHECK(target.libc_symbols.size() == built_in->libc_symbols.size());
  CHECK(target.lfs64 == built_in->lfs64);
  CHECK(target.find_library("libz.so.1")->in_base);
  CHECK(target.find_library("libz.so.1")->apk == "zlib-ng");
  CHECK(target.find_library("libnew.so.1")->confidence == model::Confidence::certain);
  CHECK(target.find_library("libnew.so.1")->find_export("f", "") == Presence::unknown);
}

TEST_CASE("the gcc of an index says how new its libstdc++ is") {
  TargetProfile index = profile_with({});
  index.gcc = "12.2.1_git20220924-r10";
  CHECK(make(index).find_library("libstdc++.so.6")->glibcxx_max == 30);
  index.gcc = "14.2.0-r6";
  CHECK(make(index).find_library("libstdc++.so.6")->glibcxx_max == 33);
  index.gcc = "99.1.0";
  CHECK(make(index).find_library("libstdc++.so.6")->glibcxx_max == 33);  // of the release
}

TEST_CASE("a system with gcompat starts programs through glibc's loader") {
  TargetProfile profile = profile_with({function("open")});
  CHECK(make(profile).glibc_loaders.empty());
  profile.libraries = {{.soname = "libgcompat.so.0",
                        .apk = "gcompat",
                        .in_base = true,
                        .has_exports = true,
                        .exports = {"__memcpy_chk"}}};
  CHECK_FALSE(make(profile).glibc_loaders.empty());
  CHECK(make(profile).startup_preload == "/lib/libgcompat.so.0");
}

TEST_CASE("a profile for nothing that is known is an error") {
  TargetProfile profile = profile_with({function("open")});
  profile.arch = "sparc";
  CHECK(reason_of(profile) == "profile-arch");
  profile = profile_with({});
  profile.release = "3.99";
  CHECK(reason_of(profile) == "profile-release");
  profile.release = "3.19";
  profile.arch = "loongarch64";
  CHECK(reason_of(profile) == "profile-release");
}

TEST_CASE("only what the loader can find counts as exported") {
  model::ElfFacts facts;
  const auto add = [&](model::Symbol symbol) { test::add_symbol(facts, symbol); };
  add(test::defined("b"));
  add(test::weak(test::defined("a")));
  add({.name = "common", .type = model::SymbolType::common, .defined = true});
  add({.name = "tls", .type = model::SymbolType::tls, .defined = true, .has_value = false});
  add({.name = "zero", .defined = true, .has_value = false});
  add({.name = "ifunc", .type = model::SymbolType::ifunc, .defined = true});
  add({.name = "hidden", .defined = true, .hidden = true});
  add({.name = "local", .binding = model::Binding::local, .defined = true});
  add(test::undefined("needed"));
  add(test::defined("b"));
  const auto symbols = target::exported_symbols(facts);
  std::vector<std::string> names;
  for (const auto& symbol : symbols) names.push_back(symbol.name);
  CHECK(names == std::vector<std::string>{"a", "b", "common", "tls"});
  CHECK(symbols[0].binding == model::Binding::weak);
  CHECK(symbols[2].type == model::SymbolType::object);
  facts.has_gnu_hash = false;
  CHECK(target::exported_symbols(facts).empty());
}

TEST_CASE("the version of a musl without packages is told by its symbols") {
  for (const char* version : {"1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5", "1.2.6"}) {
    CAPTURE(version);
    std::vector<rules::ProfileSymbol> symbols;
    for (const rules::SymbolHistory& row : embedded_rules().musl_symbols.at("x86_64"))
      if (rules::compare_versions(row.first, version) <= 0 &&
          rules::compare_versions(row.last, version) >= 0)
        symbols.push_back(function(row.name));
    symbols.push_back(function("fts_open"));  // a distribution's own
    CHECK(target::guess_musl_version(symbols, embedded_rules(), "x86_64") == version);
  }
  CHECK(target::guess_musl_version({}, embedded_rules(), "sparc").empty());
}
