// Any Dockerfile moved to Alpine: the result must be a Dockerfile, and a second patch must have
// nothing to do.

#include <string_view>

#include "fuzz_target.hpp"
#include "muslcheck/dockerfile/dockerfile.hpp"
#include "muslcheck/plan/dockerfile_patch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muslcheck;
  static const auto rules = rules::load_embedded_rules();
  fuzz_check(rules.has_value());
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = dockerfile::parse_dockerfile(text, "Dockerfile");
  if (!file) return 0;
  const plan::PatchRequest request{.release = "3.22", .apk = {"libstdc++"}};
  const auto patch = plan::patch_dockerfile(text, *file, *rules, request);
  const auto again = dockerfile::parse_dockerfile(patch.text, "Dockerfile");
  fuzz_check(again.has_value());
  fuzz_check(plan::patch_dockerfile(patch.text, *again, *rules, request).diff.empty());
  const auto split = plan::split_dockerfile(text, *file, *rules, request);
  fuzz_check(dockerfile::parse_dockerfile(split.text, "Dockerfile").has_value());
  return 0;
}
