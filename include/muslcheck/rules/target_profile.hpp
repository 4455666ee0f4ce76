#pragma once
/// A target that was measured and not built in: what `muslcheck target import` writes and
/// `--target FILE.json` reads. It holds what can be seen in a real system or package index alone;
/// the rest (relocation types, what the loader maps) follows from musl's version and the rules.

#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::rules {

/// The version of the file format that this program reads and writes.
inline constexpr int kProfileVersion = 1;

/// A symbol that libc exports.
struct ProfileSymbol {
  std::string name;
  model::SymbolType type = model::SymbolType::function;  ///< none, object, function or tls
  model::Binding binding = model::Binding::global;       ///< global or weak
  bool operator==(const ProfileSymbol&) const = default;
};

struct ProfileLibrary {
  std::string soname;                ///< the name by which a loader finds it
  std::string apk;                   ///< package; may be empty
  bool in_base = false;              ///< a file of the system; else apk can add it
  bool has_exports = false;          ///< `exports` was measured
  std::vector<std::string> exports;  ///< names that the loader finds in it, sorted
  bool operator==(const ProfileLibrary&) const = default;
};

struct TargetProfile {
  std::string provenance;              ///< what it was made from: "muslcheck 0.1.0 from dir:root"
  std::string name;                    ///< "alpine:3.22"
  std::string release;                 ///< of Alpine: "3.22"; empty for another system
  std::string arch;                    ///< Alpine's name
  std::string musl;                    ///< "1.2.5"
  std::string musl_package;            ///< "1.2.5-r10"; may be empty
  std::string gcc;                     ///< version of the package libstdc++; may be empty
  std::vector<ProfileSymbol> symbols;  ///< of libc, by name; empty: those of `release`
  std::vector<ProfileLibrary> libraries;  ///< by soname
  bool operator==(const TargetProfile&) const = default;
};

/// The JSON text, in a fixed order, ended by a line feed.
[[nodiscard]] std::string write_target_profile(const TargetProfile& profile);

/// Reads and checks the text of `file`. Errors: bad_data with the JSON pointer or the line,
/// unsupported ("profile-version"), limit_exceeded.
[[nodiscard]] core::Result<TargetProfile> parse_target_profile(std::string_view file,
                                                               std::string_view text);

/// The same for a file on the disk of the host. Errors: io, not_found, those of
/// parse_target_profile.
[[nodiscard]] core::Result<TargetProfile> read_target_profile(const std::string& path);

}  // namespace muslcheck::rules
