// Which facts another reading of the same bytes would give as well.

#include <algorithm>
#include <array>

#include "muslcheck/collect/collect.hpp"
#include "muslcheck/core/search.hpp"

namespace muslcheck::collect {
namespace {

/// Codes of problems that have to do with the machine and the moment, not with the bytes: those of
/// time limits, memory, worker processes, and files that change or cannot be read.
constexpr std::array<std::string_view, 9> kPassing{
    "changed-during-scan", "not-found",     "out-of-memory",  "unreadable",   "worker-died",
    "worker-lost",         "worker-memory", "worker-request", "worker-reply",
};

bool is_passing(const model::Problem& problem) {
  return core::contains(kPassing, problem.code) || problem.code.ends_with("-timeout");
}

}  // namespace

bool are_lasting(const model::LayerFacts& facts) {
  return std::none_of(facts.problems.begin(), facts.problems.end(), is_passing);
}

}  // namespace muslcheck::collect
