// Any bytes through the pre-pass, and what it accepts into a compact image.

#include "elf/compact_image.hpp"
#include "elf/prepass.hpp"
#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muslcheck;
  const core::ByteView file(data, size);
  const auto prepass = elf::run_prepass(file);
  if (!prepass || !prepass->dynamic) return 0;
  const auto image = elf::build_compact_image(file, *prepass);
  // What the pre-pass accepts is a file itself: the image must be accepted with the same counts.
  // But for little-endian 64-bit MIPS, whose relocations are in the common form there.
  if (!image || prepass->layout.machine == EM_MIPS) return 0;
  const auto again = elf::run_prepass(*image);
  fuzz_check(again && again->dynamic && !again->problem);
  fuzz_check(again->facts.interpreter == prepass->facts.interpreter);
  fuzz_check(again->dynamic->counts.needed == prepass->dynamic->counts.needed);
  fuzz_check(again->dynamic->counts.version_needs == prepass->dynamic->counts.version_needs);
  return 0;
}
