#include "muslcheck/core/memory_budget.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using muslcheck::core::MemoryBudget;

TEST_CASE("a budget has room for so many bytes, and for one taker of more") {
  MemoryBudget budget(100);
  auto first = budget.try_take(60);
  CHECK(first.is_taken());
  CHECK(!budget.try_take(41).is_taken());
  CHECK(budget.try_take(40).is_taken());  // and given back
  first = {};
  auto whole = budget.try_take(1000);
  CHECK(whole.is_taken());
  CHECK(!budget.try_take(0).is_taken());
  const auto moved = std::move(whole);
  CHECK(!budget.try_take(1).is_taken());
}

TEST_CASE("who takes from a budget waits until there is room") {
  MemoryBudget budget(100);
  std::atomic<int> used{0};
  std::atomic<bool> exceeded{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 500; ++round) {
        const auto share = budget.take(40);
        if ((used += 40) > 100) exceeded = true;
        used -= 40;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(!exceeded);
  CHECK(budget.try_take(100).is_taken());
}
