#pragma once
/// Findings: what is wrong in the image, and what to do about it.

#include <optional>
#include <string>
#include <vector>

#include "muslcheck/model/module.hpp"

namespace muslcheck::model {

/// How bad it is, the least first.
enum class Severity {
  note,     ///< it differs, worth knowing
  warning,  ///< it misbehaves under conditions, or needs a step that is known
  error,    ///< it fails to start or to load, or certainly misbehaves when it is used
};

/// What to do about a finding.
struct Remedy {
  std::string kind;     ///< "reinstall", "apk", "rebuild", "upgrade", "replace", "stay", "inspect"
  std::string text;     ///< one or two sentences
  std::string command;  ///< a command that can be pasted; empty if there is none
  bool operator==(const Remedy&) const = default;
};

/// What a rule says to people, whatever the finding.
struct RuleText {
  std::string id;     ///< "MC104"
  std::string name;   ///< "library-other-soname"
  std::string title;  ///< one line
  std::string cause;  ///< why it happens, a few sentences
  std::string help;   ///< what to do in general
  Severity severity = Severity::error;
  std::vector<std::string> references = {};  ///< public cases: "gin#1178"
};

/// Something wrong in the image: one per module and cause.
struct Finding {
  std::string rule_id;  ///< "MC104"
  std::string name;     ///< "library-other-soname"
  Severity severity = Severity::error;
  Confidence confidence = Confidence::certain;
  std::string fingerprint;  ///< see make_fingerprint
  std::string path;         ///< module, or what the finding is about
  std::string subject;      ///< the one library, symbol family or type that it is about
  std::string message;
  std::vector<std::string> evidence;  ///< exact loader texts first, "loaded by /PATH" last
  std::string package;                ///< purl; empty if the file belongs to none
  std::vector<std::string> owners;    ///< names of packages that brought it, the direct one first
  int layer = 0;                      ///< index into SourceInfo::layers
  Remedy remedy;
  bool entrypoint = false;  ///< a program that the container starts cannot start
  bool baseline = false;    ///< an older report, given with --baseline, has it too
  bool operator==(const Finding&) const = default;
};

/// One entry of an ignore file: findings that match all of its patterns are set aside.
struct Suppression {
  std::string rule;     ///< glob over rule ids and names; empty: any
  std::string path;     ///< glob over in-image paths; empty: any
  std::string purl;     ///< glob over package URLs; empty: any
  std::string reason;   ///< why, in the words of the user; never empty
  std::string expires;  ///< "2026-12-31", the last day on which it applies; empty: for ever
  bool operator==(const Suppression&) const = default;
};

/// A finding that the user knows about and accepts.
struct SuppressedFinding {
  Finding finding;
  std::string reason;
  std::string expires;  ///< as Suppression::expires
  bool operator==(const SuppressedFinding&) const = default;
};

/// 64 hex digits: sha256 over rule id, ecosystem, package name, path inside the package and
/// subject: the same ticket over rebuilds, versions and layers.
[[nodiscard]] std::string make_fingerprint(const std::string& rule_id, const std::string& ecosystem,
                                           const std::string& package_name,
                                           const std::string& path_in_package,
                                           const std::string& subject);

/// The Alpine packages that a remedy of kind "apk" adds: those of its command, "apk add --no-cache
/// PACKAGE ... && more", without one the words of the subject. None for any other remedy.
[[nodiscard]] std::vector<std::string> packages_to_add(const Finding& finding);

/// "note", "warning", "error".
[[nodiscard]] const char* name_of(Severity severity);

}  // namespace muslcheck::model
