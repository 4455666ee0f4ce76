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
inline constexpr std::uint64_t kMaxPathBytesPerLayer = 96ULL << 20;  ///< names and link targets
inline constexpr std::uint64_t kMaxImpliedPathBytes =
    64ULL << 20;  ///< paths of directories that no entry names
inline constexpr std::size_t kMaxElfFilesPerLayer = 100'000;
inline constexpr std::uint64_t kMaxSymbolsPerLayer = 10'000'000;  ///< of all its ELF files
inline constexpr std::size_t kMaxProblemsPerLayer = 10'000;
inline constexpr std::size_t kMaxLayers = 1024;  ///< Docker itself stops at 127
inline constexpr std::uint64_t kMaxMetadataFile = 32ULL << 20;
/// UBI's has 10 to 40 MiB, that of a full workstation 150. It is kept whole, in each layer that
/// installs something.
inline constexpr std::uint64_t kMaxRpmDatabase = 192ULL << 20;
inline constexpr std::uint64_t kMaxMetadataPerLayer = 256ULL << 20;
inline constexpr std::uint64_t kMaxManifest = 16ULL << 20;
inline constexpr std::size_t kMaxHistory = 4096;  ///< steps of an image's history that are kept
inline constexpr std::size_t kMaxHistoryLine = 32U << 10;  ///< longer lines are not recognised
inline constexpr std::size_t kMaxSearchFolders = 1000;     ///< of PATH
inline constexpr std::size_t kMaxStartSteps = 16;          ///< programs that start one another
inline constexpr int kMaxInterpreters = 4;  ///< of a script that is the interpreter of a script
inline constexpr std::uint64_t kMaxImageFiles = 64ULL << 20;  ///< manifests and so on together
inline constexpr std::size_t kMaxIndexEntries = 1024;     ///< images of an archive, with all nested
inline constexpr int kMaxIndexDepth = 8;                  ///< indexes in indexes
inline constexpr std::size_t kMaxListedLayers = 100'000;  ///< of all images of an archive
inline constexpr std::size_t kMaxImageNames = 64;         ///< of one image
inline constexpr std::size_t kMaxImageName = 512;         ///< in bytes; Docker allows 255 + 128
inline constexpr std::size_t kMaxPlatform = 128;          ///< "linux/arm/v7", in bytes
inline constexpr std::uint64_t kMaxElfFile = 4ULL << 30;
inline constexpr std::uint64_t kMaxFileInMemory = 1ULL << 30;     ///< of a compressed layer
inline constexpr std::uint64_t kMaxFilesInMemory = 128ULL << 20;  ///< of all layers, or one file
inline constexpr std::uint64_t kMaxFactsPerImage = 768ULL << 20;  ///< what is kept of all layers
inline constexpr std::uint64_t kMaxExpansionRatio = 1100;         ///< deflate cannot exceed 1032
/// The layers of an image may together expand to this, in equal shares, however small they are:
/// zstd packs zeros 30,000 to 1, and a layer of a few blocks may be nothing but padding.
inline constexpr std::uint64_t kFreeExpansion = 128ULL << 20;
inline constexpr std::size_t kMaxZipMembers =
    500'000;                                        ///< of one archive; Java's largest have 100,000
inline constexpr std::size_t kMaxArchiveDepth = 4;  ///< jars in jars: ear, war, jar, and one more
inline constexpr std::size_t kMaxArchiveMetadata = 64U << 10;  ///< kept of a manifest
/// The archives of a layer may together unpack to this many times their bytes, beside
/// kFreeExpansion, and to no more than kMaxUnpackedArchives.
inline constexpr std::uint64_t kMaxArchiveExpansion = 20;
inline constexpr std::uint64_t kMaxUnpackedArchives = 8ULL << 30;
inline constexpr std::uint64_t kMaxArchiveWork = 20'000'000;  ///< members looked at, of a layer
inline constexpr std::uint64_t kMaxLayerSize = 64ULL << 30;
inline constexpr std::uint64_t kMaxArchiveInMemory = 4ULL << 30;  ///< archive compressed as a whole
inline constexpr std::uint64_t kMaxCacheFile = 4ULL << 30;        ///< encoded facts of a layer
inline constexpr std::size_t kMaxCacheKey = 160;
inline constexpr std::size_t kMaxShebang = 256;            ///< BINPRM_BUF_SIZE of Linux
inline constexpr std::uint64_t kMaxScript = 256ULL << 10;  ///< of a shell script that is read
inline constexpr std::size_t kMaxScriptCommands = 20'000;  ///< of one script
inline constexpr std::size_t kMaxShellNesting = 16;        ///< "$(a $(b $(c)))"
inline constexpr std::size_t kMaxReachedScripts = 256;     ///< from what a container starts
inline constexpr std::size_t kMaxCommandUses = 50'000;     ///< that are noted, in an image
inline constexpr std::size_t kMaxPackageJson = 4U << 20;
inline constexpr std::size_t kMaxDepsJson = 16U << 20;      ///< those of the .NET SDK have 1 MiB
inline constexpr std::size_t kMaxPackages = 100'000;        ///< of one package database
/// Names that dpkg's packages have, provide or depend on; all of Debian has 150,000.
inline constexpr std::size_t kMaxPackageNames = 500'000;
inline constexpr std::size_t kMaxPackageFiles = 1'000'000;  ///< of one package
inline constexpr std::uint64_t kMaxPackagePathBytes = 256ULL << 20;  ///< of one rpm database
inline constexpr std::uint32_t kMaxRpmTags = 65'535;         ///< of one header, as rpm itself
inline constexpr std::uint64_t kMaxRpmHeader = 64ULL << 20;  ///< the largest known has 20 MiB
inline constexpr std::size_t kMaxPackageField = 512;     ///< name, version, maintainer, in bytes
inline constexpr std::size_t kMaxPackagePlatforms = 64;  ///< tags of a wheel
inline constexpr std::size_t kMaxListedFiles =
    3'000'000;  ///< by all Python packages, or one of conda
inline constexpr std::size_t kMaxCondaDocument = 16U << 20;
inline constexpr std::uint64_t kMaxLockfile = 16ULL << 20;  ///< of npm, Yarn or pnpm; 3 are much
inline constexpr std::size_t kMaxLockfiles = 200;           ///< that are read, in an image
inline constexpr std::size_t kMaxLockedEdges = 1'000'000;   ///< of one lockfile
inline constexpr std::size_t kMaxDependencies = 20'000;     ///< of one package
inline constexpr std::uint64_t kMaxDependencyLookups = 5'000'000;  ///< folders tried, in an image
inline constexpr std::size_t kMaxOwners = 32;                      ///< in a chain of dependencies
inline constexpr std::size_t kMaxMatchedFiles = 5;      ///< paths kept for a glob of a check
inline constexpr std::size_t kMaxMessage = 500;         ///< of an error or problem, in bytes
inline constexpr std::size_t kMaxForeignMessage = 200;  ///< what another library says, in bytes

// Dockerfiles and the history of images.
inline constexpr std::uint64_t kMaxDockerfile = 1ULL << 20;
inline constexpr std::size_t kMaxDockerfileLines = 10'000;
inline constexpr std::size_t kMaxDockerfileStages = 500;
inline constexpr std::size_t kMaxDockerfileWord = 16'384;     ///< with its variables replaced
inline constexpr std::size_t kMaxDockerfileText = 16U << 20;  ///< all such words together
inline constexpr std::size_t kMaxSubstitutionDepth = 32;      ///< "${A:-${B:-...}}"
inline constexpr std::size_t kMaxDiffCells =
    1'000'000;  ///< lines before x after, of one instruction
inline constexpr std::size_t kMaxHistoryText = 65'536;         ///< of one step that is compared
inline constexpr std::uint64_t kMaxHistoryWork = 500'000'000;  ///< bytes compared, all layers

// Targets that are read and not built in.
inline constexpr std::uint64_t kMaxTargetProfile = 64ULL << 20;  ///< a profile's JSON file
inline constexpr std::size_t kMaxProfileNames = 2'000'000;       ///< symbols in a profile
inline constexpr std::size_t kMaxProfileLibraries = 50'000;
inline constexpr std::uint64_t kMaxApkIndex = 128ULL << 20;  ///< unpacked; Alpine's have 10 MiB
/// Releases that are judged at the same time: each holds all modules of the image once more.
inline constexpr int kMaxParallelReleases = 4;

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

// What build tools write into programs.
inline constexpr std::size_t kMaxBuildInfo = 4U << 20;          ///< Go's, which lists all modules
inline constexpr std::size_t kMaxAuditable = 8U << 20;          ///< cargo auditable's, uncompressed
inline constexpr std::uint64_t kMaxMarkerSearch = 64ULL << 20;  ///< bytes of writable segments

// What users hand in beside the image.
inline constexpr std::uint64_t kMaxReport = 512ULL << 20;      ///< a JSON report that is read
inline constexpr std::uint64_t kMaxSettingsFile = 1ULL << 20;  ///< ignore file, config file
inline constexpr std::size_t kMaxIgnores = 10'000;             ///< entries of an ignore file

// The worker that runs LIEF.
inline constexpr std::chrono::milliseconds kElfTimeLimit{5000};
inline constexpr std::uint64_t kElfWorkerMemory = 1ULL << 30;

}  // namespace muslcheck::core::limits
