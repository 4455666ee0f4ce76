// Any bytes through the decoder of facts; what it accepts must survive another round.

#include "fuzz_target.hpp"
#include "muslcheck/elf/codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muslcheck;
  const auto facts = elf::decode_facts({data, size});
  if (!facts) return 0;
  const auto again = elf::decode_facts(elf::encode_facts(*facts));
  fuzz_check(again && *again == *facts);
  return 0;
}
