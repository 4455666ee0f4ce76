// Any bytes through the whole reader, LIEF included, in this process; then through the codec.

#include "fuzz_target.hpp"
#include "muslcheck/elf/codec.hpp"
#include "muslcheck/elf/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muslcheck;
  static auto reader = elf::Reader::create({.in_process = true});
  const elf::ReadResult result = reader->read("fuzz", {data, size});
  fuzz_check(result.facts || result.problem);
  if (!result.facts) return 0;
  const bool is_complete = result.facts->completeness == model::Completeness::complete;
  fuzz_check(is_complete == !result.problem);
  const auto decoded = elf::decode_facts(elf::encode_facts(*result.facts));
  fuzz_check(decoded && *decoded == *result.facts);
  return 0;
}
