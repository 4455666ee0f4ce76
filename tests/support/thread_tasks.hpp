#pragma once
/// Tasks that really run beside the thread that gives them.

#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "muslcheck/core/tasks.hpp"

namespace muslcheck::test {

/// A thread for each task.
class ThreadTasks final : public core::Tasks {
 public:
  ~ThreadTasks() override { wait(); }
  void run(std::function<void()> task) override { threads_.emplace_back(std::move(task)); }
  void wait() override {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::vector<std::thread> threads_;
};

}  // namespace muslcheck::test
