#pragma once
/// The result of a scan, exactly as the JSON report has it. Sorted: modules by path, findings by
/// path, rule, subject; problems by path.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/model/module.hpp"
#include "muslcheck/model/package.hpp"
#include "muslcheck/model/problem.hpp"

namespace muslcheck::model {

/// Where the image is to move.
struct TargetInfo {
  std::string name;     ///< "alpine:3.22"
  std::string release;  ///< "3.22"
  std::string musl;     ///< "1.2.5"
  std::string arch;     ///< Alpine's word: "x86_64"
  std::string image;    ///< a fitting image tag; may be empty
  std::string how;      ///< why this release: "node:20.11-alpine has it", "given with --target"
  bool operator==(const TargetInfo&) const = default;
};

/// The answer to "can this image move?".
enum class Verdict {
  ready,    ///< swap the base and go
  changes,  ///< something fails, and a remedy is known for all of it
  blocked,  ///< something fails for which none is known
};

/// One thing to do, in the order in which to do it.
struct PlanStep {
  std::string kind;     ///< "base", "apk", "install", "rebuild", "change", "check", "blocked"
  std::string text;     ///< one sentence
  std::string command;  ///< what to run or to write; empty if there is nothing to paste
  std::vector<std::string> rules;     ///< ids of the findings that it answers, sorted
  std::vector<std::string> packages;  ///< purls that it is about, sorted
  bool operator==(const PlanStep&) const = default;
};

/// Bytes of files of one kind, as unpacked.
struct SizePart {
  /// "base", "runtime", "packages" (of the distribution, beside the base), "build-tools",
  /// "development" (packages that production does not need), "caches", "application", "hidden"
  /// (what a later layer deletes or overwrites).
  std::string kind;
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
  bool operator==(const SizePart&) const = default;
};

/// A number of bytes between two bounds; equal where it is known.
struct SizeRange {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  bool operator==(const SizeRange&) const = default;
};

/// What the image takes, and what it would take on the target. All sizes are of unpacked files.
struct SizeMath {
  std::uint64_t before = 0;           ///< of all layers, also what later ones hide
  std::vector<std::uint64_t> layers;  ///< of each layer, lowest first
  std::vector<SizePart> parts;        ///< they add up to `before`; the largest first
  std::optional<SizeRange> after;  ///< nothing: too little is known to say
  std::vector<std::string> basis;  ///< what `after` is made of, and where each part is from
  bool operator==(const SizeMath&) const = default;
};

/// What to do.
struct Plan {
  std::vector<std::string> apk;       ///< packages to add, sorted
  std::vector<std::string> commands;  ///< other commands, in order
  /// The Dockerfile changed for the target, as lines of a unified diff; empty without --dockerfile.
  std::vector<std::string> dockerfile;
  /// The same for a build in two stages, for a Dockerfile of one stage of a known shape.
  std::vector<std::string> dockerfile_multi_stage = {};
  std::vector<std::string> dockerfile_notes = {};  ///< what is left to a person: "line 4: ..."
  std::vector<PlanStep> steps = {};   ///< everything above in one order, the base first
  std::optional<SizeMath> size = {};  ///< nothing: too small an image, or not an image
  bool operator==(const Plan&) const = default;
};

/// What becomes of a module on one of several releases.
struct ReleaseOutcome {
  std::string release;  ///< "3.20"
  Outcome outcome = Outcome::unknown;
  std::vector<std::string> errors;  ///< what musl prints there, in order
  bool operator==(const ReleaseOutcome&) const = default;
};

/// A module on all releases that were asked for (--target all).
struct ModuleReleases {
  std::string path;
  std::vector<ReleaseOutcome> outcomes;  ///< oldest release first
  std::string summary;                   ///< "from 3.20 on", "on none"
  /// Why not on the nearest release where it fails: "on 3.19: Error relocating ..."; may be empty.
  std::string reason;
  bool operator==(const ModuleReleases&) const = default;
};

/// One release of several, as a whole.
struct ReleaseVerdict {
  std::string release;
  Verdict verdict = Verdict::ready;
  std::uint64_t errors = 0;  ///< findings of that severity
  std::uint64_t warnings = 0;
  bool operator==(const ReleaseVerdict&) const = default;
};

/// How many of what there are; keys are the words of name_of().
struct Summary {
  std::map<std::string, std::uint64_t> modules;   ///< by disposition
  std::map<std::string, std::uint64_t> outcomes;  ///< of payload modules
  std::map<std::string, std::uint64_t> findings;  ///< by severity
  std::uint64_t packages = 0;                     ///< that own payload modules
  std::uint64_t baseline = 0;                     ///< findings that the baseline has too
  std::uint64_t suppressed = 0;                   ///< findings that an ignore file sets aside
  bool operator==(const Summary&) const = default;
};

/// All that a scan found.
struct Report {
  std::string schema_version = "1.0";  ///< of the JSON report
  std::string tool_version;            ///< of the muslcheck that made it: "0.1.0"
  SourceInfo source;                   ///< what was scanned
  TargetInfo target;                   ///< where it is to move
  Verdict verdict = Verdict::ready;
  bool incomplete = false;  ///< problems may have hidden something
  Summary summary;
  std::vector<Package> packages;  ///< Module::package indexes into this
  std::vector<Module> modules;
  std::vector<Finding> findings;
  Plan plan;
  std::vector<SuppressedFinding> suppressed = {};  ///< these are not in `findings`
  std::vector<Problem> problems;
  std::vector<ReleaseVerdict> releases = {};  ///< oldest first; empty for a single target
  /// Modules whose outcome or errors are not the same on all `releases`, and those that fail on
  /// all; by path.
  std::vector<ModuleReleases> matrix = {};
  bool operator==(const Report&) const = default;
};

/// "ready", "changes", "blocked".
[[nodiscard]] const char* name_of(Verdict verdict);

}  // namespace muslcheck::model
