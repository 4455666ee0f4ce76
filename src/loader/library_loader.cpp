// Loading of objects and of what they need, breadth-first. DT_SONAME is never read: two names are
// the same library if it was searched for under that name before, or if the files are the same.
// Spec: load_library, load_direct_deps, load_preload of musl's ldso/dynlink.c.

#include "loader/library_loader.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "loader/library_search.hpp"
#include "loader/machine.hpp"
#include "loader/messages.hpp"
#include "loader/symbol_lookup.hpp"
#include "muslcheck/core/paths.hpp"

namespace muslcheck::loader {
namespace {

using model::LibraryResolution;
using model::LibrarySource;
using model::LoadErrorKind;

/// What load_library was asked for, and where it says what came of it.
struct Wanted {
  std::string_view name;
  ObjectId needed_by = kNobody;
  LoadErrorKind failure = LoadErrorKind::library_missing;
  LibraryResolution resolution{};
};

ObjectId append(Process& process, Dso object) {
  object.at_startup = !process.running;
  process.objects.push_back(std::move(object));
  return process.objects.size() - 1;
}

ObjectId link_libc(Process& process) {
  if (!process.libc)
    process.libc = append(process, {.kind = Dso::Kind::libc, .name = process.loader_name});
  return *process.libc;
}

std::string searched_name(std::string_view name) {
  return name.find('/') == std::string_view::npos ? std::string(name) : std::string();
}

std::optional<ObjectId> find_by_name(const Process& process, std::string_view name) {
  for (ObjectId id = kMainProgram + 1; id < process.objects.size(); ++id)
    if (process.objects[id].short_name == name) return id;
  return std::nullopt;
}

std::optional<ObjectId> find_by_identity(const Process& process, std::string_view real_path) {
  if (real_path.empty()) return std::nullopt;
  for (ObjectId id = kMainProgram + 1; id < process.objects.size(); ++id)
    if (process.objects[id].real_path == real_path) return id;
  return std::nullopt;
}

bool defines(const Dso& object, std::string_view name) {
  return object_defines(
      object, {.name = name, .hash = SymbolIndex::hash_name(name), .need_definition = true});
}

void report_missing_hash(Process& process, const Dso& object) {
  if (object.facts->has_gnu_hash || object.facts->has_sysv_hash) return;
  process.errors.add({.kind = LoadErrorKind::hash_missing,
                      .subject = "DT_HASH",
                      .needed_by = object.name,
                      .text = crash_message()});
}

/// An object of which only the name is known. Like all others it brings libc with it.
ObjectId append_opaque(Process& process, Dso object) {
  process.assumptions.assume(object.name + " could not be examined and is taken to load");
  object.kind = Dso::Kind::opaque;
  const ObjectId id = append(process, std::move(object));
  link_libc(process);
  return id;
}

ObjectId append_target_library(Process& process, const Wanted& wanted, const Opened& opened) {
  const target::TargetLibrary& library = *opened.library;
  if (library.confidence != model::Confidence::certain)
    process.assumptions.assume(process.target.info.name + " has " + library.soname +
                                   (library.apk.empty() ? std::string() : " in apk " + library.apk),
                               library.confidence);
  const ObjectId id = append(process, {.kind = Dso::Kind::target_library,
                                       .name = opened.path,
                                       .short_name = searched_name(wanted.name),
                                       .library = &library,
                                       .needed_by = wanted.needed_by});
  link_libc(process);
  return id;
}

/// The part of load_library after a successful open.
std::optional<ObjectId> map_file(Process& process, Wanted& wanted, const std::string& path,
                                 const FoundFile& file) {
  if (const auto loaded = find_by_identity(process, file.real_path)) {
    Dso& object = process.objects[*loaded];
    const bool searched = !searched_name(wanted.name).empty();
    if (searched && object.short_name.empty()) object.short_name = core::file_name(object.name);
    return loaded;
  }
  const bool is_elf = file.kind == FoundFile::Kind::elf;
  const bool unusable = file.kind == FoundFile::Kind::directory ||
                        file.kind == FoundFile::Kind::not_elf ||
                        (is_elf && !is_loadable(*file.facts, process.target));
  if (unusable) {
    process.last_error = file.kind == FoundFile::Kind::directory ? EISDIR : ENOEXEC;
    wanted.failure = LoadErrorKind::library_unusable;
    return std::nullopt;
  }
  Dso object{.name = path,
             .short_name = searched_name(wanted.name),
             .real_path = file.real_path,
             .facts = file.facts,
             .needed_by = wanted.needed_by};
  if (!is_elf || file.facts->completeness == model::Completeness::header_only)
    return append_opaque(process, std::move(object));
  object.index = index_of(process.indexes, *file.facts);
  // The symbols by which musl recognises a libc, its own or glibc's, that it must not map twice.
  if (defines(object, "__libc_start_main") && defines(object, "stdin")) {
    wanted.resolution.steps.push_back({path, "a copy of libc: musl itself is used instead"});
    return link_libc(process);
  }
  report_missing_hash(process, object);
  return append(process, std::move(object));
}

std::optional<ObjectId> open_and_map(Process& process, Wanted& wanted) {
  Opened opened = open_library(process, wanted.name, wanted.needed_by);
  wanted.resolution.steps = std::move(opened.steps);
  wanted.resolution.path = opened.path;
  switch (opened.kind) {
    case Opened::Kind::failed: return std::nullopt;
    case Opened::Kind::loader: return link_libc(process);
    case Opened::Kind::target_library: return append_target_library(process, wanted, opened);
    case Opened::Kind::file: return map_file(process, wanted, opened.path, opened.file);
  }
  return std::nullopt;
}

std::optional<ObjectId> load_library(Process& process, Wanted& wanted) {
  if (wanted.name.empty()) {
    process.last_error = EINVAL;
    return std::nullopt;
  }
  if (is_reserved_library(wanted.name) || wanted.name == process.loader_name)
    return link_libc(process);
  if (!searched_name(wanted.name).empty()) {
    if (const auto loaded = find_by_name(process, wanted.name)) return loaded;
    // musl gives up before the first open and prints whatever errno was left.
    if (wanted.name.size() > NAME_MAX) return std::nullopt;
  }
  return open_and_map(process, wanted);
}

LibrarySource source_of(const Process& process, const Dso& object) {
  if (object.kind == Dso::Kind::libc) return LibrarySource::libc;
  if (process.running && object.at_startup) return LibrarySource::host;
  if (object.kind != Dso::Kind::target_library) return LibrarySource::image;
  return object.library->in_base ? LibrarySource::target_base : LibrarySource::installable;
}

void record_resolution(Process& process, Wanted& wanted, std::string needed_by,
                       std::optional<ObjectId> loaded) {
  LibraryResolution& resolution = wanted.resolution;
  resolution.name = wanted.name;
  resolution.needed_by = std::move(needed_by);
  resolution.path.clear();
  if (loaded) {
    const Dso& object = process.objects[*loaded];
    resolution.source = source_of(process, object);
    resolution.path = object.name;
    if (resolution.source == LibrarySource::libc) resolution.path = process.target.loader_path;
    if (object.library != nullptr) {
      resolution.confidence = object.library->confidence;
      if (resolution.source == LibrarySource::installable) resolution.apk = object.library->apk;
    }
  }
  const auto same = [&](const LibraryResolution& other) {
    return other.name == resolution.name && other.needed_by == resolution.needed_by;
  };
  if (std::none_of(process.libraries.begin(), process.libraries.end(), same))
    process.libraries.push_back(std::move(resolution));
}

void report_failure(Process& process, const Wanted& wanted, const std::string& needed_by) {
  process.errors.add({.kind = wanted.failure,
                      .subject = std::string(wanted.name),
                      .needed_by = needed_by,
                      .text = library_message(wanted.name, process.last_error, needed_by)});
}

void load_direct_dependencies(Process& process, ObjectId id) {
  const Dso& object = process.objects[id];
  if (object.kind != Dso::Kind::object) return;
  for (const std::string_view name : object.facts->needed) {
    Wanted wanted{.name = name, .needed_by = id};
    const std::optional<ObjectId> loaded = load_library(process, wanted);
    if (!loaded) report_failure(process, wanted, object.name);
    record_resolution(process, wanted, object.name, loaded);
  }
}

void add_loaded_before(Process& process, const std::string& soname) {
  Wanted wanted{.name = soname, .needed_by = kMainProgram};
  if (load_library(process, wanted)) return;
  append(process, {.kind = Dso::Kind::opaque, .name = soname, .short_name = soname});
}

/// Names that the host's file copied from its libraries; those decide whether they exist.
void note_host_copies(Process& process) {
  const model::ElfFacts& facts = *process.objects[kMainProgram].facts;
  for (const model::RelocationGroup& group : facts.relocations) {
    const auto found = process.target.relocations.find(group.type);
    const bool is_copy =
        found != process.target.relocations.end() && found->second == target::RelocationClass::copy;
    if (is_copy && group.symbol < facts.symbols.size())
      process.host_copies.insert(facts.symbols[group.symbol].name);
  }
}

void add_host(Process& process) {
  const HostProcess& host = process.request.host;
  const model::ElfFacts* facts = host.executable;
  if (facts != nullptr && facts->completeness != model::Completeness::complete) facts = nullptr;
  Dso object{.kind = Dso::Kind::host, .name = host.executable_path, .facts = facts};
  if (facts != nullptr) object.index = index_of(process.indexes, *facts);
  append(process, std::move(object));
  if (facts != nullptr) note_host_copies(process);
  for (const std::string& soname : host.loaded_before) add_loaded_before(process, soname);
  link_libc(process);
}

void preload(Process& process, const std::string& name) {
  Wanted wanted{.name = name};
  const std::optional<ObjectId> loaded = load_library(process, wanted);
  record_resolution(process, wanted, "LD_PRELOAD", loaded);
}

}  // namespace

void add_main_program(Process& process) {
  const LoadRequest& request = process.request;
  if (request.mode == Mode::dlopen_now || request.mode == Mode::dlopen_lazy) {
    add_host(process);
    return;
  }
  const FoundFile file = process.files.open(request.path);
  std::string real_path = file.real_path.empty() ? request.path : file.real_path;
  if (!real_path.starts_with('/')) real_path.insert(0, 1, '/');
  Dso object{.name = request.path,
             .real_path = std::move(real_path),
             .facts = request.object,
             .index = index_of(process.indexes, *request.object)};
  report_missing_hash(process, object);
  append(process, std::move(object));
}

void load_preloads(Process& process) {
  const LoadRequest& request = process.request;
  const bool by_stub = request.mode == Mode::start && !request.object->interpreter.empty() &&
                       is_glibc_stub(process, request.object->interpreter);
  if (by_stub) preload(process, process.target.startup_preload);
  for (const std::string& name : request.ld_preload) preload(process, name);
}

std::optional<ObjectId> load_requested(Process& process) {
  const LoadRequest& request = process.request;
  Wanted wanted{.name = request.path, .needed_by = kMainProgram};
  FoundFile file = process.files.open(request.path);
  if (file.real_path.empty()) file.real_path = request.path;
  file.kind = FoundFile::Kind::elf;
  file.facts = request.object;
  const std::optional<ObjectId> loaded = map_file(process, wanted, request.path, file);
  if (!loaded) report_failure(process, wanted, {});
  return loaded;
}

void load_dependencies(Process& process, ObjectId first) {
  for (ObjectId id = first; id < process.objects.size(); ++id)
    load_direct_dependencies(process, id);
}

}  // namespace muslcheck::loader
