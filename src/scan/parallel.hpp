#pragma once
/// Threads, through oneTBB: nowhere else is it known that there are any.

#include <cstddef>
#include <functional>
#include <vector>

#include "muslcheck/core/tasks.hpp"

namespace muslcheck::scan {

/// Calls `work(index, tasks)` for each index, the given order being the order of starting, in at
/// most `jobs` threads. Each call has a Tasks of its own, whose tasks run in the same threads.
void for_each_in_parallel(const std::vector<std::size_t>& order, int jobs,
                          const std::function<void(std::size_t index, core::Tasks& tasks)>& work);

/// How many threads to use: as many as asked for, else (0) one per processor.
[[nodiscard]] int job_count(int asked);

}  // namespace muslcheck::scan
