#pragma once
/// Survives the end of a mapped file coming closer: another program may cut a file short, or its
/// disk may fail, while it is read through a mapping. The kernel then sends SIGBUS, which ends
/// the process unless somebody gives the address some memory.

#include <cstddef>

#include "muslcheck/core/result.hpp"

namespace muslcheck::source {

/// While it lives, reading where the mapping has no file any more gives zeros, and was_hit() tells.
class MappingGuard {
 public:
  /// Watches [data, data + size), which starts at a page. Error: limit_exceeded when too many
  /// mappings are watched already.
  [[nodiscard]] static core::Result<MappingGuard> watch(const void* data, std::size_t size);

  MappingGuard() = default;
  MappingGuard(MappingGuard&& other) noexcept;
  MappingGuard& operator=(MappingGuard&& other) noexcept;
  ~MappingGuard();

  /// True once a read hit a place that the file does not have.
  [[nodiscard]] bool was_hit() const;

 private:
  explicit MappingGuard(int slot) : slot_(slot) {}
  int slot_ = -1;
};

}  // namespace muslcheck::source
