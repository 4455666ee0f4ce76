// oneTBB behind core::Tasks.
//
// A thread that waits for the tasks of its layer must not begin another layer meanwhile: that one
// would have to end before the first could go on, and both would hold their memory. So waiting is
// isolated: it runs tasks of the same group only.

#include "scan/parallel.hpp"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace muslcheck::scan {
namespace {

class GroupTasks final : public core::Tasks {
 public:
  ~GroupTasks() noexcept override { group_.wait(); }
  void run(std::function<void()> task) override { group_.run(std::move(task)); }
  void wait() override { group_.wait(); }

 private:
  oneapi::tbb::task_group group_;
};

}  // namespace

void for_each_in_parallel(const std::vector<std::size_t>& order, int jobs,
                          const std::function<void(std::size_t, core::Tasks&)>& work) {
  // Without this oneTBB prints a warning of its own when more threads are asked for than there are
  // processors.
  const oneapi::tbb::global_control limit(oneapi::tbb::global_control::max_allowed_parallelism,
                                          static_cast<std::size_t>(jobs));
  oneapi::tbb::task_arena arena(jobs);
  arena.execute([&] {
    oneapi::tbb::task_group layers;
    for (const std::size_t index : order)
      layers.run([&work, index] {
        oneapi::tbb::this_task_arena::isolate([&] {
          GroupTasks tasks;
          work(index, tasks);
        });
      });
    layers.wait();
  });
}

int job_count(int asked) {
  return asked > 0 ? asked : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace muslcheck::scan
