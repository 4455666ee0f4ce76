#pragma once
/// How Java libraries find their native code: each makes a path in its jar out of the names of the
/// system and the machine, and some look whether they run on musl. What each does is data
/// (rules/java-natives.json).

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/module.hpp"

namespace muslcheck::model {

/// A file that a library takes on musl, from one of its versions on.
struct JavaMuslVariant {
  std::string file;                 ///< in the jar: ".../Linux-Musl/{arch}/libsqlitejdbc.so"
  std::string since;                ///< first version that looks for it and brings it
  std::vector<std::string> arches;  ///< Alpine's words: those that it has a build for
  /// What Java prints if it is not there, with {arch} for the library's word.
  std::string message;
  bool operator==(const JavaMuslVariant&) const = default;
};

/// One library.
struct JavaNative {
  std::string id;                     ///< "sqlite-jdbc"
  std::vector<std::string> packages;  ///< "org.xerial:sqlite-jdbc": their version counts
  std::string folder;  ///< all below it in a jar is this library's, glob; empty: only `file`
  std::string file;    ///< what it takes on Linux, glob: ".../Linux/{arch}/libsqlitejdbc.so"
  std::map<std::string, std::string, std::less<>> arches;  ///< Alpine's word -> the library's
  std::vector<JavaMuslVariant> musl;            ///< newest first; empty: it knows no musl
  Confidence confidence = Confidence::certain;  ///< of what is said here
  Remedy remedy;                                ///< instead of the check's; kind empty: none
  bool operator==(const JavaNative&) const = default;

  /// True for a file of this library, by its path in the jar.
  [[nodiscard]] bool has(std::string_view inside) const;
  /// True for the file that it takes on Linux with glibc, on any machine that it knows.
  [[nodiscard]] bool takes_on_glibc(std::string_view inside, std::string_view arch) const;
};

/// `text` with {arch} replaced.
[[nodiscard]] std::string with_arch(std::string_view text, std::string_view arch);

/// A path in the tree taken apart at the last "!/": "app/x.jar" and "org/foo/libx.so". `inside` is
/// empty for a path that is in no archive.
struct PathInArchive {
  std::string_view archive;
  std::string_view inside;
};
/// The views live as long as `path`.
[[nodiscard]] PathInArchive split_at_archive(std::string_view path);

/// The library that a file in a jar belongs to, by its path there; null for an unknown one.
[[nodiscard]] const JavaNative* find_java_native(const std::vector<JavaNative>& known,
                                                 std::string_view path);

}  // namespace muslcheck::model
