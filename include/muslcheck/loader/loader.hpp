#pragma once
/// musl's dynamic loader (ldso/dynlink.c) as a pure function: what it would say about an object
/// that is started or dlopened on a given file system and target.

#include <string>
#include <string_view>
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
  std::string real_path;                   ///< identity (device and inode) for elf
  const model::ElfFacts* facts = nullptr;  ///< for elf; outlives the call to load()
};

/// The moved file system: payload files over the bare target. Paths are absolute.
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
  /// The host's own ELF file, if its exports are known; null otherwise.
  const model::ElfFacts* executable = nullptr;
  std::string executable_path;             ///< for $ORIGIN of the main program's rpath
  std::vector<std::string> provides;       ///< globs over symbol names, when `executable` is null
  std::vector<std::string> loaded_before;  ///< sonames already in the process
};

struct LoadRequest {
  std::string path;  ///< absolute path of the object on the moved file system
  const model::ElfFacts* object = nullptr;
  Mode mode = Mode::start;
  HostProcess host;                     ///< for the dlopen modes
  std::string ld_library_path;          ///< as in the environment; empty for none
  std::vector<std::string> ld_preload;  ///< paths or names, in order
};

/// Runs the model. `errors` has everything that is wrong, in musl's order, also where dlopen
/// would stop at the first: people need the whole list, and the first is what they see.
[[nodiscard]] model::LoadResult load(const LoadRequest& request, const FileView& files,
                                     const target::Target& target);

/// True for a name that musl answers itself whatever follows: libc. libpthread. librt. libm.
/// libdl. libutil. libxnet. (load_library, `reserved`).
[[nodiscard]] bool is_reserved_library(std::string_view name);

}  // namespace muslcheck::loader
