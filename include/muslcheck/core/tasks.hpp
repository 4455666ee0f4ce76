#pragma once
/// Work that may be done later or beside, whoever does it. Modules that have such work take a
/// Tasks; only scan knows that threads are behind it.

#include <functional>

namespace muslcheck::core {

/// A group of tasks. All calls come from one thread at a time.
class Tasks {
 public:
  virtual ~Tasks() = default;
  /// Runs the task now or later, in this thread or another. The task must not throw.
  virtual void run(std::function<void()> task) = 0;
  /// Returns when all tasks given to run() are done; may run them in the calling thread.
  virtual void wait() = 0;
};

/// Runs every task at once, in the thread that gives it.
class InlineTasks final : public Tasks {
 public:
  void run(std::function<void()> task) override { task(); }
  void wait() override {}
};

}  // namespace muslcheck::core
