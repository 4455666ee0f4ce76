#pragma once
/// The result of a scan, exactly as the JSON report has it. Sorted: modules by path, findings by
/// path, rule, subject; problems by path.

#include <cstdint>
#include <map>
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

enum class Verdict { ready, changes, blocked };

struct Plan {
  std::vector<std::string> apk;         ///< packages to add, sorted
  std::vector<std::string> commands;    ///< other commands, in order
  std::vector<std::string> dockerfile;  ///< lines to add or change
  bool operator==(const Plan&) const = default;
};

struct Summary {
  std::map<std::string, std::uint64_t> modules;   ///< by disposition
  std::map<std::string, std::uint64_t> outcomes;  ///< of payload modules
  std::map<std::string, std::uint64_t> findings;  ///< by severity
  std::uint64_t packages = 0;                     ///< that own payload modules
  bool operator==(const Summary&) const = default;
};

struct Report {
  std::string schema_version = "1.0";
  std::string tool_version;
  SourceInfo source;
  TargetInfo target;
  Verdict verdict = Verdict::ready;
  bool incomplete = false;  ///< problems may have hidden something
  Summary summary;
  std::vector<Package> packages;  ///< Module::package indexes into this
  std::vector<Module> modules;
  std::vector<Finding> findings;
  Plan plan;
  std::vector<Problem> problems;
  bool operator==(const Report&) const = default;
};

[[nodiscard]] const char* name_of(Verdict verdict);

}  // namespace muslcheck::model
