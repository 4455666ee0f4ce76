// What a worker does with an image. LIEF's binary is gone before the answer is given, so that a
// crash while it is freed is a crash of this file and not of the next one.

#include "elf/parse_image.hpp"

#include <new>

#include "elf/lief_adapter.hpp"
#include "muslcheck/elf/codec.hpp"

namespace muslcheck::elf {

core::Result<std::vector<std::uint8_t>> parse_image(const std::vector<std::uint8_t>& image) {
  try {
    const auto view = parse_with_lief(image);
    if (!view) return tl::make_unexpected(view.error());
    const auto facts = assemble_facts(*view);
    if (!facts) return tl::make_unexpected(facts.error());
    return encode_facts(*facts);
  } catch (const std::bad_alloc&) {
    return core::fail(core::ErrorCode::limit_exceeded, "worker-memory",
                      "reading the file takes more memory than a worker may use");
  }
}

}  // namespace muslcheck::elf
