#pragma once
/// The digest of a stream, computed beside the reading of it.

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/tasks.hpp"

namespace muslcheck::source {

/// A piece of a stream. `owner` keeps the bytes; empty for bytes that live as long as the source.
struct StreamPiece {
  core::ByteView bytes;
  std::shared_ptr<const void> owner;
};

/// Hashes pieces in their order, in whatever thread has time. At most kMaxWaiting pieces wait, so
/// that a fast reader cannot fill the memory: then the one who adds works as well.
class StreamDigest {
 public:
  explicit StreamDigest(core::Tasks& tasks) : state_(std::make_shared<State>()), tasks_(tasks) {}

  void add(StreamPiece piece);
  /// The digest of all pieces as "sha256:" and 64 hex digits. To be called once, at the end.
  [[nodiscard]] std::string finish();

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<StreamPiece> waiting;
    bool working = false;
    core::Sha256 digest;

    /// Hashes until no piece is left or, if somebody else is at it, returns at once.
    void work();
    /// Returns when at most `most` pieces wait or are being hashed.
    void reduce_to(std::size_t most);
  };
  // A task may start after the stream was given up.
  std::shared_ptr<State> state_;
  core::Tasks& tasks_;
};

}  // namespace muslcheck::source
