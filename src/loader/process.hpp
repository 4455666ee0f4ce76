#pragma once
/// The state of the loader model: musl's list of loaded objects, and what was found wrong so far.

#include <cstddef>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "loader/error_log.hpp"
#include "loader/symbol_index.hpp"
#include "muslcheck/loader/loader.hpp"
#include "muslcheck/model/module.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::loader {

/// Index into Process::objects.
using ObjectId = std::size_t;
inline constexpr ObjectId kMainProgram = 0;  ///< `head` in musl
inline constexpr ObjectId kNobody = std::numeric_limits<ObjectId>::max();

/// One loaded object (`struct dso`).
struct Dso {
  enum class Kind {
    object,          ///< an ELF file of the view, with facts and index
    libc,            ///< musl itself
    target_library,  ///< a library of the target, with `library`
    opaque,          ///< a file or library of which nothing is known
    host,            ///< the program that dlopens; facts may be null
  };
  Kind kind = Kind::object;
  std::string name;        ///< as opened; FILE in messages
  std::string short_name;  ///< answers a later search for this name; empty for none
  std::string real_path;   ///< identity; empty where there is none
  const model::ElfFacts* facts = nullptr;
  std::shared_ptr<const SymbolIndex> index;
  const target::TargetLibrary* library = nullptr;
  ObjectId needed_by = kNobody;  ///< rpaths are inherited along this chain
  bool at_startup = true;        ///< loaded before the program ran: its TLS is static
};

struct Process {
  const LoadRequest& request;
  const FileView& files;
  const target::Target& target;
  SymbolIndexCache& indexes;

  std::string loader_name;    ///< a needed name equal to this is musl itself
  std::deque<Dso> objects{};  ///< in load order, which is also the order of symbol search
  std::optional<ObjectId> libc{};
  std::unordered_set<std::string_view> host_copies{};  ///< names the host copied from a library
  bool running = false;  ///< start-up is over: what is loaded now was dlopened (`runtime`)
  int last_error = 0;    ///< errno as musl's %m would see it

  ErrorLog errors{};
  AssumptionLog assumptions{};
  std::vector<model::LibraryResolution> libraries{};
};

/// Absolute form of a path as the loader uses it; nothing for a relative path in an unknown
/// working directory.
[[nodiscard]] std::optional<std::string> absolute_path(const Process& process,
                                                       std::string_view path);

/// Whether `path` names the target's own loader, written with or without a leading slash.
[[nodiscard]] bool is_target_loader(const Process& process, std::string_view path);

/// Whether `path` names a stand-in for glibc's loader that starts musl (gcompat).
[[nodiscard]] bool is_glibc_stub(const Process& process, std::string_view path);

}  // namespace muslcheck::loader
