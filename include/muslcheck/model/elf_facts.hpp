#pragma once
/// What one ELF file says about itself, as far as a loader is concerned. A plain value: it can be
/// written by hand in a test, sent between processes and cached.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::model {

/// Owns the characters that the string_views of an ElfFacts refer to. Equal to any other, so that
/// ElfFacts compare by content. Empty in hand-built values, whose views refer to literals.
struct StringStorage {
  std::shared_ptr<const void> bytes;
  bool operator==(const StringStorage&) const { return true; }
};

enum class ElfClass : std::uint8_t { elf32 = 1, elf64 = 2 };
enum class ElfByteOrder : std::uint8_t { little = 1, big = 2 };

/// e_type, as far as it matters here.
enum class ElfType : std::uint8_t { executable, shared, core, other };

/// st_info's binding; everything musl does not accept is `other`.
enum class Binding : std::uint8_t { local, global, weak, gnu_unique, other };

/// st_info's type; everything musl does not accept but IFUNC is `other`.
enum class SymbolType : std::uint8_t {
  none,
  object,
  function,
  section,
  file,
  common,
  tls,
  ifunc,
  other
};

/// One entry of the dynamic symbol table. `library` is filled for symbols whose version is a need
/// (undefined ones and copy-relocated ones): the library it was recorded for ("libc.so.6").
struct Symbol {
  std::string_view name;
  std::string_view version;
  std::string_view library;
  Binding binding = Binding::global;
  SymbolType type = SymbolType::function;
  bool defined = false;   ///< st_shndx != SHN_UNDEF
  bool hidden = false;    ///< bit 15 of its versym entry (`foo@V1`, not `foo@@V1`)
  bool has_value = true;  ///< st_value != 0
  bool operator==(const Symbol&) const = default;
};

/// Which table relocations come from; musl applies them in this order (do_relocs calls of
/// reloc_all, ldso/dynlink.c).
enum class RelocationTable : std::uint8_t { jmprel, rel, rela };

inline constexpr std::uint32_t kNoSymbol = 0xffffffff;

/// All relocations of one table with the same type and symbol.
struct RelocationGroup {
  std::uint32_t type = 0;            ///< R_*_ number, as in the file
  std::uint32_t symbol = kNoSymbol;  ///< index into ElfFacts::symbols; kNoSymbol for index 0
  std::uint64_t count = 1;
  RelocationTable table = RelocationTable::rela;
  bool operator==(const RelocationGroup&) const = default;
};

/// One vernaux record: this object needs `version` of `library`.
struct VersionNeed {
  std::string_view library;
  std::string_view version;
  bool weak = false;  ///< VER_FLG_WEAK
  bool operator==(const VersionNeed&) const = default;
};

/// One version this object defines (first verdaux name), the base version excluded.
using VersionDefinition = std::string_view;

enum class Completeness : std::uint8_t {
  complete,     ///< everything below was read and cross-checked
  header_only,  ///< only the ELF header and program headers could be trusted; see the Problem
};

/// What made a program, where it says so itself.
enum class BuildKind : std::uint8_t {
  unknown,
  go,              ///< Go's build information
  rust,            ///< cargo auditable's list of crates
  dotnet_apphost,  ///< starts an application that lies beside it
  dotnet_bundle,   ///< .NET single file: the application is inside
};

/// What a build tool wrote into a program.
struct EmbeddedBuild {
  BuildKind kind = BuildKind::unknown;
  std::string toolchain;  ///< "go1.22.1"
  std::string name;       ///< module path or crate: "github.com/acme/shop"
  std::string version;    ///< "v1.4.0", "1.4.0"; empty for a build of uncommitted sources
  std::string settings;   ///< what matters here: "CGO_ENABLED=1"
  bool operator==(const EmbeddedBuild&) const = default;
};

struct ElfFacts {
  // ELF header
  ElfClass elf_class = ElfClass::elf64;
  ElfByteOrder byte_order = ElfByteOrder::little;
  std::uint16_t machine = 0;  ///< e_machine, EM_* of elf.h
  std::uint32_t flags = 0;    ///< e_flags
  std::uint8_t os_abi = 0;    ///< e_ident[EI_OSABI]
  ElfType type = ElfType::shared;

  // Program headers
  std::string_view interpreter;  ///< PT_INTERP without its NUL; empty if there is none
  bool has_dynamic = true;       ///< PT_DYNAMIC is present; false in a static program
  bool has_tls = false;          ///< PT_TLS is present
  bool has_gnu_stack = false;
  std::uint32_t stack_flags = 0;  ///< p_flags of PT_GNU_STACK
  std::uint64_t stack_size = 0;   ///< p_memsz of PT_GNU_STACK, bytes

  // Dynamic table
  std::string_view soname;
  std::vector<std::string_view> needed;  ///< in file order, which is search order
  std::string_view rpath;                ///< DT_RPATH, raw
  std::string_view runpath;              ///< DT_RUNPATH, raw
  std::uint64_t dt_flags = 0;            ///< DT_FLAGS
  std::uint64_t dt_flags_1 = 0;          ///< DT_FLAGS_1
  bool bind_now = false;                 ///< DT_BIND_NOW, DF_BIND_NOW or DF_1_NOW
  bool static_tls = false;               ///< DF_STATIC_TLS
  bool text_relocations = false;         ///< DT_TEXTREL (DF_TEXTREL alone does not count for musl)
  bool has_relr = false;                 ///< DT_RELR with a size
  bool has_sysv_hash = false;            ///< DT_HASH
  bool has_gnu_hash = true;              ///< DT_GNU_HASH

  // Versions, symbols, relocations
  std::vector<VersionNeed> version_needs;
  std::vector<VersionDefinition> version_definitions;
  std::vector<Symbol> symbols;               ///< without the null entry at index 0
  std::vector<RelocationGroup> relocations;  ///< grouped, in order of first occurrence
  std::uint64_t relative_relocations = 0;    ///< counted, not listed

  // Notes and content
  std::string build_id;  ///< lower-case hex; empty if there is none
  std::string_view
      abi_note;  ///< owner of an ABI note: "GNU", "Android", "FreeBSD", "NetBSD", "OpenBSD"
  bool has_go_build_id = false;  ///< a Go note: a Go program
  EmbeddedBuild build;
  /// Those of collect's watched strings that are in the file, sorted: what a program asks of
  /// functions by text ("//TRANSLIT" of iconv_open, "fopen64" of dlsym).
  std::vector<std::string> mentions;
  Completeness completeness = Completeness::complete;

  StringStorage storage;
  bool operator==(const ElfFacts&) const = default;
};

/// True if the file asks for a symbol of that name.
[[nodiscard]] bool imports(const ElfFacts& facts, std::string_view name);

/// Human spelling of e_machine with class and order as Alpine and Debian name architectures
/// ("x86_64", "aarch64"); "machine 183" for one without a name here.
[[nodiscard]] std::string machine_name(const ElfFacts& facts);

}  // namespace muslcheck::model
