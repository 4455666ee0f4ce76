#pragma once
/// The place the image moves to: an Alpine release on an architecture, as far as loading goes.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/elf_facts.hpp"
#include "muslcheck/model/module.hpp"
#include "muslcheck/model/report.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::target {

/// What the loader does with a relocation type (arch/ARCH/reloc.h and do_relocs). Types that are
/// not in Target::relocations give "unsupported relocation type".
enum class RelocationClass {
  none,
  relative,
  symbolic,  ///< value of a symbol; never deferred
  got,       ///< may be deferred under RTLD_LAZY
  plt,       ///< as got, and needs a definition
  copy,      ///< the search starts after the main program
  offset,
  dtpmod,
  dtpoff,
  tpoff,  ///< initial-exec TLS
  tlsdesc,
};

enum class Lfs64 {
  exported,  ///< the NAME64 symbols are in the table
  remap,     ///< the loader maps NAME64 to NAME (get_lfs64, from 1.2.4)
};

enum class Support { yes, no, unknown };

struct LibcSymbol {
  model::SymbolType type = model::SymbolType::function;
  model::Binding binding = model::Binding::global;
};

enum class Presence { present, absent, unknown };

/// A library that the target has or can install.
struct TargetLibrary {
  std::string soname;
  std::string apk;
  bool in_base = false;                                       ///< part of the bare image
  model::Confidence confidence = model::Confidence::certain;  ///< that this release has the soname
  /// Names it exports; null: not known.
  std::shared_ptr<const std::unordered_set<std::string_view>> exports;
  /// For libstdc++: newest N of GLIBCXX_3.4.N in this release, and in the release whose exports
  /// were measured. 0 for all others.
  int glibcxx_max = 0;
  int glibcxx_measured = 0;
  /// The same for CXXABI_1.3.N, and for libgcc_s the major number of GCC_N.
  int cxxabi_max = 0;
  int cxxabi_measured = 0;
  int gcc_max = 0;
  int gcc_measured = 0;
  /// False if `exports` was measured on another architecture: a name that is missing there may
  /// still be there.
  bool exports_complete = true;

  /// Whether it exports `name`, which the asking object wants as `version` (may be empty). musl
  /// compares no versions, so a version only tells how new the library must be to have the name.
  [[nodiscard]] Presence find_export(std::string_view name, std::string_view version) const;
};

/// Finds std::string keys by std::string_view without making a string.
struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const noexcept {
    return std::hash<std::string_view>{}(name);
  }
};

template <typename Value>
using NameMap = std::unordered_map<std::string, Value, NameHash, std::equal_to<>>;

/// Owns all it refers to: it may outlive the RuleSet it was made from.
struct Target {
  model::TargetInfo info;
  std::uint16_t machine = 0;  ///< EM_*
  model::ElfClass elf_class = model::ElfClass::elf64;
  model::ElfByteOrder byte_order = model::ElfByteOrder::little;
  std::string loader_path;                ///< "/lib/ld-musl-x86_64.so.1"
  std::vector<std::string> library_path;  ///< /lib, /usr/local/lib, /usr/lib
  NameMap<LibcSymbol> libc_symbols;
  Lfs64 lfs64 = Lfs64::remap;
  NameMap<std::string> lfs64_names;  ///< NAME64 -> NAME, when remapped
  std::unordered_map<std::uint32_t, RelocationClass> relocations;
  Support relr = Support::yes;
  NameMap<TargetLibrary> libraries;  ///< by soname: base and installable
  /// Paths of glibc's loader that start musl with `startup_preload`; empty on a bare target.
  std::vector<std::string> glibc_loaders;
  /// What a program that starts through them is given before LD_PRELOAD.
  std::string startup_preload;

  /// libc's definition that a relocation against `name` finds, get_lfs64 included; null if none.
  [[nodiscard]] const LibcSymbol* find_libc_symbol(std::string_view name) const;
  [[nodiscard]] const TargetLibrary* find_library(std::string_view soname) const;
};

/// Alpine's name for the architecture of an ELF file ("x86_64", "aarch64", "armhf", "x86",
/// "riscv64", "ppc64le", "s390x", "loongarch64"); nothing if Alpine has none for it.
[[nodiscard]] std::optional<std::string> alpine_arch(const model::ElfFacts& facts);

/// Alpine's name for an OCI platform ("linux/arm64" is "aarch64").
[[nodiscard]] std::optional<std::string> alpine_arch_of_platform(std::string_view platform);

/// Builds the profile for "alpine:3.22". "3.22" and a patch release ("alpine:3.22.1") are accepted
/// too, "alpine" and "alpine:latest" mean the newest. gcompat's files are not part of a target:
/// they satisfy names without having what is behind them. Errors: usage "unknown-target" naming the
/// known releases; "unknown-arch" naming those it has.
[[nodiscard]] core::Result<Target> make_target(const rules::RuleSet& rules, std::string_view name,
                                               std::string_view arch);

/// The target with Alpine's gcompat installed: glibc's loader exists and starts musl with
/// libgcompat preloaded, and the sonames that are links to that library have its symbols. Nothing
/// if the release is not known to have the package, or not for this architecture.
[[nodiscard]] std::optional<Target> with_gcompat(const Target& target, const rules::RuleSet& rules);

/// The version of gcompat that the target's release has; null if none is known.
[[nodiscard]] const rules::GcompatVersion* find_gcompat(const Target& target,
                                                        const rules::RuleSet& rules);

}  // namespace muslcheck::target
