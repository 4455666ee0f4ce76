#pragma once
/// The dynamic string table, with a budget: 5,000 symbols may share one name of a megabyte, which
/// costs a reader that copies names 5 GB.

#include <cstdint>
#include <string_view>

#include "elf/layout.hpp"

namespace muslcheck::elf {

/// Checks every name that will be copied and adds up their lengths.
class NameBudget {
 public:
  NameBudget(core::ByteView file, const Range& strings)
      : strings_(*core::slice(file, strings.offset, strings.size)) {}

  /// The name at an offset of the string table. Reasons: "name-out-of-bounds",
  /// "name-not-terminated", "name-too-long", "too-many-name-bytes".
  [[nodiscard]] core::Result<std::string_view> take(std::uint64_t offset);

 private:
  core::ByteView strings_;
  std::uint64_t total_ = 0;
};

}  // namespace muslcheck::elf
