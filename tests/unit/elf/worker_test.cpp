// Worker processes: they answer, they are replaced when they die, and they leave nothing behind.

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "elf/compact_image.hpp"
#include "elf/prepass.hpp"
#include "elf/worker_pool.hpp"
#include "muslcheck/elf/codec.hpp"
#include "reading.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using namespace std::chrono_literals;
using elf::Fault;
using elf::WorkerPool;
using test::BuiltElf;
using test::ElfBuilder;

namespace {

BuiltElf library(const std::string& needed) {
  ElfBuilder elf;
  elf.needed(needed);
  elf.undefined("f");
  return elf.build();
}

std::vector<std::uint8_t> image_of(const BuiltElf& file) {
  return *elf::build_compact_image(file.bytes, *elf::run_prepass(file.bytes));
}

std::unique_ptr<WorkerPool> pool_of(int workers, std::chrono::milliseconds time = 5s,
                                    std::uint64_t memory = 1ULL << 30) {
  return std::move(*WorkerPool::start(workers, {.time = time, .memory = memory}));
}

bool answers(WorkerPool& pool, const std::string& needed = "libc.so.6") {
  const auto bytes = pool.parse(image_of(library(needed)));
  if (!bytes) return false;
  const auto facts = elf::decode_facts(*bytes);
  return facts && facts->needed.size() == 1 && facts->needed[0] == needed;
}

std::string reason_after(WorkerPool& pool, Fault fault) {
  const auto bytes = pool.parse(image_of(library("libc.so.6")), fault);
  return bytes ? "" : bytes.error().reason;
}

/// Processes whose parent is `parent`.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string pid;
    std::string name;
    char state = 0;
    pid_t found = 0;
    if (file >> pid >> name >> state >> found && found == parent && state != 'Z')
      children.push_back(std::stoi(pid));
  }
  return children;
}

template <typename Condition>
bool becomes_true(Condition condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

}  // namespace

TEST_CASE("a worker gives the same facts as parsing in this process") {
  ElfBuilder elf;
  const auto version = elf.need("libc.so.6", "GLIBC_2.17");
  elf.interpreter("/lib/ld.so").needed("libc.so.6");
  elf.relocation(model::RelocationTable::rela, R_X86_64_GLOB_DAT, elf.undefined("puts", version));
  const BuiltElf file = elf.build();
  auto reader = elf::Reader::create({});
  REQUIRE(reader);
  const elf::ReadResult result = reader->read("x", file.bytes);
  REQUIRE(result.facts);
  CHECK_FALSE(result.problem);
  CHECK(*result.facts == test::facts_of(file));
}

TEST_CASE("a worker that crashes is reported and replaced") {
  const auto pool = pool_of(1);
  CHECK(reason_after(*pool, Fault::crash) == "worker-died");
  CHECK(answers(*pool));
  for (int i = 0; i < 20; ++i) CHECK(reason_after(*pool, Fault::crash) == "worker-died");
  CHECK(answers(*pool));
}

TEST_CASE("a worker that takes too long is reported and replaced") {
  const auto pool = pool_of(1, 100ms);
  const auto started = std::chrono::steady_clock::now();
  const auto bytes = pool->parse(image_of(library("x")), Fault::hang);
  CHECK(std::chrono::steady_clock::now() - started < 3s);
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().reason == "worker-timeout");
  CHECK(bytes.error().code == core::ErrorCode::timeout);
  CHECK(answers(*pool));
}

// As one does whose process was forked while another thread held a lock that it needs.
TEST_CASE("a worker that waits for what never comes is reported and replaced") {
  const auto pool = pool_of(1, 100ms);
  const auto started = std::chrono::steady_clock::now();
  const auto bytes = pool->parse(image_of(library("x")), Fault::wait);
  CHECK(std::chrono::steady_clock::now() - started < 3s);
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().reason == "worker-timeout");
  CHECK(answers(*pool));
}

#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("a worker that runs out of memory says so and goes on") {
  const auto pool = pool_of(1, 5s, 512ULL << 20);
  CHECK(reason_after(*pool, Fault::exhaust_memory) == "worker-memory");
  CHECK(answers(*pool));
}
#endif

TEST_CASE("an image that LIEF does not take is an error, not a death") {
  const auto pool = pool_of(1);
  const auto bytes = pool->parse(core::as_bytes("not an image"));
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().reason == "lief-rejected");
  CHECK(answers(*pool));
}

TEST_CASE("limit: the length of a worker's answer") {
  const auto pool = pool_of(1);
  const auto bytes = pool->parse(image_of(library("x")), Fault::promise_too_much);
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().reason == "worker-reply");
  CHECK(bytes.error().code == core::ErrorCode::limit_exceeded);
  CHECK(answers(*pool));
}

TEST_CASE("a worker whose supervisor is gone is lost, and the pool says so") {
  const auto pool = pool_of(1);
  const auto supervisors = children_of(::getpid());
  REQUIRE(supervisors.size() == 1);
  ::kill(supervisors[0], SIGKILL);
  CHECK(becomes_true([&] { return children_of(supervisors[0]).empty(); }));
  CHECK(reason_after(*pool, Fault::none) == "worker-lost");
  CHECK(reason_after(*pool, Fault::none) == "worker-lost");
}

TEST_CASE("a child that dies between two files is replaced without a trace") {
  const auto pool = pool_of(1);
  CHECK(answers(*pool));
  const pid_t supervisor = children_of(::getpid()).at(0);
  const pid_t child = children_of(supervisor).at(0);
  ::kill(child, SIGKILL);
  CHECK(becomes_true([&] {
    const auto now = children_of(supervisor);
    return now.size() == 1 && now[0] != child;
  }));
  CHECK(answers(*pool));
}

TEST_CASE("more threads than workers share them, each with its own answer") {
  const auto pool = pool_of(2);
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 6; ++thread)
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 30; ++i) {
        const std::string name = "lib" + std::to_string(thread) + "." + std::to_string(i);
        if (i % 10 == 3) (void)pool->parse(image_of(library(name)), Fault::crash);
        if (answers(*pool, name)) ++right;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 6 * 30);
}

TEST_CASE("a large image and a large answer pass through a worker") {
  ElfBuilder elf;
  for (int i = 0; i < 50'000; ++i) elf.defined("a_symbol_with_a_long_name_" + std::to_string(i));
  const BuiltElf file = elf.build();
  auto reader = elf::Reader::create({});
  const elf::ReadResult result = reader->read("x", file.bytes);
  REQUIRE(result.facts);
  CHECK(result.facts->symbols.size() == 50'000);
  CHECK(result.facts->symbols.back().name == "a_symbol_with_a_long_name_49999");
}

TEST_CASE("no process is left when the reader is gone") {
  const std::size_t before = children_of(::getpid()).size();
  {
    auto reader = elf::Reader::create({.workers = 3});
    CHECK(children_of(::getpid()).size() == before + 3);
  }
  CHECK(children_of(::getpid()).size() == before);
}

TEST_CASE("workers end with a program that is killed") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t program = ::fork();
  if (program == 0) {
    const auto pool = pool_of(1);
    while (children_of(children_of(::getpid()).at(0)).empty()) std::this_thread::sleep_for(1ms);
    const pid_t supervisor = children_of(::getpid()).at(0);
    const pid_t pids[2] = {supervisor, children_of(supervisor).at(0)};
    if (::write(ends[1], pids, sizeof(pids)) != sizeof(pids)) ::_exit(1);
    ::pause();
  }
  pid_t pids[2] = {0, 0};
  REQUIRE(::read(ends[0], pids, sizeof(pids)) == sizeof(pids));
  ::kill(program, SIGKILL);
  ::waitpid(program, nullptr, 0);
  for (const pid_t pid : pids)
    CHECK(becomes_true([&] { return ::kill(pid, 0) != 0 && errno == ESRCH; }));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("Ctrl-C does not kill workers: what it means is the program's decision") {
  const auto pool = pool_of(1);
  CHECK(answers(*pool));
  const pid_t supervisor = children_of(::getpid()).at(0);
  const pid_t child = children_of(supervisor).at(0);
  ::kill(supervisor, SIGINT);
  ::kill(child, SIGINT);
  CHECK(answers(*pool));
  CHECK(children_of(supervisor) == std::vector<pid_t>{child});
}

TEST_CASE("workers keep no file of the program open") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto pool = pool_of(1);
  CHECK(answers(*pool));
  ::close(ends[1]);
  char byte = 0;
  CHECK(::read(ends[0], &byte, 1) == 0);  // end of file: nobody else has the writing end
  ::close(ends[0]);
}
