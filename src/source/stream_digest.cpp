// A queue of pieces with at most one thread at work on it, since SHA-256 has to take them in order.

#include "stream_digest.hpp"

#include <utility>

namespace muslcheck::source {
namespace {

constexpr std::size_t kMaxWaiting = 6;

}  // namespace

void StreamDigest::State::work() {
  std::unique_lock lock(mutex);
  if (working) return;
  working = true;
  while (!waiting.empty()) {
    const StreamPiece piece = std::move(waiting.front());
    waiting.pop_front();
    lock.unlock();
    digest.add(piece.bytes);
    lock.lock();
  }
  working = false;
  changed.notify_all();
}

void StreamDigest::State::reduce_to(std::size_t most) {
  std::unique_lock lock(mutex);
  while (waiting.size() > most || (most == 0 && working)) {
    if (working) {
      changed.wait(lock);
    } else {
      lock.unlock();
      work();
      lock.lock();
    }
  }
}

void StreamDigest::add(StreamPiece piece) {
  bool is_first = false;
  {
    const std::lock_guard lock(state_->mutex);
    is_first = state_->waiting.empty() && !state_->working;
    state_->waiting.push_back(std::move(piece));
  }
  if (is_first) tasks_.run([state = state_] { state->work(); });
  state_->reduce_to(kMaxWaiting);
}

std::string StreamDigest::finish() {
  state_->reduce_to(0);
  return "sha256:" + state_->digest.finish_hex();
}

}  // namespace muslcheck::source
