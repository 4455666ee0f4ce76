#pragma once
/// Memory that several threads share.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>

namespace muslcheck::core {

/// So many bytes may be in use at once; one single taker may have more. It only counts.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t total) : total_(total) {}

  /// Bytes that are in use until this is destroyed. The budget outlives it.
  class Share {
   public:
    Share() = default;
    Share(MemoryBudget& budget, std::uint64_t bytes) : budget_(&budget), bytes_(bytes) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    Share(Share&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
    Share& operator=(Share&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Share() {
      if (budget_ != nullptr) budget_->give_back(bytes_);
    }
    [[nodiscard]] bool is_taken() const { return budget_ != nullptr; }

   private:
    MemoryBudget* budget_ = nullptr;
    std::uint64_t bytes_ = 0;
  };

  /// An empty share if there is no room.
  [[nodiscard]] Share try_take(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    if (!has_room(bytes)) return {};
    used_ += bytes;
    return {*this, bytes};
  }

  /// Waits for room. Who waits must hold no share that he alone can give back: then all would wait
  /// for each other.
  [[nodiscard]] Share take(std::uint64_t bytes) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return has_room(bytes); });
    used_ += bytes;
    return {*this, bytes};
  }

 private:
  [[nodiscard]] bool has_room(std::uint64_t bytes) const {
    return used_ == 0 || (used_ <= total_ && bytes <= total_ - used_);
  }
  void give_back(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    used_ -= bytes;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t total_;
  std::uint64_t used_ = 0;
};

}  // namespace muslcheck::core
