// Names of symbols, libraries and versions. Each is looked at once, and never further than the
// longest name allowed.

#include "elf/names.hpp"

#include "muslcheck/core/limits.hpp"

namespace muslcheck::elf {

core::Result<std::string_view> NameBudget::take(std::uint64_t offset) {
  using namespace core::limits;
  if (offset >= strings_.size())
    return malformed("name-out-of-bounds", "a name lies outside the dynamic string table");
  const auto name = core::read_string(strings_, offset, kMaxSymbolName);
  if (!name && strings_.size() - offset > kMaxSymbolName)
    return beyond_limit("name-too-long",
                        "a name is longer than " + std::to_string(kMaxSymbolName) + " bytes");
  if (!name)
    return malformed("name-not-terminated", "a name runs to the end of the dynamic string table");
  total_ += name->size();
  if (total_ > kMaxStringBytes)
    return beyond_limit("too-many-name-bytes", "the names of the file add up to more than " +
                                                   std::to_string(kMaxStringBytes) + " bytes");
  return *name;
}

}  // namespace muslcheck::elf
