// The search for a library file, with a record of every place looked at. Spec: the second half of
// load_library, path_open and fixup_rpath of musl's ldso/dynlink.c. /etc/ld-musl-ARCH.path is not
// read: a bare Alpine has none.

#include "loader/library_search.hpp"

#include <cerrno>
#include <utility>

#include "loader/search_path.hpp"
#include "muslcheck/core/paths.hpp"

namespace muslcheck::loader {
namespace {

enum class Searched { found, not_found, stopped };

int error_of(FoundFile::Kind kind) {
  switch (kind) {
    case FoundFile::Kind::absent: return ENOENT;
    case FoundFile::Kind::not_a_directory: return ENOTDIR;
    case FoundFile::Kind::denied: return EACCES;
    case FoundFile::Kind::too_many_links: return ELOOP;
    case FoundFile::Kind::directory:
    case FoundFile::Kind::not_elf:
    case FoundFile::Kind::unreadable:
    case FoundFile::Kind::elf: return 0;
  }
  return ENOENT;
}

const char* step_result(FoundFile::Kind kind) {
  switch (kind) {
    case FoundFile::Kind::absent: return "absent";
    case FoundFile::Kind::not_a_directory: return "not below a directory";
    case FoundFile::Kind::denied: return "permission denied";
    case FoundFile::Kind::too_many_links: return "symbolic link loop";
    case FoundFile::Kind::directory: return "a directory";
    case FoundFile::Kind::not_elf: return "not an ELF file";
    case FoundFile::Kind::unreadable: return "an ELF file that could not be examined";
    case FoundFile::Kind::elf: return "found";
  }
  return "absent";
}

bool continues_search(int error) { return error == ENOENT || error == ENOTDIR || error == EACCES; }

class Search {
 public:
  Search(Process& process, std::string_view name) : process_(process), name_(name) {}

  void open_by_path();
  Searched search_environment();
  Searched search_rpaths(ObjectId needed_by);
  Searched search_target();
  Opened take() { return std::move(opened_); }

 private:
  /// One open(2). On failure remembers errno.
  bool open_at(const std::string& path);
  Searched search_directories(const std::vector<std::string_view>& directories);
  bool take_from_target(const std::string& path);
  void set_error(int error, const std::string& path, std::string result);
  bool found_loader(const std::string& path);
  std::optional<std::string> rpath_of(ObjectId id) const;
  std::string origin_of(ObjectId id) const;

  Process& process_;
  std::string_view name_;
  Opened opened_;
};

void Search::set_error(int error, const std::string& path, std::string result) {
  opened_.error = error;
  process_.last_error = error;
  opened_.steps.push_back({path, std::move(result)});
}

bool Search::found_loader(const std::string& path) {
  opened_.steps.push_back({path, "musl itself"});
  opened_.kind = Opened::Kind::loader;
  opened_.path = path;
  return true;
}

bool Search::open_at(const std::string& path) {
  const std::optional<std::string> absolute = absolute_path(process_, path);
  if (!absolute) {
    set_error(ENOENT, path, "relative to an unknown directory");
    return false;
  }
  if (is_target_loader(process_, *absolute)) return found_loader(path);
  FoundFile file = process_.files.open(*absolute);
  if (const int error = error_of(file.kind); error != 0) {
    set_error(error, path, step_result(file.kind));
    return false;
  }
  if (file.kind == FoundFile::Kind::elf && file.facts == nullptr) {
    if (is_target_loader(process_, file.real_path)) return found_loader(path);
    file.kind = FoundFile::Kind::unreadable;
  }
  opened_.steps.push_back({path, step_result(file.kind)});
  opened_.kind = Opened::Kind::file;
  opened_.path = path;
  opened_.file = std::move(file);
  return true;
}

Searched Search::search_directories(const std::vector<std::string_view>& directories) {
  for (const std::string_view directory : directories) {
    const std::string path = std::string(directory).append("/").append(name_);
    if (path.size() >= kPathBuffer) {
      opened_.steps.push_back({path, "longer than the loader's buffer"});
      continue;
    }
    if (open_at(path)) return Searched::found;
    if (!continues_search(opened_.error)) return Searched::stopped;
  }
  return Searched::not_found;
}

Searched Search::search_environment() {
  return search_directories(split_search_path(process_.request.ld_library_path));
}

std::string Search::origin_of(ObjectId id) const {
  const LoadRequest& request = process_.request;
  if (id != kMainProgram) return process_.objects[id].name;
  // The kernel knows the main program: /proc/self/exe, without symbolic links. With --list it is
  // mapped by the loader, which knows only the name that it was given.
  switch (request.mode) {
    case Mode::list: return request.path;
    case Mode::start: return process_.objects[id].real_path;
    case Mode::dlopen_now:
    case Mode::dlopen_lazy: return request.host.executable_path;
  }
  return {};
}

std::optional<std::string> Search::rpath_of(ObjectId id) const {
  const Dso& object = process_.objects[id];
  if (object.facts == nullptr) return std::nullopt;
  const std::string_view rpath =
      object.facts->runpath.empty() ? object.facts->rpath : object.facts->runpath;
  if (rpath.empty()) return std::nullopt;
  if (!mentions_origin(rpath)) return std::string(rpath);
  const std::string origin = origin_of(id);
  const bool from_kernel = id == kMainProgram && process_.request.mode != Mode::list;
  if (from_kernel && (origin.empty() || origin.size() >= kPathBuffer)) return std::nullopt;
  return expand_rpath(rpath, origin);
}

Searched Search::search_rpaths(ObjectId needed_by) {
  for (ObjectId id = needed_by; id != kNobody; id = process_.objects[id].needed_by) {
    const std::optional<std::string> rpath = rpath_of(id);
    if (!rpath) continue;
    const Searched searched = search_directories(split_search_path(*rpath));
    if (searched != Searched::not_found) return searched;
  }
  return Searched::not_found;
}

Searched Search::search_target() {
  const std::vector<std::string>& path = process_.target.library_path;
  const Searched searched = search_directories({path.begin(), path.end()});
  if (searched != Searched::not_found) return searched;
  // In which of its directories the package puts it is not recorded; most are in the last.
  const std::string directory = path.empty() ? "/usr/lib" : path.back();
  return take_from_target(directory + "/" + std::string(name_)) ? Searched::found
                                                                : Searched::not_found;
}

bool Search::take_from_target(const std::string& path) {
  const target::TargetLibrary* library = process_.target.find_library(core::file_name(name_));
  if (library == nullptr) return false;
  const std::string& where = process_.target.info.name;
  opened_.kind = Opened::Kind::target_library;
  opened_.library = library;
  opened_.path = path;
  opened_.steps.push_back({path, library->in_base
                                     ? "part of " + where
                                     : "apk package " + library->apk + " of " + where});
  return true;
}

void Search::open_by_path() {
  const std::string path(name_);
  if (open_at(path) || !continues_search(opened_.error)) return;
  // The file itself is not in the view, but it may be one of the target's.
  for (const std::string& directory : process_.target.library_path)
    if (core::parent_path(path) == directory && take_from_target(path)) return;
}

}  // namespace

Opened open_library(Process& process, std::string_view name, ObjectId needed_by) {
  Search search(process, name);
  if (name.find('/') != std::string_view::npos) {
    search.open_by_path();
    return search.take();
  }
  Searched searched = search.search_environment();
  if (searched == Searched::not_found) searched = search.search_rpaths(needed_by);
  if (searched == Searched::not_found) search.search_target();
  return search.take();
}

}  // namespace muslcheck::loader
