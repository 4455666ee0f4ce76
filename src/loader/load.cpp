// The model from one end to the other, in musl's order: at start-up everything is loaded, then
// the libraries are relocated, then the program (__dls3); dlopen adds an object and what it needs
// to a running process (dlopen). Spec: musl's ldso/dynlink.c. Nothing is read but the values that
// are passed in; the same values give the same answer.

#include <elf.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "loader/exec.hpp"
#include "loader/library_loader.hpp"
#include "loader/machine.hpp"
#include "loader/messages.hpp"
#include "loader/process.hpp"
#include "loader/relocator.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/loader/loader.hpp"

namespace muslcheck::loader {
namespace {

using model::LoadErrorKind;
using model::Outcome;

bool is_program(const model::ElfFacts& facts) {
  return facts.type == model::ElfType::executable || !facts.interpreter.empty() ||
         (facts.dt_flags_1 & DF_1_PIE) != 0;
}

Outcome outcome_of_failure(const LoadRequest& request) {
  switch (request.mode) {
    case Mode::start: return Outcome::fails_to_start;
    case Mode::list:
      return is_program(*request.object) ? Outcome::fails_to_start : Outcome::fails_to_load;
    case Mode::dlopen_now:
    case Mode::dlopen_lazy: return Outcome::fails_to_load;
  }
  return Outcome::fails_to_load;
}

model::LoadResult finish(Process& process) {
  model::LoadResult result;
  result.errors = process.errors.take();
  result.libraries = std::move(process.libraries);
  process.assumptions.move_to(result);
  const bool fails = std::any_of(result.errors.begin(), result.errors.end(),
                                 [](const model::LoadError& error) { return error.fatal; });
  if (fails) {
    result.outcome = outcome_of_failure(process.request);
  } else {
    result.outcome = result.errors.empty() ? Outcome::loads : Outcome::loads_lazily;
  }
  return result;
}

model::LoadResult unknown(Process& process, std::string why) {
  process.assumptions.assume(std::move(why));
  model::LoadResult result = finish(process);
  result.outcome = Outcome::unknown;
  return result;
}

model::LoadResult unreadable(Process& process) {
  return unknown(process, process.request.path + " could not be examined");
}

bool is_complete(const model::ElfFacts& facts) {
  return facts.completeness == model::Completeness::complete;
}

/// What a program does to load itself, the kernel's part left out.
model::LoadResult start_up(Process& process) {
  add_main_program(process);
  load_preloads(process);
  load_dependencies(process, kMainProgram);
  relocate_from(process, kMainProgram + 1);
  relocate_main_program(process);
  return finish(process);
}

void report_not_dynamic(Process& process, std::string text) {
  process.errors.add({.kind = LoadErrorKind::not_dynamic,
                      .subject = process.request.path,
                      .needed_by = process.request.path,
                      .text = std::move(text)});
}

/// What musl takes for its own name: the interpreter as the kernel got it, or what the stand-in for
/// glibc's loader says, which is its file name.
std::string name_of_loader(const Process& process, std::string_view interpreter) {
  return std::string(is_glibc_stub(process, interpreter) ? core::file_name(interpreter)
                                                         : interpreter);
}

model::LoadResult run_start(Process& process) {
  const LoadRequest& request = process.request;
  ExecResult exec = check_exec(process);
  const bool refused = exec.error.has_value();
  if (refused) process.errors.add(std::move(*exec.error));
  switch (exec.kind) {
    case ExecResult::Kind::runs_alone:
    case ExecResult::Kind::refused: return finish(process);
    case ExecResult::Kind::other_loader:
      return unknown(process, request.path + " is started by " +
                                  std::string(request.object->interpreter) +
                                  " of the image, which is not the target's loader");
    case ExecResult::Kind::musl: break;
  }
  if (!is_complete(*request.object)) return refused ? finish(process) : unreadable(process);
  if (!request.object->has_dynamic) {
    // The kernel has mapped it, and musl looks for a dynamic table without asking.
    report_not_dynamic(process, crash_message());
    return finish(process);
  }
  if (!refused && !request.object->interpreter.empty())
    process.loader_name = name_of_loader(process, request.object->interpreter);
  return start_up(process);
}

model::LoadResult run_list(Process& process) {
  const model::ElfFacts& facts = *process.request.object;
  if (!is_loadable(facts, process.target)) {
    report_not_dynamic(process,
                       not_dynamic_message(process.target.loader_path, process.request.path));
    return finish(process);
  }
  if (!is_complete(facts)) return unreadable(process);
  if (!facts.interpreter.empty()) process.loader_name = facts.interpreter;
  return start_up(process);
}

/// The host as it is before the dlopen. Whether it could start at all is not asked here.
void start_host(Process& process) {
  add_main_program(process);
  load_preloads(process);
  load_dependencies(process, kMainProgram + 1);
  process.errors = {};
  process.libraries = {};
  process.running = true;
}

model::LoadResult run_dlopen(Process& process) {
  const model::ElfFacts& facts = *process.request.object;
  if (!is_complete(facts) && is_loadable(facts, process.target)) return unreadable(process);
  start_host(process);
  const ObjectId first_new = process.objects.size();
  if (const std::optional<ObjectId> loaded = load_requested(process);
      loaded && *loaded >= first_new) {
    load_dependencies(process, first_new);
    relocate_from(process, first_new);
  }
  return finish(process);
}

}  // namespace

model::LoadResult load(const LoadRequest& request, const FileView& files,
                       const target::Target& target) {
  SymbolIndexCache own_indexes;
  SymbolIndexCache& indexes = request.symbol_indexes ? *request.symbol_indexes : own_indexes;
  Process process{.request = request,
                  .files = files,
                  .target = target,
                  .indexes = indexes,
                  .loader_name = target.loader_path};
  if (request.object == nullptr) return unreadable(process);
  switch (request.mode) {
    case Mode::start: return run_start(process);
    case Mode::list: return run_list(process);
    case Mode::dlopen_now:
    case Mode::dlopen_lazy: return run_dlopen(process);
  }
  return finish(process);
}

}  // namespace muslcheck::loader
