#pragma once
/// The pipeline: reference -> layers -> facts -> tree -> migration -> findings -> report.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "muslcheck/core/progress.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/report.hpp"
#include "muslcheck/plan/accept.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::scan {

inline constexpr std::uint64_t kDefaultCacheSize = 2ULL << 30;

struct ScanOptions {
  std::string source;  ///< SOURCE as on the command line
  /// "alpine:3.22"; "alpine" is the newest. Nothing: that of the runtime's tag, see choose_target.
  /// Several as "3.20,3.22" or "all"; a profile as "profile:FILE" or "FILE.json".
  std::optional<std::string> target;
  std::string target_image;  ///< SOURCE of a musl system to lay the payload over; may be empty
  std::string platform;      ///< "linux/amd64"; empty: decided by the source
  std::string base;          ///< SOURCE of the image it was built on; empty: guessed
  std::string image;         ///< which image of an archive; empty: the only one
  bool verify = false;       ///< check all digests: read also what the cache knows
  std::string cache_folder;  ///< where facts of layers are kept; empty: nowhere
  std::uint64_t cache_size = kDefaultCacheSize;  ///< bytes that the cache may take
  bool process_ends = false;  ///< soon after: large values are left to the system to free
  int jobs = 0;               ///< threads and ELF workers; 0: one per processor

  std::string dockerfile;               ///< the Dockerfile that made the image; may be empty
  std::string stage;                    ///< its stage that is the image; empty: the last one
  std::vector<std::string> build_args;  ///< "NAME=VALUE", as docker build was given them

  plan::Accepted accepted;  ///< what the user knows about already

  core::Progress* progress = nullptr;  ///< counted while layers are read, from several threads
  /// Called once, before anything is read. Whoever wants to start a thread does it here and not
  /// before scan(): the ELF reader forks its workers, and a process with threads cannot do that
  /// safely.
  std::function<void()> on_start = {};
};

/// Scans. An error means that nothing could be examined at all; everything less is a problem in
/// the report.
[[nodiscard]] core::Result<model::Report> scan(const ScanOptions& options,
                                               const rules::RuleSet& rules);

/// The version of this program ("0.1.0").
[[nodiscard]] const char* version();

}  // namespace muslcheck::scan
