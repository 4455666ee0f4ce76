// Each module is loaded the way it really is: programs by the kernel, plugins by their host's
// dlopen, libraries by whatever needs them. So executables and plugins are run through the
// loader model first; a library's outcome is then what those loads said about it, because its
// search path, its scope and the symbols it may use are its needers'. Only a library that
// nothing in the image needs is loaded on its own, strictly, and its confidence says so.
//
// A module that its host never opens on musl is not judged by what is in it. What only such
// modules need is not loaded either, and is inert.

#include "migrate/judge.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "migrate/lost_symbols.hpp"
#include "migrate/processes.hpp"
#include "migrate/programs.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/loader/loader.hpp"
#include "muslcheck/runtimes/hosts.hpp"

namespace muslcheck::migrate {

using model::Disposition;
using model::LoadError;
using model::Module;
using model::Outcome;
using model::Role;

namespace {

/// The loader names objects as it opened them ("/app/lib/../x.so"); everything after it compares
/// in-image paths. A name that is no file of the image (the host, LD_PRELOAD) stays.
std::string in_image_path(const std::string& name, const filesystem::FileTree& tree) {
  if (!name.starts_with('/')) return name;
  const filesystem::Lookup lookup = tree.lookup(name);
  return lookup.status == filesystem::LookupStatus::found ? lookup.real_path : name;
}

/// Files of the target keep the absolute path that all its libraries have.
void tell_target_files(model::LoadResult& load, const MovedFiles& files) {
  for (model::LibraryResolution& library : load.libraries)
    if (library.source == model::LibrarySource::image && files.is_of_target(library.path))
      library.source = model::LibrarySource::target_base;
}

void use_in_image_paths(model::LoadResult& load, const filesystem::FileTree& tree) {
  for (LoadError& error : load.errors) error.needed_by = in_image_path(error.needed_by, tree);
  for (model::LibraryResolution& library : load.libraries) {
    library.needed_by = in_image_path(library.needed_by, tree);
    if (library.source == model::LibrarySource::image)
      library.path = in_image_path(library.path, tree);
  }
}

Outcome outcome_of(const std::vector<LoadError>& errors, Role role) {
  const bool fatal =
      std::any_of(errors.begin(), errors.end(), [](const LoadError& e) { return e.fatal; });
  if (fatal) return role == Role::executable ? Outcome::fails_to_start : Outcome::fails_to_load;
  return errors.empty() ? Outcome::loads : Outcome::loads_lazily;
}

/// What the model takes for granted (that a library exports what is asked of it) can only make a
/// module load: a failure is certain all the same.
model::Confidence confidence_of(const model::LoadResult& load) {
  return model::fails(load.outcome) ? model::Confidence::certain : load.confidence;
}

/// The image's libraries by soname, those of the old base first. One that no search finds (npm
/// drops the links that bear the soname) still tells what a library of its name has.
loader::OldLibraries find_old_libraries(const std::vector<Module>& modules,
                                        const filesystem::FileTree& tree) {
  loader::OldLibraries libraries;
  for (const Disposition disposition : {Disposition::replaced, Disposition::payload})
    for (const Module& module : modules) {
      const model::ElfFacts& facts = *tree.find(module.path)->elf;
      if (module.disposition == disposition && !facts.soname.empty() &&
          facts.completeness == model::Completeness::complete)
        libraries.emplace(facts.soname, &facts);
    }
  return libraries;
}

/// A module that asks for its language's library itself (plperl.so for libperl.so.5.36) is loaded
/// by a program that is not that language's.
bool brings_runtime(const model::ElfFacts& facts, const model::Host& host) {
  const auto is_runtime = [&](std::string_view library) {
    return std::any_of(host.executables.begin(), host.executables.end(),
                       [&](const std::string& glob) {
                         return core::matches_glob(core::file_name(glob), library);
                       });
  };
  return std::any_of(facts.needed.begin(), facts.needed.end(), is_runtime);
}

class Judge {
 public:
  Judge(std::vector<Module>& modules, const ImageFacts& image, const MovedFiles& files,
        const target::Target& target, const rules::RuleSet& rules, const std::string& preload)
      : modules_(modules),
        image_(image),
        files_(files),
        target_(target),
        rules_(rules),
        old_libraries_(find_old_libraries(modules, image.tree)),
        programs_(modules, image.tree),
        any_program_(make_any_program(target)) {
    const auto& env = image.source.config.env;
    library_path_ = environment_value(env, "LD_LIBRARY_PATH");
    preload_ = split_preload(environment_value(env, "LD_PRELOAD"));
    if (!preload.empty()) preload_.insert(preload_.begin(), preload);
    own_preload_ = preload;
    const runtimes::RuntimeFinder finder(image.tree);
    for (const model::Host& host : rules.hosts)
      processes_.emplace(host.id, make_process(host, finder, target));
  }

  void run() {
    for (Module& module : modules_)
      if (is_passed_over(module)) follow_passed_over(module);
    for (Module& module : modules_)
      if (is_judged(module) && module.role != Role::library) judge_directly(module);
    for (Module& module : modules_)
      if (is_judged(module) && module.role == Role::library) judge_library(module);
    LostSymbols lost(old_libraries_);
    for (Module& module : modules_) lost.attribute(module.load);
  }

 private:
  static bool is_judged(const Module& module) {
    return module.disposition == Disposition::payload && !module.missing_variant;
  }

  /// True for what no host opens on musl: another file is taken, or there is none to take.
  static bool is_passed_over(const Module& module) {
    return module.disposition == Disposition::inert || module.missing_variant.has_value();
  }

  /// Notes which libraries the module would have loaded, and what its host says instead.
  void follow_passed_over(Module& module) {
    const model::LoadResult load = loader::load(request_for(module), files_, target_);
    for (const model::LibraryResolution& library : load.libraries)
      if (library.source == model::LibrarySource::image)
        passed_over_needers_.emplace(in_image_path(library.path, image_.tree), &module);
    if (!module.missing_variant) return;
    const model::MissingVariant& missing = *module.missing_variant;
    module.outcome = Outcome::fails_to_load;
    module.confidence = missing.confidence;
    module.load.outcome = module.outcome;
    module.load.confidence = module.confidence;
    module.load.errors = {{.kind = model::LoadErrorKind::variant_missing,
                           .subject = missing.name,
                           .needed_by = module.path,
                           .text = missing.text}};
  }

  const model::ElfFacts& facts_of(const Module& module) const {
    return *image_.tree.find(module.path)->elf;
  }

  const model::Host* host_of(const Module& module) const { return rules_.find_host(module.host); }

  loader::LoadRequest request_for(const Module& module) const {
    loader::LoadRequest request;
    request.path = "/" + module.path;
    request.object = &facts_of(module);
    request.ld_library_path = library_path_;
    request.ld_preload = preload_;
    request.old_libraries = &old_libraries_;
    request.symbol_indexes = &indexes_;
    request.working_directory = image_.source.config.working_directory;
    if (module.role == Role::executable) {
      request.mode = loader::Mode::start;
      return request;
    }
    const model::Host* host = host_of(module);
    if (host != nullptr && host->mode == model::DlopenMode::preload) {
      request.mode = loader::Mode::start;
      request.path = "/" + host->id;
      request.object = &any_program_;
      request.ld_preload = {"/" + module.path};
      if (!own_preload_.empty())
        request.ld_preload.insert(request.ld_preload.begin(), own_preload_);
      return request;
    }
    const bool lazy = host != nullptr && host->mode == model::DlopenMode::lazy;
    request.mode = lazy ? loader::Mode::dlopen_lazy : loader::Mode::dlopen_now;
    if (host != nullptr) request.host = processes_.at(host->id);
    return request;
  }

  void judge_alone(Module& module) const { run_load(module, request_for(module)); }

  void run_load(Module& module, const loader::LoadRequest& request) const {
    module.load = loader::load(request, files_, target_);
    tell_target_files(module.load, files_);
    use_in_image_paths(module.load, image_.tree);
    module.outcome = module.load.outcome;
    module.confidence = confidence_of(module.load);
  }

  /// A module that lacks something, or only loads if a library of unknown content has it, may be
  /// one of a program of the image: then it is judged in that program.
  bool judge_in_program(Module& module) {
    loader::LoadRequest request = request_for(module);
    const model::Host* host = host_of(module);
    if (host != nullptr) request.host.provides = host->provides;
    if (host != nullptr && brings_runtime(facts_of(module), *host)) request.host.provides.clear();
    const Module* program = programs_.find_host(facts_of(module), request.host, target_);
    if (program == nullptr || "/" + program->path == request.host.executable_path) return false;
    const model::ElfFacts& facts = facts_of(*program);
    request.host.executable = &facts;
    request.host.executable_path = "/" + program->path;
    request.host.exports_unknown = false;
    run_load(module, request);
    if (host == nullptr) module.host = "unknown";
    module.confidence = std::max(module.confidence, model::Confidence::likely);
    module.load.confidence = module.confidence;
    module.load.assumptions.push_back("/" + program->path + " loads it");
    return true;
  }

  static bool lacks_or_assumes(const Module& module) {
    return module.load.confidence != model::Confidence::certain ||
           std::any_of(
               module.load.errors.begin(), module.load.errors.end(), [](const LoadError& error) {
                 return error.kind == model::LoadErrorKind::symbol_missing && error.version.empty();
               });
  }

  void judge_directly(Module& module) {
    judge_alone(module);
    if (module.role == Role::plugin) {
      const bool in_program = lacks_or_assumes(module) && judge_in_program(module);
      if (!in_program && host_of(module) == nullptr) judge_strictly(module);
    }
    for (const model::LibraryResolution& library : module.load.libraries)
      if (library.source == model::LibrarySource::image) needers_[library.path].push_back(&module);
  }

  /// A library's own load gives its dependencies; which of its errors are real is decided by the
  /// loads in which it takes part.
  void judge_library(Module& module) {
    const auto found = needers_.find(module.path);
    if (found == needers_.end()) {
      if (const auto passed = passed_over_needers_.find(module.path);
          passed != passed_over_needers_.end()) {
        module.disposition = Disposition::inert;
        module.disposition_reason =
            "only " + passed->second->path + " needs it, which is not used on musl";
        return;
      }
    }
    if (found != needers_.end()) module.host = found->second.front()->host;
    judge_alone(module);
    if (found == needers_.end()) {
      if (!lacks_or_assumes(module) || !judge_in_program(module)) judge_strictly(module);
      return;
    }
    keep_real_errors(module, found->second);
  }

  static void keep_real_errors(Module& module, const std::vector<const Module*>& needers) {
    if (module.outcome == Outcome::unknown) return;
    std::set<std::string_view> closure{module.path};
    for (const model::LibraryResolution& library : module.load.libraries)
      if (library.source == model::LibrarySource::image) closure.insert(library.path);
    std::vector<LoadError> errors;
    for (const Module* needer : needers)
      for (const LoadError& error : needer->load.errors) {
        // Two needers may open the library under two names: the texts differ, the error is one.
        const auto is_same = [&](const LoadError& other) {
          return other.kind == error.kind && other.subject == error.subject &&
                 other.needed_by == error.needed_by;
        };
        const bool known = std::any_of(errors.begin(), errors.end(), is_same);
        if (!known && closure.contains(error.needed_by)) errors.push_back(error);
      }
    module.load.errors = std::move(errors);
    module.outcome = outcome_of(module.load.errors, module.role);
    module.load.outcome = module.outcome;
  }

  static void judge_strictly(Module& module) {
    module.host = "unknown";
    module.confidence = std::max(module.confidence, model::Confidence::likely);
    module.load.confidence = module.confidence;
    module.load.assumptions.emplace_back("its host is not known; judged as dlopen(RTLD_NOW)");
  }

  std::vector<Module>& modules_;
  const ImageFacts& image_;
  const MovedFiles& files_;
  const target::Target& target_;
  const rules::RuleSet& rules_;
  const loader::OldLibraries old_libraries_;
  Programs programs_;
  const model::ElfFacts any_program_;
  std::string library_path_;
  std::vector<std::string> preload_;
  std::string own_preload_;  ///< that the image's environment does not have
  std::map<std::string, loader::HostProcess, std::less<>> processes_;
  std::map<std::string, std::vector<const Module*>, std::less<>> needers_;
  std::map<std::string, const Module*, std::less<>> passed_over_needers_;
  mutable loader::SymbolIndexCache indexes_;
};

}  // namespace

void judge_modules(std::vector<Module>& modules, const ImageFacts& image, const MovedFiles& files,
                   const target::Target& target, const rules::RuleSet& rules,
                   const std::string& preload) {
  Judge(modules, image, files, target, rules, preload).run();
}

}  // namespace muslcheck::migrate
