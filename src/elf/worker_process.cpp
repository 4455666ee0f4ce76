// A worker is two processes. The supervisor is forked while the program has one thread, does
// nothing but wait, and forks the child that runs LIEF; when the child dies, it tells the reader
// and forks another. So a child can be replaced at any time without a fork in a process with
// threads, where only async-signal-safe functions could be called afterwards.
//
//   reader <== socket, memfds ==> child (LIEF; limits; dies)
//      ^ ------- socket -------- supervisor (waits; forks)
//
// Both end with the reader: the child sees the end of the socket, and PR_SET_PDEATHSIG covers a
// reader that was killed. Neither keeps a descriptor of the program: not its output, not its files.

#include "elf/worker_process.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <new>

#include "elf/file_descriptor.hpp"
#include "elf/parse_image.hpp"
#include "muslcheck/core/limits.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define MUSLCHECK_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MUSLCHECK_ASAN 1
#endif
#endif
#ifndef MUSLCHECK_ASAN
#define MUSLCHECK_ASAN 0
#endif

namespace muslcheck::elf {
namespace {

// AddressSanitizer reserves terabytes of address space and reports on stderr.
constexpr bool kHasAddressSanitizer = MUSLCHECK_ASAN != 0;
constexpr int kMostIdleDeaths = 5;
constexpr std::uint64_t kLargeImage = 8ULL << 20;
constexpr int kWallClockFactor = 4;

void close_all_between(unsigned first, unsigned last) {
  if (first <= last) ::syscall(SYS_close_range, first, last, 0U);
}

void close_all_but(const WorkerChannels& channels) {
  std::array<int, 3> kept{channels.socket, channels.request_memory, channels.reply_memory};
  std::sort(kept.begin(), kept.end());
  unsigned next = STDERR_FILENO + 1;
  for (const int file : kept) {
    close_all_between(next, static_cast<unsigned>(file) - 1);
    next = static_cast<unsigned>(file) + 1;
  }
  close_all_between(next, ~0U);
}

/// What takes their place can be neither read nor written. A root may lack /dev/null.
void leave_standard_streams() {
  const int nothing = ::open("/", O_PATH);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  if (!kHasAddressSanitizer) ::dup2(nothing, STDERR_FILENO);
  if (nothing > STDERR_FILENO) ::close(nothing);
}

/// Ctrl-C reaches the whole process group: the reader decides what it means, its workers do not.
void set_signals() {
  for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGPIPE}) ::signal(number, SIG_IGN);
  for (const int number : {SIGCHLD, SIGALRM, SIGPROF, SIGTERM}) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void die_with(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);
}

void set_limit(__rlimit_resource resource, std::uint64_t value) {
  const rlimit limit{.rlim_cur = value, .rlim_max = value};
  ::setrlimit(resource, &limit);
}

void set_timer(__itimer_which which, std::chrono::milliseconds time) {
  itimerval timer{};
  timer.it_value.tv_sec = time.count() / 1000;
  timer.it_value.tv_usec = time.count() % 1000 * 1000;
  ::setitimer(which, &timer, nullptr);
}

/// The limit is on the time the process works (SIGPROF), so that a busy machine fails no file;
/// real time (SIGALRM) only guards against one that waits.
void set_timers(std::chrono::milliseconds time) {
  set_timer(ITIMER_PROF, time);
  set_timer(ITIMER_REAL, time * kWallClockFactor);
}

[[noreturn]] void exhaust_memory() {
  constexpr std::size_t kPiece = 16U << 20U;
  std::vector<std::unique_ptr<char[]>> pieces;
  while (true) pieces.push_back(std::make_unique<char[]>(kPiece));
}

void commit(Fault fault) {
  switch (fault) {
    case Fault::none: return;
    case Fault::crash: std::abort();
    case Fault::hang:
      for (volatile bool forever = true; forever;) continue;
      return;
    case Fault::wait:
      while (true) ::pause();
    case Fault::exhaust_memory: exhaust_memory();
    case Fault::promise_too_much: return;  // see send_reply
  }
}

core::Result<std::vector<std::uint8_t>> answer(const WorkerChannels& channels,
                                               const Request& request) {
  try {
    commit(request.fault);
    std::vector<std::uint8_t> image(static_cast<std::size_t>(request.size));
    if (!read_all(channels.request_memory, image))
      return core::fail(core::ErrorCode::io, "worker-request", "a worker cannot read its request");
    return parse_image(image);
  } catch (const std::bad_alloc&) {
    return core::fail(core::ErrorCode::limit_exceeded, "worker-memory",
                      "reading the file takes more memory than a worker may use");
  }
}

void send_reply(const WorkerChannels& channels, const Request& request,
                const core::Result<std::vector<std::uint8_t>>& facts) {
  const std::vector<std::uint8_t> bytes = facts ? *facts : encode_error(facts.error());
  if (!write_all(channels.reply_memory, bytes)) ::_exit(1);
  const bool is_lying = request.fault == Fault::promise_too_much;
  const Reply reply{.sequence = request.sequence,
                    .size = is_lying ? ~std::uint64_t{0} : bytes.size(),
                    .kind = facts ? ReplyKind::facts : ReplyKind::error};
  if (::send(channels.socket, &reply, sizeof(reply), MSG_NOSIGNAL) != sizeof(reply)) ::_exit(0);
}

[[noreturn]] void run_child(const WorkerChannels& channels, const WorkerLimits& limits,
                            CurrentRequest& current, pid_t supervisor) {
  die_with(supervisor);
  set_limit(RLIMIT_CORE, 0);
  if (!kHasAddressSanitizer) set_limit(RLIMIT_AS, limits.memory);
  while (true) {
    Request request;
    const ssize_t received = ::recv(channels.socket, &request, sizeof(request), 0);
    if (received < 0 && errno == EINTR) continue;
    if (received != sizeof(request)) ::_exit(0);
    current = request.sequence;
    set_timers(limits.time);
    const auto facts = answer(channels, request);
    set_timers(std::chrono::milliseconds{0});
    current = 0;
    send_reply(channels, request, facts);
    if (request.size > kLargeImage) ::malloc_trim(0);
  }
}

bool is_timeout(int status) {
  return WIFSIGNALED(status) && (WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGPROF);
}

void report_death(const WorkerChannels& channels, std::uint64_t sequence, int status) {
  const Reply reply{.sequence = sequence,
                    .kind = is_timeout(status) ? ReplyKind::timeout : ReplyKind::died,
                    .detail = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
  if (::send(channels.socket, &reply, sizeof(reply), MSG_NOSIGNAL) != sizeof(reply)) ::_exit(0);
}

CurrentRequest* share_current_request() {
  void* memory = ::mmap(nullptr, sizeof(CurrentRequest), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : new (memory) CurrentRequest(0);
}

}  // namespace

void run_supervisor(const WorkerChannels& channels, const WorkerLimits& limits, pid_t parent) {
  die_with(parent);
  set_signals();
  close_all_but(channels);
  leave_standard_streams();
  CurrentRequest* current = share_current_request();
  if (current == nullptr) ::_exit(1);
  const pid_t self = ::getpid();
  for (int idle_deaths = 0; idle_deaths < kMostIdleDeaths;) {
    const pid_t child = ::fork();
    if (child == 0) run_child(channels, limits, *current, self);
    if (child < 0) ::_exit(1);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) ::_exit(0);
    const std::uint64_t sequence = current->exchange(0);
    idle_deaths = sequence == 0 ? idle_deaths + 1 : 0;
    if (sequence != 0) report_death(channels, sequence, status);
  }
  ::_exit(1);
}

std::vector<std::uint8_t> encode_error(const core::Error& error) {
  const std::string text =
      static_cast<char>(error.code) + error.reason + std::string(1, '\0') + error.message;
  return {text.begin(), text.end()};
}

core::Error decode_error(core::ByteView bytes) {
  const auto reason = core::read_string(bytes, 1, bytes.size());
  if (!reason || bytes[0] > static_cast<std::uint8_t>(core::ErrorCode::internal))
    return core::fail(core::ErrorCode::internal, "worker-reply",
                      "a worker gave an answer that makes no sense")
        .value();
  const core::ByteView message = bytes.subspan(2 + reason->size());
  return core::fail(static_cast<core::ErrorCode>(bytes[0]), std::string(*reason),
                    std::string(core::as_text(message)))
      .value();
}

}  // namespace muslcheck::elf
