#pragma once
/// The messages between the reader and its worker processes. Content goes through two memfds that
/// all of them share; a message of fixed size on a SOCK_SEQPACKET socket says how much of it.

#include <atomic>
#include <cstdint>
#include <type_traits>

namespace muslcheck::elf {

/// What a worker does instead of parsing; tests only.
enum class Fault : std::uint32_t { none, crash, hang, wait, exhaust_memory, promise_too_much };

struct Request {
  std::uint64_t sequence = 0;  ///< never 0
  std::uint64_t size = 0;      ///< bytes of the image in the request memfd
  Fault fault = Fault::none;
  std::uint32_t unused = 0;
};

enum class ReplyKind : std::uint32_t {
  facts,    ///< encoded facts are in the reply memfd
  error,    ///< an encoded error is there
  died,     ///< from the supervisor: the worker was killed by a signal, or exited
  timeout,  ///< from the supervisor: the worker used up its time
};

struct Reply {
  std::uint64_t sequence = 0;
  std::uint64_t size = 0;  ///< bytes in the reply memfd
  ReplyKind kind = ReplyKind::died;
  std::int32_t detail = 0;  ///< facts, error: 0; died: the signal, or 0
};

static_assert(std::is_trivially_copyable_v<Request> && std::is_trivially_copyable_v<Reply>);

/// In memory shared by supervisor and worker: the request being worked on, or 0. It is how the
/// supervisor knows which request a worker died of.
using CurrentRequest = std::atomic<std::uint64_t>;
static_assert(CurrentRequest::is_always_lock_free);

/// The ends of one worker's channels.
struct WorkerChannels {
  int socket = -1;
  int request_memory = -1;
  int reply_memory = -1;
};

}  // namespace muslcheck::elf
