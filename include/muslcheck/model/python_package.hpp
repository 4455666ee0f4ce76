#pragma once
/// What is known about Python packages with native code (rules/python-packages.tsv).

#include <string>

namespace muslcheck::model {

/// How a package on PyPI serves musl.
struct PythonPackage {
  std::string name;  ///< as PEP 503 normalises it
  /// "yes": musllinux wheels; "build": no Linux wheels at all, built from source everywhere; "no":
  /// wheels for glibc alone; "unknown".
  std::string musl;
  std::string first_musl_version;  ///< empty: not known
  std::string basis;               ///< how this is known
  bool has_pure_python = false;    ///< works without its native code, only slower
  std::string apk;                 ///< Alpine's package for its own python3; empty: none known
  std::string build;               ///< apk packages that building it needs, beside a compiler
  std::string note;
  bool operator==(const PythonPackage&) const = default;
};

}  // namespace muslcheck::model
