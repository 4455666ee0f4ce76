#pragma once
/// What fuzz targets share: an entry function with libFuzzer's name, linked either with libFuzzer
/// or with replay.cpp.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Ends the process as a finding if something that must hold does not.
inline void fuzz_check(bool holds) {
  if (!holds) std::abort();
}
