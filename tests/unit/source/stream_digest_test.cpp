#include "source/stream_digest.hpp"

#include <deque>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/thread_tasks.hpp"

using namespace muslcheck;

namespace {

/// Runs nothing before it is told to.
class LateTasks final : public core::Tasks {
 public:
  void run(std::function<void()> task) override { waiting_.push_back(std::move(task)); }
  void wait() override {
    for (; !waiting_.empty(); waiting_.pop_front()) waiting_.front()();
  }
  [[nodiscard]] std::size_t count() const { return waiting_.size(); }

 private:
  std::deque<std::function<void()>> waiting_;
};

std::string digest_of(core::Tasks& tasks, int pieces) {
  source::StreamDigest digest(tasks);
  for (int i = 0; i < pieces; ++i) {
    const auto owner = std::make_shared<std::string>(1000, static_cast<char>('a' + i % 26));
    digest.add({core::as_bytes(*owner), owner});
  }
  return digest.finish();
}

std::string expected(int pieces) {
  std::string all;
  for (int i = 0; i < pieces; ++i) all += std::string(1000, static_cast<char>('a' + i % 26));
  return "sha256:" + core::sha256_hex(core::as_bytes(all));
}

}  // namespace

TEST_CASE("pieces are hashed in their order, whoever does it and when") {
  for (const int pieces : {0, 1, 16, 500}) {
    core::InlineTasks at_once;
    CHECK(digest_of(at_once, pieces) == expected(pieces));
    test::ThreadTasks threads;
    CHECK(digest_of(threads, pieces) == expected(pieces));
    // Tasks that nobody has time for: the one who adds does their work.
    LateTasks late;
    CHECK(digest_of(late, pieces) == expected(pieces));
    late.wait();
  }
}
