#pragma once
/// The two processes behind one worker: a supervisor, and the child it forks again and again.

#include <sys/types.h>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "elf/worker_protocol.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::elf {

struct WorkerLimits {
  std::chrono::milliseconds time{};  ///< per request
  std::uint64_t memory = 0;          ///< bytes of address space
};

/// The life of a supervisor. Called in a freshly forked process; never returns.
[[noreturn]] void run_supervisor(const WorkerChannels& channels, const WorkerLimits& limits,
                                 pid_t parent);

/// An error as the bytes of a ReplyKind::error reply, and back. A damaged encoding becomes an
/// error of its own ("worker-reply").
[[nodiscard]] std::vector<std::uint8_t> encode_error(const core::Error& error);
[[nodiscard]] core::Error decode_error(core::ByteView bytes);

}  // namespace muslcheck::elf
