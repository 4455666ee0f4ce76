#pragma once
/// Every limit on hostile input, in one place. Beyond a limit a file becomes a problem in the
/// report (limit-exceeded); the scan goes on. Each limit has a test.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace muslcheck::core::limits {

// Archives and file systems.
inline constexpr std::uint64_t kMaxEntriesPerLayer = 2'000'000;
inline constexpr std::size_t kMaxPathLength = 4096;  ///< PATH_MAX of Linux
inline constexpr int kMaxLinkDepth = 40;             ///< symbolic links per lookup, as Linux
inline constexpr std::uint64_t kMaxMetadataFile = 64ULL << 20;
inline constexpr std::uint64_t kMaxManifest = 16ULL << 20;
inline constexpr std::uint64_t kMaxElfFile = 4ULL << 30;
inline constexpr std::uint64_t kMaxExpansionRatio = 1100;  ///< deflate cannot exceed 1032
inline constexpr std::uint64_t kMaxLayerSize = 64ULL << 30;
inline constexpr std::uint64_t kMaxArchiveInMemory = 4ULL << 30;  ///< archive compressed as a whole
inline constexpr std::size_t kMaxShebang = 256;                   ///< BINPRM_BUF_SIZE of Linux
inline constexpr std::size_t kMaxPackageJson = 4U << 20;

// ELF counts. The largest real file known (chromium) stays below a tenth of each.
inline constexpr std::uint32_t kMaxProgramHeaders = 4096;
inline constexpr std::uint32_t kMaxDynamicEntries = 65'536;
inline constexpr std::uint32_t kMaxDynamicSymbols = 2'000'000;
inline constexpr std::uint64_t kMaxRelocations = 3'000'000;  ///< without leading relative ones
inline constexpr std::uint32_t kMaxVersionNeeds = 4096;
inline constexpr std::uint32_t kMaxVersionAux =
    32'768;  ///< aux records of all needs or definitions
inline constexpr std::uint32_t kMaxVersionDefinitions = 32'768;
inline constexpr std::uint64_t kMaxVersionWork = 400'000'000;  ///< symbols x version aux records
inline constexpr std::size_t kMaxSymbolName = 65'536;
inline constexpr std::uint64_t kMaxStringBytes = 256ULL << 20;  ///< all names of a file together
inline constexpr std::uint64_t kMaxCompactImage = 256ULL << 20;
inline constexpr std::size_t kMaxInterpreter = kMaxPathLength;
inline constexpr std::uint32_t kMaxNotes = 4096;               ///< in all PT_NOTE segments
inline constexpr std::size_t kMaxBuildId = 64;                 ///< bytes; real ones have 8 to 32
inline constexpr std::uint64_t kMaxEncodedFacts = 1ULL << 30;  ///< what a worker may answer

// The worker that runs LIEF.
inline constexpr std::chrono::milliseconds kElfTimeLimit{5000};
inline constexpr std::uint64_t kElfWorkerMemory = 1ULL << 30;

}  // namespace muslcheck::core::limits
