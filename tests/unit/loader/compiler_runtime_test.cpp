// Names of the C++ runtime without a version, as objects built on musl ask for them: only
// libstdc++ and libgcc_s can be meant, whatever else of unknown content is loaded.

#include "fixture.hpp"

using namespace muslcheck;
using namespace muslcheck::test;
using model::Confidence;
using model::Outcome;

namespace {

/// A program that calls `symbol` and needs `library`, of which only the soname is known.
model::LoadResult start_with(const char* library, const char* symbol) {
  Machine machine;
  add_target_library(machine.target, library, "some-package");
  machine.files.add("/app/x", make_program({.needed = {library}, .calls = {symbol}}));
  return machine.start("/app/x");
}

}  // namespace

TEST_CASE("an unversioned name of the C++ runtime is presumed from libstdc++ and libgcc_s alone",
          "[loader]") {
  const auto [name, library] = GENERATE(table<const char*, const char*>({
      {"_ZNSt6thread4joinEv", "libstdc++.so.6"},
      {"_ZNKSt9exception4whatEv", "libstdc++.so.6"},
      {"_ZSt9terminatev", "libstdc++.so.6"},
      {"_ZTVSt9exception", "libstdc++.so.6"},
      {"__cxa_throw", "libstdc++.so.6"},
      {"__gxx_personality_v0", "libstdc++.so.6"},
      {"_Unwind_Resume", "libgcc_s.so.1"},
  }));
  INFO(name);
  const model::LoadResult runtime = start_with(library, name);
  CHECK(runtime.outcome == Outcome::loads);
  CHECK(runtime.confidence == Confidence::likely);
  CHECK(runtime.assumptions.size() == 1);

  const model::LoadResult other = start_with("libfoo.so.1", name);
  CHECK(other.outcome == Outcome::fails_to_start);
  CHECK(texts_of(other) == std::vector<std::string>{"Error relocating /app/x: " +
                                                    std::string(name) + ": symbol not found"});
}

TEST_CASE("other unversioned names may be of any library that is needed", "[loader]") {
  const model::LoadResult result = start_with("libfoo.so.1", "_ZN3foo3barEv");
  CHECK(result.outcome == Outcome::loads);
  CHECK(result.confidence == Confidence::likely);
}
