#pragma once
/// musl's dynamic loader (ldso/dynlink.c) as a pure function: what it would say about an object
/// that is started or dlopened on a given file system and target.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "muslcheck/model/elf_facts.hpp"
#include "muslcheck/model/module.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::loader {

/// What open(2) and the first read would say about a path.
struct FoundFile {
  enum class Kind {
    absent,           ///< ENOENT
    not_a_directory,  ///< ENOTDIR
    denied,           ///< EACCES
    too_many_links,   ///< ELOOP: stops the search
    directory,        ///< opens, cannot be read: "Is a directory"
    not_elf,          ///< opens, cannot be loaded: "Exec format error"
    unreadable,       ///< an ELF file that this program could not examine
    elf,
  };
  Kind kind = Kind::absent;
  /// Path without symbolic links: the identity (device and inode) of an elf or unreadable file.
  std::string real_path;
  /// For elf; outlives the call to load(). Null only where `real_path` is the target's own loader.
  const model::ElfFacts* facts = nullptr;
};

/// The moved file system: payload files over the bare target. Paths are absolute but otherwise as
/// the loader composes them: they may hold "//", "." and "..", which the view follows as the kernel
/// does. Libraries of the target (Target::libraries) and its loader need not be in the view.
class FileView {
 public:
  virtual ~FileView() = default;
  [[nodiscard]] virtual FoundFile open(std::string_view path) const = 0;
};

enum class Mode {
  start,        ///< execve: interpreter, then everything bound at once
  list,         ///< `ldd`: as start, without needing an interpreter; also for libraries
  dlopen_now,   ///< dlopen(RTLD_NOW) from a host
  dlopen_lazy,  ///< dlopen(RTLD_LAZY) from a host
};

/// The process that dlopens a module, as it is on the target.
struct HostProcess {
  std::string name;  ///< for texts; may be empty
  /// The host's own ELF file, if its exports are known; null otherwise. It may be the glibc build
  /// of the host: only what it defines itself counts, not what it copied from a library.
  const model::ElfFacts* executable = nullptr;
  std::string executable_path;             ///< for $ORIGIN of the main program's rpath
  std::vector<std::string> provides;       ///< globs over names that it has beside those
  std::vector<std::string> loaded_before;  ///< sonames already in the process
  /// It has symbols for modules, but which ones is not known: its file is not there, and there are
  /// too many to list (PostgreSQL). What a module lacks is then taken for the host's.
  bool exports_unknown = false;
};

/// Hash tables over the symbols of ElfFacts, kept between calls of load(): the same libraries are
/// searched again for every module. Thread-safe. Keyed by address: the facts must outlive the
/// cache and must not change.
class SymbolIndexCache {
 public:
  SymbolIndexCache();
  ~SymbolIndexCache();
  SymbolIndexCache(const SymbolIndexCache&) = delete;
  SymbolIndexCache& operator=(const SymbolIndexCache&) = delete;

  struct Impl;  ///< private to the module
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Libraries of the image by soname, replaced ones too. The target's library of the same name is
/// the same one built for musl, so where its exports are not known these tell what it has. The
/// facts outlive the call.
using OldLibraries = std::unordered_map<std::string_view, const model::ElfFacts*>;

struct LoadRequest {
  std::string path;  ///< absolute path of the object on the moved file system
  const model::ElfFacts* object = nullptr;
  Mode mode = Mode::start;
  HostProcess host;                     ///< for the dlopen modes
  std::string ld_library_path;          ///< as in the environment; empty for none
  std::vector<std::string> ld_preload;  ///< paths or names, in order
  /// For relative names and search directories. Empty: unknown, and they count as absent.
  std::string working_directory;
  const OldLibraries* old_libraries = nullptr;  ///< may be null
  SymbolIndexCache* symbol_indexes = nullptr;   ///< shared between calls; may be null
};

/// Runs the model. `errors` has everything that is wrong, in musl's order, also where dlopen
/// would stop at the first: people need the whole list, and the first is what they see.
///
/// Texts are musl's own. Where musl says nothing they are what people see instead:
///  - interpreter_missing, and a program of another architecture (library_unusable): the container
///    engine's "exec PATH: no such file or directory", "exec PATH: exec format error";
///  - relr_ignored, hash_missing: "Segmentation fault";
///  - a deferred symbol (`lazy`): what dlopen(RTLD_NOW) would say; the call itself is a SIGSEGV.
///
/// A missing interpreter does not end the model: what follows is what would still be wrong with
/// another interpreter (patchelf, gcompat). A program whose interpreter is in the image and is not
/// musl is `unknown`. Setuid programs are treated as ordinary ones.
/// In the modes start and list, `libraries` also has the LD_PRELOAD names (needed_by "LD_PRELOAD"),
/// whose absence is no error. In the dlopen modes errors of what the host loaded before are left
/// out: they are the host's own.
[[nodiscard]] model::LoadResult load(const LoadRequest& request, const FileView& files,
                                     const target::Target& target);

/// True for a name that musl answers itself whatever follows: libc. libpthread. librt. libm.
/// libdl. libutil. libxnet. (load_library, `reserved`).
[[nodiscard]] bool is_reserved_library(std::string_view name);

}  // namespace muslcheck::loader
