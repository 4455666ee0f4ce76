// What a scan does in a process that has more to do than scanning.

#include <elf.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/scan/scan.hpp"
#include "support/catch.hpp"
#include "support/elf_builder.hpp"
#include "support/embedded_rules.hpp"
#include "support/temporary_folder.hpp"

using namespace muslcheck;
using test::ElfBuilder;
using test::TemporaryFolder;

namespace {

/// A folder with libraries, each of which lacks another symbol on musl.
void write_libraries(const TemporaryFolder& folder) {
  for (int i = 0; i < 20; ++i) {
    const std::string number = std::to_string(i);
    ElfBuilder elf;
    const auto glibc = elf.need("libc.so.6", "GLIBC_2.34");
    const auto symbol = elf.undefined("__absent_" + number, glibc);
    elf.needed("libc.so.6").relocation(model::RelocationTable::jmprel, R_X86_64_JUMP_SLOT, symbol);
    folder.write("lib" + number + ".so", core::as_text(elf.build().bytes));
  }
}

}  // namespace

TEST_CASE("process: what takes longer than its timeout is an error") {
  const TemporaryFolder folder;
  write_libraries(folder);
  const auto wait = [] { std::this_thread::sleep_for(std::chrono::milliseconds(30)); };
  const auto report = scan::scan({.source = "dir:" + folder.path(),
                                  .timeout = std::chrono::milliseconds(20),
                                  .on_start = wait},
                                 test::embedded_rules());
  REQUIRE_FALSE(report);
  CHECK(report.error().code == core::ErrorCode::timeout);
  CHECK(report.error().reason == "scan-timeout");
}

TEST_CASE("process: what a callback throws becomes an error") {
  const TemporaryFolder folder;
  const auto report = scan::scan(
      {.source = "dir:" + folder.path(), .on_start = [] { throw std::runtime_error("no thread"); }},
      test::embedded_rules());
  REQUIRE_FALSE(report);
  CHECK(report.error().message == "internal error: no thread");
}

// AddressSanitizer's allocator may be locked when the process forks; see muslcheck.hpp.
#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("process: several threads scan at once while others allocate memory") {
  const TemporaryFolder folder;
  write_libraries(folder);
  const auto scan_folder = [&] {
    return scan::scan({.source = "dir:" + folder.path(), .jobs = 2}, test::embedded_rules());
  };
  const auto expected = scan_folder();
  REQUIRE(expected);
  REQUIRE(expected->modules.size() == 20);
  REQUIRE(expected->problems.empty());
  std::atomic<bool> done = false;
  std::thread allocating([&] {
    for (std::size_t size = 1; !done; size = size % 100'000 + 97)
      std::make_unique<std::vector<char>>(size).reset();
  });
  std::array<core::Result<model::Report>, 6> reports;
  {
    std::vector<std::jthread> threads;
    for (auto& report : reports) threads.emplace_back([&] { report = scan_folder(); });
  }
  done = true;
  allocating.join();
  for (const auto& report : reports) {
    REQUIRE(report);
    CHECK(*report == *expected);
  }
}
#endif
