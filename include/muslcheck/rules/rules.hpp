#pragma once
/// Everything muslcheck knows that is data: checks with their texts and remedies, hosts, Alpine
/// releases, symbol tables, sonames, npm packages. Read from the files built into the program or
/// from another folder (--rules), and validated when read: types, unknown fields, order, references
/// between files. rules/schema/ says the same to editors and to scripts/check-rules.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/base_recogniser.hpp"
#include "muslcheck/model/elf_facts.hpp"
#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/host.hpp"
#include "muslcheck/model/java_native.hpp"
#include "muslcheck/model/nuget_package.hpp"
#include "muslcheck/model/python_package.hpp"
#include "muslcheck/model/runtime.hpp"
#include "muslcheck/model/vendors.hpp"

namespace muslcheck::rules {

/// The raw files below rules/, by relative path ("hosts.json", "targets/sonames.tsv").
using RuleFiles = std::map<std::string, std::string_view, std::less<>>;

/// The files that were built into the program. They live as long as it runs.
[[nodiscard]] const RuleFiles& embedded_files();

/// What a check over traits asks of a module, or of the image as a whole. Of each list one entry
/// must be there (of those named `without_` none), and all parts that are given must hold. Only
/// where a check of the image asks for runtimes and for modules, one of both is enough.
struct Condition {
  std::vector<std::string> imports;          ///< symbols that the module asks for
  std::vector<std::string> also_imports;     ///< one of these as well
  std::vector<std::string> without_imports;  ///< none of these
  std::vector<std::string> defines;          ///< symbols that it defines
  std::vector<std::string> without_defines;
  std::vector<std::string> needed;       ///< globs over DT_NEEDED
  std::vector<std::string> without_needed;
  std::vector<std::string> mentions;     ///< strings in the file, see ElfFacts::mentions
  std::vector<std::string> hosts;        ///< ids of hosts.json
  std::vector<std::string> roles;        ///< names of model::Role
  std::vector<std::string> packages;     ///< globs over purls of the image's packages
  std::vector<std::string> without_packages;
  std::vector<std::string> runtimes;       ///< ids of runtimes.json
  std::vector<std::string> bases;          ///< ids of runtimes that the new base has
  std::vector<std::string> without_bases;  ///< whose Alpine image brings what is missing
  /// Globs over "NAME=value" of the image's Env and of .NET's runtimeconfig.json.
  std::vector<std::string> environment;
  std::vector<std::string> without_environment;
  /// Globs over in-image paths; a symbolic link is "etc/localtime -> /usr/share/zoneinfo/UTC".
  std::vector<std::string> files;
  std::vector<std::string> without_files;
  std::string libc;          ///< name of model::Libc that the module was built for; empty: any
  int bits = 0;              ///< 32 or 64; 0: any
  std::string musl_since;    ///< first symbol table of musl that it is about; empty: all
  std::string musl_until;    ///< last one; empty: all
  std::vector<std::string> releases;  ///< of Alpine that it is about; empty: all
  bool small_stack = false;  ///< PT_GNU_STACK has no size, so that threads get musl's 128 KiB
  bool executable_stack = false;  ///< PT_GNU_STACK asks for it

  /// True if it asks for anything that only a module has.
  [[nodiscard]] bool asks_for_module() const;
};

/// One check: code owns the kinds (see checks/), data owns all else.
struct Check {
  std::string id;    ///< "MC104"
  std::string name;  ///< "library-other-soname"
  std::string kind;  ///< which function in checks/ applies it
  model::Severity severity = model::Severity::error;
  std::string title;     ///< one line
  std::string cause;     ///< why it happens, a few sentences
  std::string message;   ///< template: {path} {subject} {symbols} {count} {host} {target} {arch}
                         ///< {apk} {library} {package} {musl}; of commands {place} {advice}
  model::Remedy remedy;  ///< templates as well
  /// For packages of an ecosystem (purl type) that has its own way.
  std::map<std::string, model::Remedy, std::less<>> remedies;
  std::vector<std::string> symbols;     ///< globs; for checks over missing symbols
  std::vector<std::string> paths;       ///< globs; for wrong-architecture: paths that name one
  std::vector<std::string> packages;    ///< globs; for installed-packages: those it is not about
  std::vector<std::string> references;  ///< "gin#1178", cited public cases
  std::optional<Condition> when;        ///< for the kinds "module-trait" and "image-trait"
  /// The best that evidence of this kind allows.
  model::Confidence confidence = model::Confidence::certain;
  std::vector<std::string> apk;  ///< for "image-trait": packages that help, sorted
};

/// A command, and where it is on Alpine (rules/targets/commands.tsv).
struct Command {
  std::string name;
  bool in_busybox = false;       ///< the bare image has it as an applet
  std::vector<std::string> apk;  ///< packages with it, the preferred one first; empty: none
};

/// What a GNU tool takes and busybox's applet refuses or takes otherwise (rules/busybox.json).
struct BusyboxOption {
  std::string command;
  /// "-P" (also within "-oP"), "--parents", "-printf"; none: it is about an operand.
  std::vector<std::string> options;
  std::vector<std::string> values;  ///< globs over the option's argument, or over operands
  /// What busybox prints, with {option} and {value}; empty: what getopt of musl says.
  std::string text;
  std::string apk;     ///< package with the GNU tool; empty: none
  std::string advice;  ///< how to say it so that both understand; may be empty
};

/// A user of an official image.
struct ImageUser {
  std::string name;
  std::optional<int> uid;  ///< in the Alpine variant; nothing: it has no such user
  std::optional<int> was;  ///< in the variant on Debian or Ubuntu
};

/// What the Alpine variant of an official image has (rules/target-images.json).
struct TargetImage {
  std::string image;                  ///< "nginx"; "alpine": what all of them have
  std::vector<std::string> apk;       ///< packages, of those that have commands; sorted
  std::vector<std::string> commands;  ///< of no such package, beyond busybox's; sorted
  std::string folder;                 ///< in-image, where its runtime's programs are; may be empty
  std::vector<std::string> programs;  ///< globs over their names, sorted
  std::vector<ImageUser> users;       ///< sorted by name
};

/// A command that means something on Debian alone, or has another name on Alpine
/// (rules/debian-commands.json).
struct DebianCommand {
  std::string name;
  std::string kind;    ///< "users", "packages", "services", "system"
  std::string advice;  ///< what to do instead, as a part of a sentence
};

/// A package of Debian and what Alpine has in its place (rules/targets/debian-packages.tsv).
struct DebianPackage {
  std::string name;
  std::vector<std::string> apk;  ///< all of them together; empty: no counterpart
  std::string kind;              ///< "meta", "tool", "run", "dev", "none"
  std::string confidence;        ///< "high", "medium", "low"
  std::string note;
};

/// One version of Alpine's package gcompat.
struct GcompatVersion {
  std::string version;                ///< "1.1.0"
  std::vector<std::string> releases;  ///< of Alpine, that have it
  std::vector<std::string> inferred;  ///< those of them that were not read
  std::vector<std::string> symbols;   ///< of its library and of what that needs, sorted
};

/// What gcompat brings (rules/targets/gcompat.json).
struct Gcompat {
  std::string library;               ///< "/lib/libgcompat.so.0"
  std::vector<std::string> sonames;  ///< names in /lib that are links to it, sorted
  /// By arch: paths of glibc's loader.
  std::map<std::string, std::vector<std::string>, std::less<>> loaders;
  /// Symbols that are there and do not do what they say, and what they do.
  std::map<std::string, std::string, std::less<>> caveats;
  std::vector<GcompatVersion> versions;  ///< oldest first
};

/// How the bytes of an image are told apart (rules/sizes.json).
struct SizeKinds {
  std::vector<std::string> build_packages;  ///< globs over names of the distribution's packages
  std::vector<std::string> build_paths;     ///< globs over paths of tools that only builds need
  std::vector<std::string> cache_paths;     ///< globs over paths of what can be had again
  /// Globs over paths that package managers write to beside the files that they own.
  std::vector<std::string> distribution_paths;
};

/// What an official image takes (rules/targets/image-sizes.tsv).
struct ImageSize {
  std::string image;  ///< "node"
  std::string tag;    ///< "22-alpine3.23"
  std::uint64_t bytes = 0;
  std::string source;
};

/// An image that Dockerfiles begin with, and what to begin with on Alpine (rules/dockerfile.json).
/// The first entry whose globs match is taken. Without suffix and tag it has no Alpine variant.
struct DockerfileImage {
  std::string image;                  ///< glob over the name without tag and registry
  bool is_ready = false;              ///< it is on Alpine, or what it has is static
  std::string tags;                   ///< glob over tags; empty: all
  std::string replacement;            ///< another image: "alpine"; empty: the same one
  std::string suffix;                 ///< what the tag gets: "-alpine"
  std::string tag;                    ///< the tag, for all: "{release}", "{major}-jdk-alpine"
  std::string latest;                 ///< the tag instead of "latest" or none: "alpine"
  bool has_releases = false;          ///< there are tags with a release: "-alpine3.22"
  std::vector<std::string> programs;  ///< globs over commands that the Alpine one has as well
  std::string note;                   ///< what a person should know; may be empty
  std::string full_note;              ///< the same, for tags that are not slim
};

/// What to do with a command of a RUN line that is Debian's own.
struct DockerfileCommand {
  std::string program;   ///< glob over its name; empty: any
  std::string text;      ///< glob over the command as a whole; empty: any
  bool removed = false;  ///< or kept as it is
  std::string mark;      ///< comment for the line above, may use {command}; empty: none
  std::string note;      ///< for whoever reads the patch; empty: none
};

/// A Dockerfile of one stage that can be made one of two.
struct DockerfileShape {
  std::string id;                        ///< "node-npm"
  std::string image;                     ///< glob over the name of the base
  std::string when;                      ///< glob over a command of RUN that must be there
  std::string final_image;               ///< may use {tag} {java} {release}; empty: the same
  std::vector<std::string> before;       ///< instructions before the first such command
  std::vector<std::string> finish;       ///< instructions at the end of the build stage
  std::vector<std::string> final_lines;  ///< instructions of the final stage
  /// What to copy: "workdir", or by the start command "start-folder" (of the file it names),
  /// "start-file" or "start-program".
  std::string artifact;
  std::string program_folder;     ///< where a program is that is named without a path
  std::vector<std::string> copy;  ///< more paths to copy
};

/// How a Dockerfile is rewritten (rules/dockerfile.json).
struct DockerfileRules {
  std::vector<std::string> registries;      ///< beginnings of names that mean Docker Hub's library
  std::vector<std::string> distributions;   ///< ends of tags that name a distribution of glibc
  std::vector<DockerfileImage> images;      ///< in order of preference
  std::vector<DockerfileCommand> commands;  ///< in order of preference
  std::vector<std::string> debian_paths;    ///< globs over paths that only apt and dpkg write
  std::map<std::string, std::string, std::less<>> tools;  ///< of Debian's images -> apk package
  std::vector<std::string> build_only;  ///< globs over apk packages that only a build needs
  std::vector<DockerfileShape> shapes;  ///< in order of preference
};

/// What decides loading on one Alpine release (rules/targets/releases.json).
struct Release {
  std::string release;       ///< "3.22"
  std::string musl_package;  ///< "1.2.5-r10"
  std::string symbol_table;  ///< "1.2.5": the table in force
  std::vector<std::string> symbols_added;
  std::vector<std::string> symbols_removed;
  std::string lfs64;         ///< "exported" or "remap"
  std::optional<bool> relr;  ///< nothing: unknown
  std::string gcc;           ///< "14.2.0"
  int glibcxx_max = 0;       ///< N of the newest GLIBCXX_3.4.N in its libstdc++
  int cxxabi_max = 0;        ///< N of the newest CXXABI_1.3.N in its libstdc++
  std::vector<std::string> arches;
  std::vector<std::string> base_sonames;  ///< sonames of the bare image, sorted
  std::string note;
};

/// One name of musl's libc.so on one architecture, with the versions that have it. A name has
/// several entries if it vanished and came back, or if its type or binding changed.
struct SymbolHistory {
  std::string name;
  model::SymbolType type = model::SymbolType::function;
  model::Binding binding = model::Binding::global;
  std::string first;  ///< first musl version
  std::string last;   ///< last musl version
};

/// One relocation type that musl's loader implements on an architecture.
struct RelocationRule {
  std::uint32_t number = 0;
  std::string name;  ///< "R_X86_64_JUMP_SLOT"
  std::string role;  ///< "plt", "got", "symbolic", "copy", "tpoff", "tlsdesc", "relative", ...
  std::string since_musl;  ///< first musl version with it; empty: all
};

/// An Alpine package that has a soname, with the releases for which that is known. Of several
/// packages with the same soname the preferred one comes first.
struct SonamePackage {
  std::string soname;
  std::string apk;
  std::vector<std::string> evidenced;  ///< releases in whose index it was read
  std::vector<std::string> inferred;
  std::vector<std::string> extrapolated;
};

/// A soname of Debian or of npm's glibc files that Alpine has under another name or not at all.
struct SonameNearMiss {
  std::string debian;
  std::vector<std::string> alpine;  ///< empty: absent
  std::string apk;
  std::string kind;  ///< "other-soname", "same", "absent", "glibc", "not-found"
  std::string note;
};

/// The names a library of the target exports, where they are known.
struct LibraryExports {
  std::string soname;
  std::string apk;
  std::string measured_release;      ///< release the list was read on; empty: the same in all
  std::string measured_arch;         ///< architecture it was read on; empty: the same on all
  std::vector<std::string> symbols;  ///< sorted
};

/// How an npm package with native code serves musl (rules/targets/npm-packages.tsv).
struct NpmPackage {
  std::string name;
  std::string mechanism;
  std::string musl;  ///< "yes", "no", "no?", "sibling", "build", "partial", "unknown"
  std::string basis;
  std::string first_musl_version;
  std::string parent;  ///< the package people depend on
  std::string note;
};

/// What to do about an npm package with native code, by how it serves musl. The first entry
/// whose globs both match is taken; "" matches a package without data.
struct NpmRemedy {
  std::string musl;       ///< glob over NpmPackage::musl; "sibling" if a musl package exists
  std::string mechanism;  ///< glob over NpmPackage::mechanism
  std::string manager;    ///< glob over "npm", "pnpm", "yarn": who installed
  model::Remedy remedy;   ///< texts may also use {parent} {musl_package} {cpu} {first_musl_version}
};

/// What to do about a Python package with native code, by how it serves musl. The first entry
/// whose globs both match is taken; "" matches a package without data.
struct PypiRemedy {
  std::string musl;  ///< glob over PythonPackage::musl
  std::string apk;   ///< glob over PythonPackage::apk
  /// Texts may use {package} {wheels} {wheel_arch} {python_apk} {python_build} {target} {musl}.
  model::Remedy remedy;
};

/// What to do about a NuGet package with native code. The first entry whose globs all match is
/// taken; "" matches a package without data.
struct NugetRemedy {
  std::string kind;  ///< glob over "application", "runtime", "removed", "specific", "portable"
  std::string musl;  ///< glob over NugetPackage::musl
  std::string replacement;  ///< glob over NugetPackage::replacement
  /// Texts may use {package} {direct} {replacement} {rid} {target} {musl}.
  model::Remedy remedy;
};

/// All rules, validated.
struct RuleSet {
  std::vector<Check> checks;               ///< sorted by id
  std::vector<model::Host> hosts;          ///< in order of preference
  std::vector<Release> releases;           ///< oldest first
  std::vector<std::string> musl_versions;  ///< of the symbol tables, oldest first
  std::map<std::string, std::vector<SymbolHistory>, std::less<>> musl_symbols;  ///< by arch
  std::map<std::string, std::vector<RelocationRule>, std::less<>> relocations;  ///< by arch
  std::vector<std::string> lfs64_bases;                         ///< names the loader maps NAME64 to
  std::map<std::string, std::string, std::less<>> lfs64_extra;  ///< readdir64_r -> readdir_r
  std::map<std::string, std::vector<std::string>, std::less<>>
      lfs64_exceptions;                     ///< by musl version
  std::vector<SonamePackage> sonames;       ///< sorted by soname
  std::vector<SonameNearMiss> near_misses;  ///< sorted by debian
  std::vector<LibraryExports> exports;      ///< sorted by soname
  std::map<std::string, std::string, std::less<>>
      npm_musl_siblings;                              ///< glibc package -> musl package
  std::vector<NpmPackage> npm_packages;               ///< sorted by name
  std::vector<NpmRemedy> npm_remedies;                ///< in order of preference
  std::vector<model::PythonPackage> python_packages;  ///< sorted by name
  std::vector<PypiRemedy> pypi_remedies;              ///< in order of preference
  std::vector<model::JavaNative> java_natives;        ///< sorted by id
  std::vector<model::NugetPackage> nuget_packages;    ///< sorted by name, in lower case
  std::vector<NugetRemedy> nuget_remedies;            ///< in order of preference
  /// Official images, recognised by the history they leave to others; parents first.
  std::vector<model::BaseRecogniser> bases;
  std::vector<model::RuntimeRecogniser> runtimes;  ///< in order of preference
  std::vector<model::ImageTag> image_tags;         ///< sorted by image and Alpine tag
  std::vector<Command> commands;                   ///< sorted by name
  std::vector<DebianPackage> debian_packages;      ///< sorted by name
  std::vector<std::string> busybox_applets;        ///< of the bare image, sorted
  std::vector<BusyboxOption> busybox_options;      ///< sorted by command
  std::vector<DebianCommand> debian_commands;      ///< sorted by name
  std::vector<TargetImage> target_images;          ///< sorted by image
  Gcompat gcompat;
  SizeKinds size_kinds;
  std::vector<ImageSize> image_sizes;              ///< sorted by image and tag
  DockerfileRules dockerfile;
  model::KnownVendors vendors;
  /// By arch: the IRELATIVE type, which musl never supports (R_X86_64_IRELATIVE = 37).
  std::map<std::string, std::uint32_t, std::less<>> irelative;

  // Entries by name; null if there is none. They live in the rule set.
  [[nodiscard]] const Check* find_check(std::string_view id_or_name) const;
  [[nodiscard]] const Check* find_check_of_kind(std::string_view kind) const;
  [[nodiscard]] const Release* find_release(std::string_view release) const;
  [[nodiscard]] const NpmPackage* find_npm_package(std::string_view name) const;
  [[nodiscard]] const model::PythonPackage* find_python_package(std::string_view name) const;
  /// NuGet takes every spelling of a name.
  [[nodiscard]] const model::NugetPackage* find_nuget_package(std::string_view name) const;
  [[nodiscard]] const Command* find_command(std::string_view name) const;
  [[nodiscard]] const DebianCommand* find_debian_command(std::string_view name) const;
  [[nodiscard]] const DebianPackage* find_debian_package(std::string_view name) const;
  [[nodiscard]] const TargetImage* find_target_image(std::string_view image) const;
  /// What is known of the image behind a tag ("node:20-alpine"; may be empty), after the bare one.
  [[nodiscard]] std::vector<const TargetImage*> images_behind(std::string_view tag) const;
  [[nodiscard]] const SonameNearMiss* find_near_miss(std::string_view soname) const;
  [[nodiscard]] const model::Host* find_host(std::string_view id) const;

  /// True for a file in a place that names an architecture ("prebuilds/linux-arm64/x.node"), as
  /// the wrong-architecture check lists them: it says what its package can serve, not what the
  /// image is for.
  [[nodiscard]] bool names_an_architecture(std::string_view path) const;
};

/// The texts of all checks, sorted by id, as report::WriteOptions has them.
[[nodiscard]] std::vector<model::RuleText> rule_texts(const RuleSet& rules);

/// Parses and validates rule files. Errors: bad_data with file and line (JSON: the pointer).
[[nodiscard]] core::Result<RuleSet> parse_rules(const RuleFiles& files);

/// Orders version numbers by their numeric parts: "3.9" before "3.12". Text after the digits and
/// dots ("1.2.5-r10") does not count. Negative, zero or positive.
[[nodiscard]] int compare_versions(std::string_view left, std::string_view right);

/// The built-in rules. They are parsed anew by each call, which takes some hundredths of a second.
/// Errors: as parse_rules, but none if the rules are those that the tests of muslcheck passed.
[[nodiscard]] core::Result<RuleSet> load_embedded_rules();

/// Rules read from a folder on the host laid out as rules/ of the sources. Errors: not_found, io;
/// as parse_rules.
[[nodiscard]] core::Result<RuleSet> load_rules(const std::string& folder);

}  // namespace muslcheck::rules
