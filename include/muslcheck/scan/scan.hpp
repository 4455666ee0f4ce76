#pragma once
/// The pipeline: reference -> layers -> facts -> tree -> migration -> findings -> report.

#include <chrono>
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

/// Bytes that the cache takes unless ScanOptions::cache_size says otherwise: 2 GiB.
inline constexpr std::uint64_t kDefaultCacheSize = 2ULL << 30;

/// What to scan, and how. Only `source` is needed: `{.source = "app.tar"}`.
struct ScanOptions {
  /// "docker-archive:FILE", "oci-archive:FILE", "oci-dir:FOLDER", "dir:FOLDER", "file:FILE" or a
  /// path on the host, which is recognised by its content.
  std::string source = {};
  /// "alpine:3.22" or "3.22"; "alpine" is the newest. Several as "3.20,3.22" or "all"; a profile as
  /// "profile:FILE" or "FILE.json". Nothing: the release of the Alpine tag of the image's runtime,
  /// else the newest.
  std::optional<std::string> target = {};
  std::string target_image = {};  ///< source of a musl system to lay the payload over; may be empty
  std::string platform = {};      ///< "linux/amd64"; empty: decided by the source
  std::string base = {};          ///< source of the image it was built on; empty: guessed
  std::string image = {};         ///< which image of an archive; empty: the only one
  bool verify = false;            ///< check all digests: read also what the cache knows
  /// Where facts of layers are kept from scan to scan; made if it is not there. Empty: nowhere.
  std::string cache_folder = {};
  std::uint64_t cache_size = kDefaultCacheSize;  ///< bytes that the cache may take
  /// The process ends soon after: large values are left to the system to free. Of a process that
  /// goes on, each scan would leave hundreds of megabytes behind.
  bool process_ends = false;
  int jobs = 0;  ///< threads and ELF workers; 0: one per processor
  /// How long the scan may take, from this call on; zero: as long as it needs. It is looked at
  /// between files, while layers are decompressed, and between the later steps, so that a scan ends
  /// a little later, with the error timeout ("scan-timeout"). Layers that were read to their end
  /// are in the cache.
  std::chrono::milliseconds timeout{};

  std::string dockerfile = {};               ///< the Dockerfile that made the image; may be empty
  std::string stage = {};                    ///< its stage that is the image; empty: the last one
  std::vector<std::string> build_args = {};  ///< "NAME=VALUE", as docker build was given them

  plan::Accepted accepted = {};  ///< what the user knows about already

  core::Progress* progress = nullptr;  ///< counted while layers are read, from several threads
  /// Called once in the thread of the caller, when the workers are forked and before anything is
  /// read. Whoever wants a thread for the time of the scan starts it here and not before.
  std::function<void()> on_start = {};
};

/// Scans. An error means that nothing could be examined at all: usage (options that make no sense
/// or leave something open: "unknown-target", "several-images"), not_found, io, malformed,
/// unsupported, limit_exceeded, timeout, bad_data, internal. Everything less is in
/// Report::problems. The same source, options and rules give the same report. Throws nothing; what
/// it needs of a process is said in muslcheck.hpp.
[[nodiscard]] core::Result<model::Report> scan(const ScanOptions& options,
                                               const rules::RuleSet& rules);

/// The version of this library and of the program: "0.1.0".
[[nodiscard]] const char* version();

}  // namespace muslcheck::scan
