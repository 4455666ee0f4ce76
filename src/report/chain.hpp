#pragma once
/// How a module that fails comes into the image, and what it fails on: from the dependency that
/// somebody chose down to the library or symbol that musl does not have.

#include <cstddef>
#include <string>
#include <vector>

#include "muslcheck/model/report.hpp"
#include "report/grouping.hpp"

namespace muslcheck::report {

/// One box of a drawn chain.
struct ChainLink {
  std::string kind;  ///< "container", "dependency", "package", "file", "library"
  std::string name;
  bool operator==(const ChainLink&) const = default;
};

/// What musl lacks at the end of a chain.
struct ChainEnd {
  std::string kind;  ///< "missing library", "missing symbol"
  std::string name;
  bool operator==(const ChainEnd&) const = default;
};

struct Chain {
  std::vector<ChainLink> links;
  std::vector<ChainEnd> ends;  ///< in the loader's order, each once; at most four
  std::size_t more = 0;        ///< ends that are not listed
  bool operator==(const Chain&) const = default;
};

/// The chains of one file of a group: one for each object that lacks something, at most three, in
/// the loader's order. None if the loader does not complain.
[[nodiscard]] std::vector<Chain> chains_of(const PackageGroup& group, const FileGroup& file);

}  // namespace muslcheck::report
