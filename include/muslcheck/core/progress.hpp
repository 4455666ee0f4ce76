#pragma once
/// How far a scan is. Whoever does the work counts; another thread may look at the counts at any
/// time. They are for people who wait, and decide nothing.

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace muslcheck::core {

/// Each count only grows.
struct Progress {
  std::atomic<std::uint64_t> bytes_total{0};  ///< as stored, so compressed; 0: not known
  std::atomic<std::uint64_t> bytes_done{0};   ///< of bytes_total; it may be a claim and be passed
  std::atomic<std::uint64_t> files_done{0};   ///< entries of all kinds
};

/// Counts the bytes of one part of the whole, such as a layer. At its end the part counts whole,
/// whether it was read, given up or found to be known already: nothing of it is left to be done.
class PartProgress {
 public:
  /// `whole` may be null: then nothing is counted.
  PartProgress(Progress* whole, std::uint64_t size) : whole_(whole), size_(size) {}
  PartProgress(const PartProgress&) = delete;
  PartProgress& operator=(const PartProgress&) = delete;
  ~PartProgress() { reach(size_); }

  /// The part is done up to this place. Places that lie behind, or beyond the end, are ignored.
  void reach(std::uint64_t position) {
    position = std::min(position, size_);
    if (whole_ == nullptr || position <= reached_) return;
    whole_->bytes_done.fetch_add(position - reached_, std::memory_order_relaxed);
    reached_ = position;
  }

  void count_file() {
    if (whole_ != nullptr) whole_->files_done.fetch_add(1, std::memory_order_relaxed);
  }

 private:
  Progress* whole_;
  std::uint64_t size_;
  std::uint64_t reached_ = 0;
};

}  // namespace muslcheck::core
