#pragma once
/// A module is an ELF file of the image, with who owns it, who loads it, and what musl's loader
/// will say.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/model/elf_facts.hpp"

namespace muslcheck::model {

enum class Libc {
  glibc,
  musl,
  none,     ///< it needs no library
  static_,  ///< linked into the file
  android,  ///< bionic
  bsd,
  unknown,
};

/// Which C library a file was built for, and why we think so. Never decided by the file's name.
struct LibcEvidence {
  Libc libc = Libc::unknown;
  std::string evidence;  ///< "version need GLIBC_2.34 of libc.so.6"
  bool operator==(const LibcEvidence&) const = default;
};

/// Classifies from content alone: version needs, interpreter, needed names, notes, OS ABI.
[[nodiscard]] LibcEvidence classify_libc(const ElfFacts& facts);

/// True for the names of glibc's dynamic loader on any architecture, with or without a folder
/// ("ld-linux-x86-64.so.2", "/lib64/ld64.so.1"). It is an interpreter, and a needed library of
/// objects that use __tls_get_addr or _rtld_global.
[[nodiscard]] bool is_glibc_loader(std::string_view name);

enum class Role {
  executable,  ///< started by the kernel
  library,     ///< needed by other ELF files, or no host recognises it
  plugin,      ///< opened by a host, with dlopen
};

enum class Disposition {
  payload,   ///< moves to the new base and is judged
  replaced,  ///< the new base brings its own
  inert,     ///< a musl sibling is there and would be chosen instead
  foreign,   ///< another operating system or architecture
};

/// What becomes of a module on the target. Ordered from best to worst, `unknown` last.
enum class Outcome {
  loads,
  loads_lazily,    ///< loads, and crashes when a function that is missing is first called
  fails_to_load,   ///< dlopen fails
  fails_to_start,  ///< a program that the kernel or musl's loader refuses
  unknown,         ///< it is not judged, or could not be read
};

/// True if it is neither loaded nor started.
[[nodiscard]] constexpr bool fails(Outcome outcome) {
  return outcome == Outcome::fails_to_load || outcome == Outcome::fails_to_start;
}

/// How sure a statement is.
enum class Confidence {
  certain,  ///< it follows from the file and from what the target is known to have
  likely,   ///< it rests on something that was inferred, see LoadResult::assumptions
  hint,     ///< worth a look: the code is there, whether it is reached is not known
};

enum class LoadErrorKind {
  interpreter_missing,  ///< execve: the interpreter does not exist on the target
  library_missing,      ///< open failed everywhere
  library_unusable,     ///< a file was found and cannot be loaded; the search stops there
  symbol_missing,
  relocation_unsupported,
  tls_initial_exec,  ///< initial-exec TLS in a dlopened object
  tls_descriptor,    ///< TLSDESC on an architecture or release without it
  relr_ignored,      ///< DT_RELR before musl knew it: loads, then SIGSEGV
  hash_missing,      ///< neither DT_HASH nor DT_GNU_HASH: the loader crashes
  not_dynamic,       ///< "Not a valid dynamic program"
  variant_missing,   ///< the host looks for another file on musl, which is not there
};

/// Whether the musl variant that a host looks for can be had.
enum class Availability { published, not_published, unknown };

/// What a host looks for on musl instead of a module, and what is not in the image.
struct MissingVariant {
  std::string name;  ///< "@img/sharp-linuxmusl-x64", "runtimes/linux-musl-x64/native"
  Availability availability = Availability::unknown;
  std::string basis;      ///< how the availability is known: "optionalDependencies of sharp@0.33.5"
  std::string text;       ///< exactly what the host prints; empty if it prints nothing of its own
  bool optional = false;  ///< the package works without its native code, only slower
  /// How sure it is that the host passes this module over.
  Confidence confidence = Confidence::certain;
  bool operator==(const MissingVariant&) const = default;
};

/// One thing that musl's loader, or the host before it, will complain about.
struct LoadError {
  LoadErrorKind kind = LoadErrorKind::symbol_missing;
  std::string subject;      ///< library or symbol name, or relocation number
  std::string needed_by;    ///< path or name of the object that asks
  std::string version;      ///< symbol version wanted, for attribution only ("GLIBC_2.14")
  std::string library;      ///< library that the version belongs to ("libc.so.6")
  std::string binding;      ///< "global" or "weak"; empty for libraries
  bool lazy = false;        ///< deferred: hit when the function is called
  bool fatal = true;        ///< dlopen or start-up fails because of it
  std::uint64_t count = 1;  ///< relocations with this cause
  std::string text;         ///< exactly what musl prints
  bool operator==(const LoadError&) const = default;
};

/// Where a needed library comes from on the target.
enum class LibrarySource {
  libc,         ///< a name musl answers itself
  image,        ///< a payload file
  target_base,  ///< a file of the bare target
  installable,  ///< an apk package of the target release has it
  host,         ///< loaded by the host program before
  missing,
};

/// One place that was looked at, and what was there ("absent", "found", "not an ELF file").
struct SearchStep {
  std::string path;
  std::string result;
  bool operator==(const SearchStep&) const = default;
};

/// How one DT_NEEDED name was resolved.
struct LibraryResolution {
  std::string name;  ///< the searched name
  std::string needed_by;
  LibrarySource source = LibrarySource::missing;
  std::string path;  ///< in-image path for `image`; path on the target otherwise
  std::string apk;   ///< package for `installable`
  Confidence confidence = Confidence::certain;  ///< of the apk data for this release
  std::vector<SearchStep> steps;
  bool operator==(const LibraryResolution&) const = default;
};

/// What the loader model says about one module loaded in one way.
struct LoadResult {
  Outcome outcome = Outcome::unknown;
  std::vector<LoadError> errors;             ///< in the order musl finds them
  std::vector<LibraryResolution> libraries;  ///< breadth-first, each name and needer once
  /// `likely` when the answer rests on symbols of libraries whose exports are not known.
  Confidence confidence = Confidence::certain;
  std::vector<std::string> assumptions;  ///< why the confidence is not `certain`
  bool operator==(const LoadResult&) const = default;
};

/// What checks of behaviour go by, of payload modules only.
struct ModuleTraits {
  /// Undefined symbols that its relocations name, of those that a check asks for; sorted.
  std::vector<std::string> imports;
  std::vector<std::string> defines;  ///< symbols it defines, of those that a check asks for; sorted
  std::vector<std::string> needed;   ///< DT_NEEDED, in file order
  std::vector<std::string> mentions;  ///< ElfFacts::mentions
  int bits = 64;                      ///< ELF class
  std::uint64_t stack_size = 0;       ///< p_memsz of PT_GNU_STACK, bytes
  bool executable_stack = false;      ///< PT_GNU_STACK with PF_X
  bool operator==(const ModuleTraits&) const = default;
};

/// Whether Alpine's gcompat would help a module that fails.
enum class GcompatHelp {
  installed,  ///< it loads once the package is installed
  preloaded,  ///< it loads if LD_PRELOAD names its library as well
  no,         ///< it fails all the same, or loads and lacks functions
};

/// The answer to "what if gcompat was installed", by the loader model with its files.
struct GcompatAnswer {
  GcompatHelp help = GcompatHelp::no;
  std::vector<std::string> remaining;  ///< what musl prints even then, in order
  std::vector<std::string> caveats;    ///< what would load and misbehave
  std::string version;                 ///< of the package on the target's release: "1.1.0"
  bool operator==(const GcompatAnswer&) const = default;
};

/// An ELF file with everything known about it.
struct Module {
  std::string path;          ///< in the image, without a slash at its start
  int layer = 0;             ///< index into SourceInfo::layers
  std::string sha256;        ///< 64 hex digits; empty for files in folders of the distribution
  std::string build_id;      ///< lower-case hex; empty if it has none
  std::string architecture;  ///< machine_name()
  LibcEvidence libc;
  Role role = Role::library;
  std::string host;           ///< Host::id, empty for none
  std::string host_evidence;  ///< why: "imports napi_create_function"
  Disposition disposition = Disposition::payload;
  std::string disposition_reason;  ///< "owned by dpkg package libc6"
  Outcome outcome = Outcome::unknown;
  Confidence confidence = Confidence::certain;
  std::optional<std::size_t> package;  ///< index into Report::packages; nothing: no package's
  /// Set: the host never opens this file on musl. It fails to load, with one error.
  std::optional<MissingVariant> missing_variant;
  LoadResult load;
  ModuleTraits traits;
  std::optional<GcompatAnswer> gcompat;  ///< of modules that fail
  bool operator==(const Module&) const = default;
};

/// The word for each value, as the JSON report has it: lower case, with dashes. Never null.
[[nodiscard]] const char* name_of(Libc libc);
[[nodiscard]] const char* name_of(Role role);
[[nodiscard]] const char* name_of(Disposition disposition);
[[nodiscard]] const char* name_of(Outcome outcome);  ///< "fails-to-load"
[[nodiscard]] const char* name_of(Confidence confidence);
[[nodiscard]] const char* name_of(LoadErrorKind kind);  ///< "library-missing"
[[nodiscard]] const char* name_of(LibrarySource source);
[[nodiscard]] const char* name_of(Availability availability);  ///< "not-published"
[[nodiscard]] const char* name_of(GcompatHelp help);           ///< "preloaded"

}  // namespace muslcheck::model
