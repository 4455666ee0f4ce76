// Before musl: the kernel refuses programs of another architecture (ENOEXEC) and opens PT_INTERP;
// if that fails execve fails with its error, which a shell reports as "not found" and a container
// engine as "no such file or directory". Spec: load_elf_binary of Linux's fs/binfmt_elf.c.

#include "loader/exec.hpp"

#include <cerrno>
#include <utility>

#include "loader/machine.hpp"
#include "loader/messages.hpp"
#include "loader/symbol_lookup.hpp"

namespace muslcheck::loader {
namespace {

using Kind = ExecResult::Kind;

ExecResult refuse(const Process& process, Kind kind, model::LoadErrorKind error_kind,
                  std::string subject, int error) {
  const std::string& path = process.request.path;
  return {kind, model::LoadError{.kind = error_kind,
                                 .subject = std::move(subject),
                                 .needed_by = path,
                                 .text = exec_message(path, error)}};
}

ExecResult refuse_interpreter(const Process& process, int error) {
  return refuse(process, Kind::musl, model::LoadErrorKind::interpreter_missing,
                std::string(process.request.object->interpreter), error);
}

/// musl's loader and libc are one file; glibc's loader defines no stdin.
bool is_musl(const Process& process, const FoundFile& file) {
  if (is_target_loader(process, file.real_path)) return true;
  if (file.facts == nullptr || file.facts->completeness != model::Completeness::complete)
    return false;
  const Dso loader{.facts = file.facts, .index = index_of(process.indexes, *file.facts)};
  const auto defines = [&](std::string_view name) {
    return object_defines(
        loader, {.name = name, .hash = SymbolIndex::hash_name(name), .need_definition = true});
  };
  return defines("__libc_start_main") && defines("stdin");
}

ExecResult check_interpreter(const Process& process) {
  const auto path = absolute_path(process, process.request.object->interpreter);
  if (!path) return refuse_interpreter(process, ENOENT);
  if (is_target_loader(process, *path)) return {};
  if (is_glibc_stub(process, *path)) return {};
  const FoundFile file = process.files.open(*path);
  switch (file.kind) {
    case FoundFile::Kind::absent: return refuse_interpreter(process, ENOENT);
    case FoundFile::Kind::not_a_directory: return refuse_interpreter(process, ENOTDIR);
    case FoundFile::Kind::denied:
    case FoundFile::Kind::directory: return refuse_interpreter(process, EACCES);
    case FoundFile::Kind::too_many_links: return refuse_interpreter(process, ELOOP);
    case FoundFile::Kind::not_elf: return refuse_interpreter(process, ELIBBAD);
    case FoundFile::Kind::unreadable:
    case FoundFile::Kind::elf: break;
  }
  return {is_musl(process, file) ? Kind::musl : Kind::other_loader, {}};
}

}  // namespace

ExecResult check_exec(const Process& process) {
  const model::ElfFacts& facts = *process.request.object;
  const bool is_program =
      facts.type == model::ElfType::executable || facts.type == model::ElfType::shared;
  if (!is_program || !is_runnable(facts, process.target))
    return refuse(process, Kind::refused, model::LoadErrorKind::library_unusable,
                  process.request.path, ENOEXEC);
  if (facts.interpreter.empty()) return {facts.needed.empty() ? Kind::runs_alone : Kind::musl, {}};
  ExecResult result = check_interpreter(process);
  // A 32-bit program needs a 32-bit musl beside the target's own, which is not modelled.
  if (result.kind == Kind::musl && facts.elf_class != process.target.elf_class)
    result.kind = result.error ? Kind::refused : Kind::other_loader;
  return result;
}

}  // namespace muslcheck::loader
