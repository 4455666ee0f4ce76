// Handing images to workers. An image is written to a memfd that the worker reads; the answer
// comes back the same way; only messages of fixed size go over the socket. Nothing a worker says
// is believed: sizes are limited, sequence numbers compared, and the facts decoded with bounds
// checks by the caller.

#include "elf/worker_pool.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "elf/file_descriptor.hpp"
#include "muslcheck/core/limits.hpp"

namespace muslcheck::elf {
namespace {

using core::ErrorCode;

constexpr std::uint64_t kKeptMemory = 4ULL << 20;  // of a memfd, between requests

tl::unexpected<core::Error> lost() {
  return core::fail(ErrorCode::internal, "worker-lost",
                    "the worker process that reads ELF files is gone");
}

tl::unexpected<core::Error> death(const Reply& reply) {
  if (reply.kind == ReplyKind::timeout)
    return core::fail(ErrorCode::timeout, "worker-timeout",
                      "reading the file takes longer than a worker may take");
  std::string message = "the worker process died while it read the file";
  if (reply.detail != 0) message += " (signal " + std::to_string(reply.detail) + ")";
  return core::fail(ErrorCode::internal, "worker-died", std::move(message));
}

void give_back_memory(int memory, std::uint64_t used) {
  if (used > kKeptMemory && ::ftruncate(memory, 0) != 0) return;  // only memory, not correctness
}

}  // namespace

struct WorkerPool::Worker {
  FileDescriptor socket;
  FileDescriptor request_memory;
  FileDescriptor reply_memory;
  pid_t supervisor = -1;
  std::uint64_t last_sequence = 0;
  bool is_usable = true;

  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() { end(); }

  /// The child ends at the end of the socket, the supervisor with the child.
  void end() {
    socket = FileDescriptor();
    if (supervisor <= 0) return;
    ::kill(supervisor, SIGKILL);
    while (::waitpid(supervisor, nullptr, 0) < 0 && errno == EINTR) continue;
    supervisor = -1;
  }
};

WorkerPool::WorkerPool(const WorkerLimits& limits) : limits_(limits) {}
WorkerPool::~WorkerPool() = default;

core::Result<std::unique_ptr<WorkerPool>> WorkerPool::start(int count, const WorkerLimits& limits) {
  std::unique_ptr<WorkerPool> pool(new WorkerPool(limits));
  for (int i = 0; i < count; ++i)
    if (const auto added = pool->add_worker(); !added) return tl::make_unexpected(added.error());
  return pool;
}

core::Result<void> WorkerPool::add_worker() {
  auto worker = std::make_unique<Worker>();
  int ends[2] = {-1, -1};
  const bool has_socket = ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0;
  worker->socket = FileDescriptor(ends[0]);
  const FileDescriptor far_end(ends[1]);
  worker->request_memory = FileDescriptor(::memfd_create("muslcheck-request", MFD_CLOEXEC));
  worker->reply_memory = FileDescriptor(::memfd_create("muslcheck-reply", MFD_CLOEXEC));
  if (!has_socket || !worker->request_memory || !worker->reply_memory)
    return core::fail(ErrorCode::io, "worker-start", "cannot make the channels of a worker");
  const pid_t parent = ::getpid();
  worker->supervisor = ::fork();
  if (worker->supervisor < 0)
    return core::fail(ErrorCode::io, "worker-start", "cannot start a worker process");
  if (worker->supervisor == 0)
    run_supervisor({.socket = far_end.get(),
                    .request_memory = worker->request_memory.get(),
                    .reply_memory = worker->reply_memory.get()},
                   limits_, parent);
  free_.push_back(worker.get());
  workers_.push_back(std::move(worker));
  ++usable_;
  return {};
}

WorkerPool::Worker* WorkerPool::check_out() {
  std::unique_lock lock(mutex_);
  is_free_.wait(lock, [&] { return !free_.empty() || usable_ == 0; });
  if (free_.empty()) return nullptr;
  Worker* worker = free_.back();
  free_.pop_back();
  return worker;
}

void WorkerPool::check_in(Worker* worker) {
  const std::lock_guard lock(mutex_);
  if (worker->is_usable)
    free_.push_back(worker);
  else
    --usable_;
  is_free_.notify_all();
}

core::Result<std::vector<std::uint8_t>> WorkerPool::parse(core::ByteView image, Fault fault) {
  Worker* worker = check_out();
  if (worker == nullptr) return lost();
  auto answer = ask(*worker, image, fault);
  if (!answer && answer.error().reason == "worker-lost") {
    worker->is_usable = false;
    worker->end();
  }
  check_in(worker);
  return answer;
}

core::Result<std::vector<std::uint8_t>> WorkerPool::ask(Worker& worker, core::ByteView image,
                                                        Fault fault) {
  if (!write_all(worker.request_memory.get(), image))
    return core::fail(ErrorCode::io, "worker-request", "cannot hand the file to a worker");
  const Request request{.sequence = ++worker.last_sequence, .size = image.size(), .fault = fault};
  const ssize_t sent = ::send(worker.socket.get(), &request, sizeof(request), MSG_NOSIGNAL);
  if (sent != sizeof(request)) return lost();
  const auto reply = wait_for_reply(worker, request.sequence);
  give_back_memory(worker.request_memory.get(), image.size());
  if (!reply) return tl::make_unexpected(reply.error());
  if (reply->kind != ReplyKind::facts && reply->kind != ReplyKind::error) return death(*reply);
  if (reply->size > core::limits::kMaxEncodedFacts)
    return core::fail(ErrorCode::limit_exceeded, "worker-reply", "a worker's answer is too long");
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(reply->size));
  if (!read_all(worker.reply_memory.get(), bytes))
    return core::fail(ErrorCode::io, "worker-reply", "cannot read a worker's answer");
  give_back_memory(worker.reply_memory.get(), reply->size);
  if (reply->kind == ReplyKind::error) return tl::make_unexpected(decode_error(bytes));
  return bytes;
}

core::Result<Reply> WorkerPool::wait_for_reply(Worker& worker, std::uint64_t sequence) {
  // The worker's own timers end it long before; this is for a supervisor that is stopped or gone.
  const auto patience = limits_.time * 10 + std::chrono::seconds(10);
  while (true) {
    pollfd event{.fd = worker.socket.get(), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&event, 1, static_cast<int>(patience.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return lost();
    Reply reply;
    const ssize_t received = ::recv(worker.socket.get(), &reply, sizeof(reply), 0);
    if (received < 0 && errno == EINTR) continue;
    if (received != sizeof(reply)) return lost();
    if (reply.sequence == sequence) return reply;
  }
}

}  // namespace muslcheck::elf
