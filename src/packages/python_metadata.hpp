#pragma once
/// What Python's package metadata files say.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::packages {

/// One package that another needs.
struct PythonRequirement {
  std::string name;             ///< normalised
  bool only_for_extra = false;  ///< only if an extra of the asking package is wanted
  bool operator==(const PythonRequirement&) const = default;
};

/// The header of METADATA or PKG-INFO.
struct PythonMetadata {
  std::string name;  ///< as written; empty if it says none, or one that no package can have
  std::string version;
  std::vector<PythonRequirement> requirements;
  bool operator==(const PythonMetadata&) const = default;
};

/// Lower case, with each run of "-", "_" and "." as one "-" (PEP 503): names that differ in this
/// alone are the same package.
[[nodiscard]] std::string normalize_python_name(std::string_view name);

/// True for what PEP 508 allows as a name: ASCII letters, digits, "-", "_", ".", the first and last
/// of them a letter or digit, no longer than kMaxPackageField.
[[nodiscard]] bool is_python_name(std::string_view name);

/// Reads up to the first empty line, which the description follows.
[[nodiscard]] PythonMetadata parse_python_metadata(std::string_view text);

/// One dependency specifier of PEP 508: "numpy (>=1.21) ; extra == 'all'". Markers other than
/// extra are taken as true. Nothing if it begins with no name.
[[nodiscard]] std::optional<PythonRequirement> parse_python_requirement(std::string_view text);

/// requires.txt of an egg: requirements one a line, those below "[extra]" only for that extra;
/// "[:marker]" begins those that depend on a marker alone.
[[nodiscard]] std::vector<PythonRequirement> parse_requires_txt(std::string_view text);

/// The tags of WHEEL, in order: "cp311-cp311-manylinux_2_17_x86_64".
[[nodiscard]] std::vector<std::string> parse_wheel_tags(std::string_view text);

/// The path in one line of RECORD ("a/b.so,sha256=...,123"), which may be quoted as in CSV.
/// Empty for a line that has none.
[[nodiscard]] std::string parse_record_path(std::string_view line);

}  // namespace muslcheck::packages
