#pragma once
/// Who pulled a package in: the walk that every dependency graph shares.

#include <cstddef>
#include <string>
#include <vector>

namespace muslcheck::packages {

/// For each package of a graph, those that it needs.
using Needs = std::vector<std::vector<std::size_t>>;

/// Those that no other package needs, in order.
[[nodiscard]] std::vector<std::size_t> find_roots(const Needs& needs);

/// Walks breadth first from the packages that were asked for, so that the chain that is kept is a
/// shortest one. What is reached first keeps its chain: ask for the surest roots first.
class OwnerWalk {
 public:
  /// `names`: what a chain calls each package; an empty name (an application) is left out.
  explicit OwnerWalk(std::vector<std::string> names);

  /// A package that nobody else pulled in, unless it has been reached already.
  void start(std::size_t package);
  /// Goes on from all that has been reached.
  void spread(const Needs& needs);

  [[nodiscard]] bool is_reached(std::size_t package) const { return is_reached_[package]; }
  /// The direct dependency first, the immediate parent last; empty for roots.
  [[nodiscard]] std::vector<std::string> owners_of(std::size_t package) const;
  /// The same of all packages.
  [[nodiscard]] std::vector<std::vector<std::string>> owners() const;

 private:
  /// Chains share their beginnings: a hostile graph has many packages and long names.
  struct Chain {
    std::size_t size = 0;
    std::size_t last = 0;  ///< the package whose chain comes before, and its name at the end
  };

  std::vector<std::string> names_;
  std::vector<Chain> chains_;
  std::vector<bool> is_reached_;
  std::vector<std::size_t> order_;  ///< as they were reached
};

}  // namespace muslcheck::packages
