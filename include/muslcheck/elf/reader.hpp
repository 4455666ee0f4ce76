#pragma once
/// From the bytes of an ELF file to model::ElfFacts. A bounds-checked pre-pass of our own reads
/// headers and the dynamic table and builds a compact image; LIEF reads that image in a worker
/// process with a memory and a time limit; the counts of both are compared afterwards.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::elf {

/// True if the bytes start with the ELF magic.
[[nodiscard]] bool has_elf_magic(core::ByteView bytes);

/// What reading a file gave. `facts` alone: all is well. `problem` alone: nothing could be read,
/// or the file is no object that a loader takes (ErrorCode::unsupported: "relocatable-object",
/// "core-file", "debug-file", "unknown-object-type"), which is no fault of the file. Both: the
/// header is right and kept (Completeness::header_only), the rest could not be read or did not
/// agree.
struct ReadResult {
  std::optional<model::ElfFacts> facts;
  std::optional<core::Error> problem;
};

struct ReaderOptions {
  /// Parse in this process instead of a worker: for fuzzing and unit tests only.
  bool in_process = false;
  int workers = 1;
  std::chrono::milliseconds time_limit = core::limits::kElfTimeLimit;  ///< per file
  std::uint64_t memory_limit = core::limits::kElfWorkerMemory;         ///< bytes, per worker
};

/// Reads ELF files. Owns the worker processes, which end with it.
/// Thread-safe: read() may be called from as many threads as there are workers; more wait.
class Reader {
 public:
  /// Starts the workers. Call it before starting threads, and from a thread that lives as long as
  /// the reader (workers end with it). Fails with ErrorCode::io.
  [[nodiscard]] static core::Result<Reader> create(const ReaderOptions& options = {});

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  /// Reads one file. `path` is used in messages only. Never throws, never crashes: a worker that
  /// dies or runs out of time becomes a problem ("worker-died", "worker-timeout") and is replaced.
  [[nodiscard]] ReadResult read(std::string_view path, core::ByteView bytes);

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace muslcheck::elf
