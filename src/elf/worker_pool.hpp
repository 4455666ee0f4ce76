#pragma once
/// The reader's end of its worker processes.

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "elf/worker_process.hpp"
#include "elf/worker_protocol.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::elf {

/// Starts workers and hands out their work. Thread-safe.
class WorkerPool {
 public:
  /// Forks `count` supervisors. Reason: "worker-start".
  [[nodiscard]] static core::Result<std::unique_ptr<WorkerPool>> start(int count,
                                                                       const WorkerLimits& limits);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Encoded facts of a compact image. Waits for a free worker. Reasons: those of parse_image,
  /// and "worker-died", "worker-timeout", "worker-lost" (supervisor and all), "worker-reply",
  /// "worker-request". `fault` is for tests.
  [[nodiscard]] core::Result<std::vector<std::uint8_t>> parse(core::ByteView image,
                                                              Fault fault = Fault::none);

 private:
  struct Worker;
  explicit WorkerPool(const WorkerLimits& limits);
  core::Result<void> add_worker();
  Worker* check_out();
  void check_in(Worker* worker);
  core::Result<std::vector<std::uint8_t>> ask(Worker& worker, core::ByteView image, Fault fault);
  core::Result<struct Reply> wait_for_reply(Worker& worker, std::uint64_t sequence);

  WorkerLimits limits_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::mutex mutex_;
  std::condition_variable is_free_;
  std::vector<Worker*> free_;
  std::size_t usable_ = 0;
};

}  // namespace muslcheck::elf
