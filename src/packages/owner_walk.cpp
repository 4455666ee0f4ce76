// Chains of dependencies. The packages nearest to the application are those that its developer
// knows, so a chain that is longer than the limit keeps its beginning.

#include "owner_walk.hpp"

#include <utility>

#include "muslcheck/core/limits.hpp"

namespace muslcheck::packages {

std::vector<std::size_t> find_roots(const Needs& needs) {
  std::vector<bool> is_needed(needs.size(), false);
  for (const auto& list : needs)
    for (const std::size_t package : list) is_needed[package] = true;
  std::vector<std::size_t> roots;
  for (std::size_t i = 0; i < needs.size(); ++i)
    if (!is_needed[i]) roots.push_back(i);
  return roots;
}

OwnerWalk::OwnerWalk(std::vector<std::string> names)
    : names_(std::move(names)), chains_(names_.size()), is_reached_(names_.size(), false) {}

void OwnerWalk::start(std::size_t package) {
  if (is_reached_[package]) return;
  is_reached_[package] = true;
  order_.push_back(package);
}

void OwnerWalk::spread(const Needs& needs) {
  for (std::size_t next = 0; next < order_.size(); ++next) {
    const std::size_t from = order_[next];
    for (const std::size_t package : needs[from]) {
      if (is_reached_[package]) continue;
      start(package);
      const bool extends = !names_[from].empty() && chains_[from].size < core::limits::kMaxOwners;
      chains_[package] = extends ? Chain{chains_[from].size + 1, from} : chains_[from];
    }
  }
}

std::vector<std::string> OwnerWalk::owners_of(std::size_t package) const {
  std::vector<std::string> owners(chains_[package].size);
  Chain chain = chains_[package];
  for (auto owner = owners.rbegin(); owner != owners.rend(); ++owner) {
    *owner = names_[chain.last];
    chain = chains_[chain.last];
  }
  return owners;
}

std::vector<std::vector<std::string>> OwnerWalk::owners() const {
  std::vector<std::vector<std::string>> all;
  for (std::size_t i = 0; i < chains_.size(); ++i) all.push_back(owners_of(i));
  return all;
}

}  // namespace muslcheck::packages
