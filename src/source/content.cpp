// What every kind of content can do.

#include <new>

#include "host_file.hpp"
#include "muslcheck/source/source.hpp"

namespace muslcheck::source {

void set_aside(const KeptBytes& kept) {
  if (kept.mapped) give_back_pages(kept.bytes);
}

core::Result<KeptBytes> copy_of(core::ByteView bytes) try {
  const auto owner = std::make_shared<const std::vector<std::uint8_t>>(bytes.begin(), bytes.end());
  return KeptBytes{.bytes = *owner, .owner = owner, .memory = owner->size()};
} catch (const std::bad_alloc&) {
  return core::fail(core::ErrorCode::limit_exceeded, "out-of-memory",
                    "too large for the memory there is");
}

core::Result<KeptBytes> Content::keep() {
  const auto bytes = all();
  if (!bytes) return tl::make_unexpected(bytes.error());
  auto copy = copy_of(*bytes);
  if (const auto unchanged = check_unchanged(); copy && !unchanged)
    return tl::make_unexpected(unchanged.error());
  return copy;
}

}  // namespace muslcheck::source
