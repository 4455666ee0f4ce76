#pragma once
/// Which installed copy of a package a path belongs to.

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "muslcheck/model/package.hpp"

namespace muslcheck::report {

/// Refers to the list it was made from, which must stay as it is.
class PackageLookup {
 public:
  explicit PackageLookup(const std::vector<model::Package>& packages);

  /// Index of the package with that purl. One package may be installed in several directories: the
  /// deepest directory above the path wins, else the first copy.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view purl, std::string_view path) const;

 private:
  struct Copies {
    std::size_t first = 0;
    std::map<std::string_view, std::size_t> by_directory;
  };
  std::map<std::string_view, Copies> copies_;
};

}  // namespace muslcheck::report
